"""Booking where it goes otherwise: who loses a race, who stands in, what an interpreter hears, which times a team may not take."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import ask_for_interpreter
from participants.actions.caseload import hand_over_people, stand_in
from participants.actions.consents import answer_consent
from participants.actions.waiting import lay_down, pass_on_offers, wish_earlier
from participants.models import AccessReason, Answer, Appointment, Participant, ParticipantAccess, Purpose
from participants.notifications.links import appointment_token
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import MemberFactory
from tests.factories.participants import access_of, consent_text, give_own_account, make_participant, make_professional
from tests.factories.talks import agreed, choice, make_appointment, make_hours, make_room, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver():
    return make_professional(name="Joost Bakker")


@pytest.fixture
def team():
    """One member of an initiative: (user, initiative)."""
    member = MemberFactory()
    return member.user, member.initiative


def system():
    return person_context(SystemActor("a test"))


def offered(response):
    return re.findall(r'name="keuze"\s+value="([^"]*)"', response.content.decode())


def booked(participant):
    with system():
        return list(Appointment.objects.filter(participant=participant, status="booked"))


def first_button(response):
    """Where the first form with a choice goes, and what it sends."""
    forms = re.findall(r'<form method="post"\s+action="([^"]*)"[^>]*>(.*?)</form>', response.content.decode(), re.DOTALL)
    action, inside = next((action, inside) for action, inside in forms if 'name="keuze"' in inside)
    return action.replace("&amp;", "&"), dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', inside))


# --- Who was just too late


def test_who_loses_a_move_at_the_desk_moves_by_one_tap_and_books_no_second(fatma, room):
    participant = make_participant(fatma.user)
    appointment = make_appointment(participant, fatma, room, weekday(2, 9), kind="plan")
    make_appointment(make_participant(fatma.user), fatma, room, weekday(4, 9))
    client, address = signed_in(fatma.user), reverse("appointment_new", args=[participant.pk])
    lost = client.post(address, {"keuze": choice(fatma, room, weekday(4, 9)), "verzet": appointment.pk, "interpreter": ""})
    assert lost.status_code == 409
    client.post(*first_button(lost))
    (now,) = booked(participant)
    assert (now.pk, now.kind) == (appointment.pk, "plan")
    assert now.begins not in (weekday(2, 9), weekday(4, 9))


def test_who_loses_a_move_by_link_is_offered_times_of_the_same_professional(fatma, room):
    colleague = make_hours(make_professional(), make_room())
    participant = make_participant(fatma.user)
    appointment = make_appointment(participant, fatma, room, weekday(10, 9))
    make_appointment(make_participant(fatma.user), fatma, room, weekday(4, 9))
    link = reverse("appointment_link", args=[appointment_token(appointment)])
    lost = Client().post(link, {"wat": "verzetten", "keuze": choice(fatma, room, weekday(4, 9))})
    assert lost.status_code == 409
    assert offered(lost)
    assert {each.split("-")[1] for each in offered(lost)} == {str(fatma.pk)}
    assert str(colleague.pk) not in {each.split("-")[1] for each in offered(lost)}
    Client().post(*first_button(lost))
    (now,) = booked(participant)
    assert now.begins not in (weekday(10, 9), weekday(4, 9))


def test_a_professional_without_hours_leaves_no_button_that_does_nothing(fatma, room):
    make_hours(make_professional(), make_room())
    participant = make_participant(fatma.user)
    appointment = make_appointment(participant, fatma, room, weekday(10, 9))
    fatma.availabilities.update(opening_hours={"week": []})
    link = reverse("appointment_link", args=[appointment_token(appointment)])
    lost = Client().post(link, {"wat": "verzetten", "keuze": choice(fatma, room, weekday(4, 9))})
    assert lost.status_code == 409
    assert offered(lost) == []


# --- Who stood in, who helps now


def test_who_stands_in_and_books_later_sees_them_until_the_talk(fatma, room, giver):
    participant = make_participant(giver)
    with person_context(UserActor(giver, "professional")):
        stand_in(participants=[participant], giver=giver, taker=fatma, until=timezone.now() + timedelta(days=1))
    appointment = make_appointment(participant, fatma, room, weekday(5, 9))
    access = access_of(participant, fatma.user)
    assert access.until is None or access.until > appointment.ends


def test_a_participant_books_on_with_who_helps_them_now(fatma, room, giver):
    before, account = make_hours(giver, make_room()), UserFactory()
    participant = make_participant(giver)
    give_own_account(participant, account)
    talk = make_appointment(participant, before, make_room(), weekday(5, 9))
    with system():
        Appointment.objects.filter(pk=talk.pk).update(status="came")
    with person_context(UserActor(giver, "professional")):
        hand_over_people(participants=[participant], giver=giver, taker=fatma, at=timezone.now())
    page = signed_in(account).get(reverse("book")).content.decode()
    assert set(re.findall(r"plek=(\d+)", page)) == {str(room.place_id)}


# --- The interpreter, and an offer that ran out


def test_an_interpreter_who_was_asked_hears_that_none_is_needed(fatma, room, settings):
    settings.INTERPRETER_EMAIL = "tolken@demo.example"
    participant = make_participant(fatma.user, languages=("ar",))
    appointment = make_appointment(participant, fatma, room, weekday(5, 9), interpreter_language="ar")
    OutboxMessage.objects.update(sent_at=timezone.now())
    with person_context(LinkActor(participant.pk, "code")):
        ask_for_interpreter(appointment=appointment, language="", at=timezone.now())
    told = OutboxMessage.objects.get(to="tolken@demo.example", sent_at=None)
    assert "Arabisch" in told.subject, "of the language that was asked for"
    assert "interpreter-cancelled" in told.key


def test_an_offer_that_ran_out_need_not_be_told_by_telephone(user, room):
    soon = weekday(3, 9)
    fatma = make_hours(user, room, {"week": [[soon.weekday(), 540, 600]]})
    participant = make_participant(user, phone="+31200000131")
    appointment = make_appointment(participant, fatma, room, soon + timedelta(weeks=1))
    with person_context(LinkActor(participant.pk, "code")):
        wish_earlier(appointment=appointment, at=timezone.now())
    assert pass_on_offers(at=timezone.now()) == 1
    client = signed_in(user)
    assert "is vrij voor deze persoon" in client.get("/vandaag/").content.decode()
    with system():
        held = Appointment.objects.get(status="held")
    lay_down(at=held.held_until)
    assert "Weet nog niet" not in client.get("/vandaag/").content.decode()


# --- Without consent nobody comes


def test_who_takes_back_their_yes_to_the_details_has_no_talk_any_more(fatma, room):
    participant = make_participant(fatma.user)
    appointment = make_appointment(participant, fatma, room, weekday(5, 9))
    text = consent_text(Purpose.DETAILS)
    with person_context(LinkActor(participant.pk, "code")):
        answer_consent(participant=participant, text=text, answer=Answer.GIVEN, witness=None, at=timezone.now())
        assert [each.pk for each in booked(participant)] == [appointment.pk]
        answer_consent(participant=participant, text=text, answer=Answer.WITHDRAWN, witness=None, at=timezone.now())
    with system():
        assert Appointment.objects.get(pk=appointment.pk).status == "cancelled"


# --- What a team may not


def team_access(participant, initiative, reason, professional):
    with system():
        ParticipantAccess.objects.create(participant=participant, initiative=initiative, reason=reason, granted_by=professional)


def test_a_team_that_receives_somebody_books_no_talk_for_them(team, user):
    member, initiative = team
    participant = make_participant(user)
    stranger, elsewhere = make_professional(), make_room()
    professional = make_hours(stranger, elsewhere)
    team_access(participant, initiative, AccessReason.RECEIVES, user)
    client, address = signed_in(member), reverse("call_for_book", args=[initiative.slug, participant.pk])
    assert client.get(address).status_code == 404
    values = {"keuze": choice(professional, elsewhere, weekday(5, 10)), "interpreter": ""}
    assert client.post(address, values).status_code == 404
    assert booked(participant) == []
    with person_context(UserActor(stranger)):
        assert not Participant.objects.exists()


def test_a_team_makes_no_second_appointment_beside_the_participants_own(team, user):
    member, initiative = team
    participant = make_participant(user)
    team_access(participant, initiative, AccessReason.BROUGHT_IN, user)
    own = agreed(participant, user)
    stranger, elsewhere = make_professional(), make_room()
    professional = make_hours(stranger, elsewhere)
    address = reverse("call_for_book", args=[initiative.slug, participant.pk])
    values = {"keuze": choice(professional, elsewhere, weekday(8, 11)), "interpreter": ""}
    signed_in(member).post(address, values)
    assert [each.pk for each in booked(participant)] == [own.pk]


# --- What somebody can type in an address


@pytest.mark.parametrize("query", ["plek=²", "plek=٣", "keuze=253402300799-{pk}-{room}", "keuze=-1-{pk}-{room}", "keuze=0-{pk}-{room}"])
def test_what_is_no_time_or_place_is_no_fault_of_ours(user, fatma, room, query):
    account, participant = UserFactory(), make_participant(user)
    give_own_account(participant, account)
    query = query.format(pk=fatma.pk, room=room.pk)
    for client, address in ((signed_in(account), reverse("book")), (signed_in(user), reverse("appointment_new", args=[participant.pk]))):
        assert client.get(f"{address}?{query}").status_code in (200, 404)


@pytest.mark.parametrize("moment", ["253402300799", "-1", "99999999999999999999"])
def test_a_time_far_away_is_not_booked(user, fatma, room, moment):
    account, participant = UserFactory(), make_participant(user)
    give_own_account(participant, account)
    values = {"keuze": f"{moment}-{fatma.pk}-{room.pk}", "interpreter": ""}
    for client, address in ((signed_in(account), reverse("book")), (signed_in(user), reverse("appointment_new", args=[participant.pk]))):
        assert client.post(address, values).status_code in (302, 409, 422, 200)
    assert booked(participant) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "²", "%00"])
def test_a_week_far_away_is_a_page(user, fatma, room, day):
    account, participant = UserFactory(), make_participant(user)
    give_own_account(participant, account)
    own, desk = signed_in(account), signed_in(user)
    assert own.get(f"{reverse('book')}?plek={room.place_id}&vanaf={day}").status_code == 200
    assert desk.get(f"{reverse('appointment_new', args=[participant.pk])}?vanaf={day}").status_code == 200
    assert desk.get(f"{reverse('agenda')}?week={day}").status_code == 200
