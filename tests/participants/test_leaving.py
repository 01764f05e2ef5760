"""A professional stops working here: what goes to a colleague, what is cancelled, who is picked up, and how little a coordinator sees."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.calendar import make_feed, open_feed
from participants.actions.caseload import stand_in
from participants.actions.consents import answer_consent, stop_seeing
from participants.actions.day import record_call
from participants.actions.leaving import Leaves, leaves, left, left_for, pick_up, stop_working
from participants.actions.looked import looked, told
from participants.actions.to_call import to_call
from participants.models import Answer, Appointment, AppointmentStatus, CallResult, FollowUp, HandOver, Participant, PersonalCode, Purpose
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory, QuarterFactory
from tests.factories.participants import access_of, consent_text, give_own_account, make_participant, make_professional, stops
from tests.factories.plans import make_plan
from tests.factories.talks import make_appointment, make_hours, make_room, weekday
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
NAME = "Verborgen8812"


@pytest.fixture
def joost():
    return make_professional(name="Joost Bakker")


@pytest.fixture
def fatma():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def coordinator():
    return UserFactory(coordinator=True, name="Coen Coördinator")


@pytest.fixture
def participant(joost):
    return make_participant(joost, first_name=NAME, phone="+31200000132")


def system():
    return person_context(SystemActor("a test"))


def sees(user):
    with person_context(UserActor(user, "professional")):
        return list(Participant.objects.helped_by(user))


def status_of(appointment):
    with system():
        return Appointment.objects.get(pk=appointment.pk).status


def whys(user):
    """What stands on their list to call."""
    with person_context(UserActor(user, "professional")):
        return [line.why for line in to_call(user, timezone.now())[0]]


def lines_of(participant):
    with person_context(LinkActor(participant.pk, "code")):
        return [line.sentence for line in told(participant, looked(participant)[:20])]


# --- What a coordinator sees


def test_a_coordinator_sees_figures_and_nobody(participant, joost, fatma, coordinator):
    make_plan(participant, joost)
    make_appointment(participant, make_hours(joost, make_room()), make_room(), weekday(5, 9))
    with person_context(UserActor(joost, "professional")):
        stand_in(participants=[participant], giver=joost, taker=fatma.professional, until=timezone.now() + timedelta(days=2))
    assert leaves(professional=joost.professional, at=timezone.now()) == Leaves(people=1, alone=1, talks=1, hand_overs=1, follow_ups=1)
    assert leaves(professional=fatma.professional, at=timezone.now()) == Leaves(people=0, alone=0, talks=0, hand_overs=0, follow_ups=0)
    page = signed_in(coordinator).get(reverse("professional_stops", args=[joost.professional.pk])).content.decode()
    assert "1 talk to come" in page or "1 gesprek" in page
    assert NAME not in page
    assert participant.code not in page


@pytest.mark.parametrize("who", ["professional", "decider"])
def test_for_everybody_else_the_pages_are_not_there(joost, fatma, who):
    user = fatma if who == "professional" else UserFactory(coordinator=True, decides=True)
    client, stopping = signed_in(user), reverse("professional_stops", args=[joost.professional.pk])
    assert [client.get(reverse("professionals")).status_code, client.get(stopping).status_code] == [404, 404]
    assert client.post(stopping, {"who": "nobody", "sure": "yes"}).status_code == 404
    with pytest.raises(DomainError):
        stop_working(professional=joost.professional, taker=None, actor=user, at=timezone.now())
    joost.professional.refresh_from_db()
    assert joost.professional.ended_at is None


def test_nothing_happens_before_it_was_said_twice(participant, joost, fatma, coordinator):
    client, address = signed_in(coordinator), reverse("professional_stops", args=[joost.professional.pk])
    assert client.post(address, {"who": "colleague"}).status_code == 422
    answer = client.post(address, {"who": "colleague", "taker": fatma.professional.pk})
    assert answer.status_code == 200
    assert "Fatma Demir" in answer.content.decode()
    assert sees(joost) == [participant]
    values = {"who": "colleague", "taker": fatma.professional.pk, "sure": "yes"}
    assert client.post(address, values).status_code == 302
    assert (sees(joost), sees(fatma)) == ([], [participant])
    # The button pressed twice
    assert client.post(address, values).status_code == 302
    assert sees(fatma) == [participant]


def test_a_colleague_who_decides_on_benefits_or_stopped_is_no_choice(participant, joost, fatma, coordinator):
    address = reverse("professional_stops", args=[joost.professional.pk])
    decider = make_professional(decides_on_benefits=True)
    for taker in (decider, joost):
        answer = signed_in(coordinator).post(address, {"who": "colleague", "taker": taker.professional.pk, "sure": "yes"})
        assert answer.status_code == 422
        with pytest.raises(DomainError):
            stop_working(professional=joost.professional, taker=taker.professional, actor=coordinator, at=timezone.now())
    stops(fatma)
    with pytest.raises(DomainError):
        stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    assert sees(joost) == [participant]


# --- A colleague takes over


def test_a_colleague_gets_people_talks_questions_and_days(participant, joost, fatma, coordinator):
    plan = make_plan(participant, joost)
    appointment = make_appointment(participant, make_hours(joost, make_room()), make_room(), weekday(5, 9))
    with person_context(UserActor(joost, "professional")):
        PersonalCode.objects.create(
            participant=participant, digest="x", issued_by=joost, issued_at=timezone.now(), expires_at=weekday(40, 9)
        )  # fmt: skip
    token = make_feed(professional=joost.professional, at=timezone.now())
    OutboxMessage.objects.update(sent_at=timezone.now())
    stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    with system():
        assert Appointment.objects.get(pk=appointment.pk).professional == fatma.professional
        assert HandOver.objects.get(pk=plan.hand_over.pk).professional == fatma
        assert FollowUp.objects.get(pk=plan.follow_up.pk).professional == fatma
        assert PersonalCode.objects.get().revoked_at is not None
    assert (sees(joost), sees(fatma)) == ([], [participant])
    assert open_feed(token=token, at=timezone.now()) is None
    assert {each.to for each in OutboxMessage.objects.filter(sent_at=None)} >= {joost.email, fatma.email}
    assert any("Coen Coördinator" in line for line in lines_of(participant)), "they read who arranged it"
    assert len(whys(fatma)) == 1, "no message could tell them of the talk: they are called"
    assert signed_in(joost).get(reverse("day")).status_code == 404
    assert left(at=timezone.now()) == []


def test_whoever_takes_over_is_asked_to_say_so(participant, joost, fatma, coordinator):
    stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    (why,) = whys(fatma)
    assert "stop" in why
    with person_context(UserActor(fatma, "professional")):
        record_call(participant=participant, caller=fatma, result=CallResult.SPOKEN, at=timezone.now())
    assert not any("stop" in why for why in whys(fatma))


def test_a_new_role_brings_back_neither_people_nor_the_calendar_address(participant, joost, fatma):
    token = make_feed(professional=joost.professional, at=timezone.now())
    stops(joost)
    type(joost.professional).objects.filter(user=joost).update(ended_at=None)
    assert sees(joost) == []
    assert open_feed(token=token, at=timezone.now()) is None
    assert [each.pk for each in left(at=timezone.now())] == [participant.pk]


def test_of_a_talk_at_the_same_time_nothing_is_done(participant, joost, fatma, coordinator):
    taken, room = make_participant(fatma), make_room()
    make_appointment(participant, make_hours(joost, room), room, weekday(5, 9))
    elsewhere = make_room()
    make_appointment(taken, make_hours(fatma, elsewhere), elsewhere, weekday(5, 9))
    with pytest.raises(DomainError, match="Fatma Demir"):
        stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    assert sees(joost) == [participant]


def test_who_stood_in_gives_their_talk_along_and_the_rest_ends(participant, joost, fatma, coordinator):
    third = make_professional(name="Chris Visser")
    other = make_participant(joost)
    with person_context(UserActor(joost, "professional")):
        stand_in(participants=[participant, other], giver=joost, taker=fatma.professional, until=timezone.now() + timedelta(days=9))
    appointment = make_appointment(participant, make_hours(fatma, make_room()), make_room(), weekday(5, 9))
    stop_working(professional=fatma.professional, taker=third.professional, actor=coordinator, at=timezone.now())
    with system():
        assert Appointment.objects.get(pk=appointment.pk).professional == third.professional
    assert (sees(fatma), sees(third)) == ([], [participant])
    assert set(sees(joost)) == {participant, other}


# --- Nobody takes over


def test_without_a_colleague_talks_are_cancelled_and_they_hear_it(joost, coordinator):
    told_by_mail = make_participant(joost, first_name="Sara", email="sara@demo.example", reach="email")
    to_be_called = make_participant(joost, phone="+31200000132")
    hours = make_hours(joost, make_room(), phone="+31200000199")
    mailed = make_appointment(told_by_mail, hours, make_room(), weekday(5, 9))
    called = make_appointment(to_be_called, hours, make_room(), weekday(5, 13))
    OutboxMessage.objects.update(sent_at=timezone.now())
    stop_working(professional=joost.professional, taker=None, actor=coordinator, at=timezone.now())
    assert [status_of(mailed), status_of(called)] == [AppointmentStatus.CANCELLED, AppointmentStatus.CANCELLED]
    mail = OutboxMessage.objects.get(to="sara@demo.example", sent_at=None)
    assert "020 000 0199" not in str(vars(mail)), "the number of who stopped is answered by nobody"
    with system():
        assert Appointment.objects.get(pk=called.pk).to_tell_since is not None


def test_whoever_is_left_is_picked_up_by_a_colleague_near_them(participant, joost, fatma, coordinator):
    make_plan(participant, joost)
    cancelled = make_appointment(participant, make_hours(joost, make_room()), make_room(), weekday(5, 9))
    stops(joost)
    page = signed_in(fatma).get(reverse("day")).content.decode()
    assert str(participant.pk) in page
    assert NAME not in page
    assert NAME not in signed_in(coordinator).get(reverse("professionals")).content.decode()
    answer = signed_in(fatma).post(reverse("pick_up"), {"wie": str(participant.pk)})
    assert answer.url == reverse("participant", args=[participant.pk])
    assert sees(fatma) == [participant]
    assert left(at=timezone.now()) == []
    with system():
        assert FollowUp.objects.get(participant=participant).professional == fatma
        assert HandOver.objects.get(participant=participant).professional == fatma
    assert status_of(cancelled) == AppointmentStatus.CANCELLED
    assert len(whys(fatma)) == 1, "of one person one line"
    # Once more is once; and for another it is too late
    pick_up(participant_id=participant.pk, professional=fatma.professional, at=timezone.now())
    with pytest.raises(DomainError):
        pick_up(participant_id=participant.pk, professional=make_professional().professional, at=timezone.now())


def test_who_has_another_helper_is_not_left(participant, joost, fatma):
    other = make_participant(fatma)
    stops(joost)
    assert [each.pk for each in left(at=timezone.now())] == [participant.pk]
    assert sees(fatma) == [other]


def test_nobody_picks_up_who_ended_it_themselves(participant, joost, fatma):
    with person_context(LinkActor(participant.pk, "code")):
        stop_seeing(access=access_of(participant, joost), at=timezone.now())
    stops(joost)
    assert left(at=timezone.now()) == []
    with pytest.raises(DomainError):
        pick_up(participant_id=participant.pk, professional=fatma.professional, at=timezone.now())
    assert sees(fatma) == []


def test_who_was_picked_up_and_ends_that_is_not_left_again(participant, joost, fatma):
    stops(joost)
    pick_up(participant_id=participant.pk, professional=fatma.professional, at=timezone.now())
    with person_context(LinkActor(participant.pk, "code")):
        stop_seeing(access=access_of(participant, fatma), at=timezone.now())
    assert left(at=timezone.now()) == []


def test_who_says_no_to_keeping_details_is_not_left(participant, joost, fatma):
    stops(joost)
    with person_context(LinkActor(participant.pk, "code")):
        answer_consent(participant=participant, text=consent_text(Purpose.DETAILS), answer=Answer.REFUSED, witness=None, at=timezone.now())
    assert left(at=timezone.now()) == []


def test_a_professional_of_another_district_is_not_asked_unless_nobody_works_there(joost, fatma):
    east, south, north = (DistrictFactory() for _each in range(3))
    home = NeighbourhoodFactory(parent=QuarterFactory(parent=east))
    chris = make_professional(name="Chris Visser")
    fatma.professional.areas.add(east)
    chris.professional.areas.add(south)
    joost.professional.areas.add(north)
    there, nowhere = make_participant(joost), make_participant(joost)
    with system():
        Participant.objects.filter(pk=there.pk).update(neighbourhood=home)
    stops(joost)

    def near(user):
        return {each.pk for each in left_for(professional=user.professional, at=timezone.now())}

    assert (near(fatma), near(chris)) == ({there.pk, nowhere.pk}, {nowhere.pk})
    with pytest.raises(DomainError):
        pick_up(participant_id=there.pk, professional=chris.professional, at=timezone.now())
    stops(fatma)
    assert near(chris) == {there.pk, nowhere.pk}


def test_lists_ask_the_database_as_often_for_three_as_for_one(fatma, coordinator):
    client, day = signed_in(coordinator), signed_in(fatma)

    def add():
        user = make_professional()
        make_professional()
        make_participant(user)
        stops(user)

    assert_constant_queries(client, reverse("professionals"), add)
    assert_constant_queries(day, reverse("day"), add)


def test_whoever_closed_the_door_before_is_not_handed_to_the_taker(joost, fatma, coordinator, participant):
    with system():
        access = access_of(participant, joost)
        FollowUp.objects.create(participant=participant, professional=joost, on=timezone.localdate())
    with person_context(LinkActor(participant.pk, "code")):
        stop_seeing(access=access, at=timezone.now())
    assert stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    assert sees(fatma) == []


def test_a_coordinator_hands_nobody_to_themselves(participant, joost, fatma, coordinator):
    also_coordinator = make_professional(name="Bea Beide", coordinator=True)
    page = signed_in(also_coordinator).get(reverse("professional_stops", args=[joost.professional.pk])).content.decode()
    assert "Fatma Demir" in page
    assert f'value="{also_coordinator.professional.pk}"' not in page
    with pytest.raises(DomainError):
        stop_working(professional=joost.professional, taker=also_coordinator.professional, actor=also_coordinator, at=timezone.now())
    assert (sees(joost), sees(also_coordinator)) == ([participant], [])


@pytest.mark.parametrize("everywhere", [True, False])
def test_who_decides_on_benefits_covers_no_area(joost, fatma, everywhere):
    east, south = DistrictFactory(), DistrictFactory()
    decider = make_professional(decides_on_benefits=True)
    if not everywhere:
        decider.professional.areas.add(east)
    fatma.professional.areas.add(south)
    joost.professional.areas.add(south)
    there = make_participant(joost)
    with system():
        Participant.objects.filter(pk=there.pk).update(neighbourhood=NeighbourhoodFactory(parent=QuarterFactory(parent=east)))
    stops(joost)
    assert [each.pk for each in left_for(professional=fatma.professional, at=timezone.now())] == [there.pk]


def test_many_elsewhere_hide_nobody_here(joost, fatma, monkeypatch):
    monkeypatch.setattr("participants.actions.leaving.MOST", 1)
    east, west = DistrictFactory(), DistrictFactory()
    chris = make_professional(name="Chris Visser")
    fatma.professional.areas.add(east)
    chris.professional.areas.add(west)
    people = [make_participant(joost) for _each in range(3)]
    for participant, district in zip(people, (west, west, east), strict=True):
        with system():
            home = NeighbourhoodFactory(parent=QuarterFactory(parent=district))
            Participant.objects.filter(pk=participant.pk).update(neighbourhood=home)
    stops(joost)
    assert [each.pk for each in left_for(professional=fatma.professional, at=timezone.now())] == [people[2].pk]
    assert len(left_for(professional=chris.professional, at=timezone.now())) == 1
    for participant in people[:2]:
        pick_up(participant_id=participant.pk, professional=chris.professional, at=timezone.now())
    assert set(sees(chris)) == set(people[:2])


def test_who_still_expects_a_talk_comes_first_and_it_is_said(joost, fatma, coordinator):
    other = make_professional()
    waits_longer, expects = make_participant(other), make_participant(joost, phone="+31200000132")
    begins = weekday(5, 9)
    make_appointment(expects, make_hours(joost, make_room()), make_room(), begins)
    stops(other)
    stops(joost)
    (first, second) = left_for(professional=fatma.professional, at=timezone.now())
    assert (first.pk, first.untold, second.pk, second.untold) == (expects.pk, begins, waits_longer.pk, None)
    assert "Weet nog niet dat het gesprek van" in signed_in(fatma).get(reverse("day")).content.decode()
    assert "1 van hen weet nog niet" in signed_in(coordinator).get(reverse("professionals")).content.decode()
    pick_up(participant_id=expects.pk, professional=fatma.professional, at=timezone.now())
    assert "1 van hen weet nog niet" not in signed_in(coordinator).get(reverse("professionals")).content.decode()


def test_nobody_is_offered_themselves(joost, fatma):
    own = make_participant(joost)
    give_own_account(own, fatma)
    stops(joost)
    assert left_for(professional=fatma.professional, at=timezone.now()) == []


def test_whether_a_talk_of_who_stopped_took_place_says_whoever_helps_now(participant, joost, fatma, coordinator):
    begins = weekday(5, 9)
    appointment = make_appointment(participant, make_hours(joost, make_room()), make_room(), begins)
    with time_machine.travel(begins + timedelta(minutes=10)):
        stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
        with system():
            Appointment.objects.filter(pk=appointment.pk).update(professional=joost.professional)
        client, page = signed_in(fatma), reverse("participant", args=[participant.pk])
        assert "Ging dit gesprek door?" in client.get(page).content.decode()
        client.post(reverse("agenda"), {"afspraak": appointment.pk, "wat": "kwam", "van": "mens"})
        assert status_of(appointment) == AppointmentStatus.CAME
        assert "Ging dit gesprek door?" not in client.get(page).content.decode()


def test_who_stopped_gets_no_button_to_a_page_that_is_closed_to_them(participant, joost):
    make_appointment(participant, make_hours(joost, make_room()), make_room(), weekday(5, 9))
    OutboxMessage.objects.update(sent_at=timezone.now())
    stops(joost)
    mail = OutboxMessage.objects.get(to=joost.email, sent_at=None)
    assert "METHOD:CANCEL" in mail.calendar
    assert reverse("agenda") not in mail.text


def test_the_second_of_two_coordinators_is_not_told_that_their_choice_was_made(joost, fatma, coordinator):
    address = reverse("professional_stops", args=[joost.professional.pk])
    client = signed_in(coordinator)
    stops(joost)
    answer = client.post(address, {"who": "colleague", "taker": fatma.professional.pk, "sure": "yes"}, follow=True).content.decode()
    assert "neemt het over" not in answer


def test_a_new_helper_stays_on_the_list_until_there_was_contact(participant, joost, fatma, coordinator):
    stop_working(professional=joost.professional, taker=fatma.professional, actor=coordinator, at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert "stop" in whys(fatma)[0]
        with system():
            Participant.objects.filter(pk=participant.pk).update(last_contact_at=timezone.now())
        assert not any("stop" in why for why in whys(fatma))
