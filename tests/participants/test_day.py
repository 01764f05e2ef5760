"""The professional's Monday: whom to call and why, one tap and back again, the people, and handing them over."""

import re
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import Key
from fieldlab.lib.errors import DomainError
from fieldlab.lib.phones import display
from participants.actions.caseload import hand_over_people, stand_in
from participants.actions.day import again_at, record_call, take_back
from participants.actions.to_call import to_call
from participants.models import (
    Appointment,
    Call,
    Caller,
    CallRequest,
    CallResult,
    FollowUp,
    HandOver,
    Participant,
    ParticipantAccess,
    PlanStep,
    Professional,
    TalkPlace,
    TalkRoom,
)
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import make_participant, make_professional
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Amsterdam")


def clock(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def ask(first_name="Hassan", *, days_ago=6, area=None, phone="+31200002114"):
    request = CallRequest(pk=uuid.uuid4(), area=area or NeighbourhoodFactory(), asked_at=timezone.now() - timedelta(days=days_ago))
    request.ends_at = request.asked_at + timedelta(days=14)
    key = Key.new(request.pk.bytes)
    request.seal(asdict(Caller(phone=phone, first_name=first_name, language="ar")), key)
    request.wrap(key)
    with person_context(LinkActor(request.pk, "call me")):
        request.save(force_insert=True)
    return request


def talk(user, participant, begins, status="booked"):
    place = TalkPlace.objects.create(own_name="Huis aan het Plein", own_address="Plein 1", own_area=NeighbourhoodFactory())
    room, ends = TalkRoom.objects.create(place=place, name="Kamer 2"), begins + timedelta(minutes=60)
    with person_context(SystemActor("a test")):
        return Appointment.objects.create(
            participant=participant, professional=Professional.objects.get(user=user), kind="first", place=place, room=room,
            begins=begins, ends=ends, occupied=(begins, ends), status=status, booked_by="professional", booked_at=timezone.now(),
        )  # fmt: skip


def read(user, address, **query):
    return signed_in(user).get(address, query).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def listed(user):
    with person_context(UserActor(user, "professional")):
        waiting, called = to_call(user, timezone.now())
    return [each.name for each in waiting], [each.name for each in called]


def tap(user, about, result):
    return signed_in(user).post("/vandaag/gebeld/", {"about": about, "result": result})


def test_when_somebody_is_tried_again():
    assert again_at(CallResult.NO_ANSWER, clock(23, 10)) == clock(24, 9)
    assert again_at(CallResult.LATER, clock(23, 10)) == clock(23, 13)
    assert again_at(CallResult.LATER, clock(23, 16)) == clock(24, 9)
    assert again_at(CallResult.SPOKEN, clock(23, 10)) is None
    # The night that the clock goes back: nine in the morning stays nine
    assert again_at(CallResult.NO_ANSWER, datetime(2026, 10, 24, 12, tzinfo=ZONE)) == datetime(2026, 10, 25, 9, tzinfo=ZONE)


def test_the_longest_waiting_comes_first_and_why_is_said(user):
    ask("Hassan", days_ago=6)
    ask("", days_ago=1)
    make_participant(user, first_name="Petra", last_name="Visser")
    body = read(user, "/vandaag/")
    assert body.index("Hassan") < body.index("zonder naam") < body.index("Petra V.")
    assert "6 dagen" in body
    assert "Arabisch" in body
    assert display("+31200002114") in body
    assert "Visser" not in body, "a last name is not for a screen that others may see"


def test_one_tap_takes_somebody_off_the_list_and_another_puts_them_back(user):
    request = ask("Hassan")
    tap(user, f"verzoek:{request.pk}", "no_answer")
    assert listed(user) == ([], ["Hassan"])
    with person_context(UserActor(user, "professional")):
        call = Call.objects.get()
        request.refresh_from_db()
        assert request.call_after == call.again_at > timezone.now()
    body = read(user, "/vandaag/")
    assert "Geen gehoor om" in body
    signed_in(user).post("/vandaag/gebeld/", {"undo": call.pk})
    assert listed(user) == (["Hassan"], [])


def test_who_did_not_answer_is_back_tomorrow_and_it_shows_that_somebody_called(user):
    with time_machine.travel(clock(23, 10), tick=False):
        request = ask("Hassan")
        tap(user, f"verzoek:{request.pk}", "no_answer")
    with time_machine.travel(clock(24, 8, 59), tick=False):
        assert listed(user) == ([], [])
    with time_machine.travel(clock(24, 9, 1), tick=False):
        assert listed(user) == (["Hassan"], [])
        assert "1 keer gebeld" in read(user, "/vandaag/")


def test_tomorrow_unconfirmed_missed_and_agreed_moments_are_on_the_list(user):
    with time_machine.travel(clock(23, 10), tick=False):
        tomorrow, missed, asked, quiet = (make_participant(user, first_name=name) for name in ("Amina", "Karim", "Lucia", "Rust"))
        talk(user, tomorrow, clock(24, 14))
        talk(user, missed, clock(20, 14), status="missed")
        talk(user, quiet, clock(26, 14))
        talk(user, asked, clock(10, 14), status="came")
        with person_context(UserActor(user, "professional")):
            FollowUp.objects.create(participant=asked, on=clock(22, 1).date(), professional=user)
        names, _called = listed(user)
        assert sorted(names) == ["Amina", "Karim", "Lucia"]
        body = read(user, "/vandaag/")
        assert "Morgen om 14.00 uur" in body


def test_who_was_spoken_about_tomorrow_has_confirmed_and_the_tap_can_be_taken_back(user):
    with time_machine.travel(clock(23, 10), tick=False) as traveller:
        participant = make_participant(user)
        appointment = talk(user, participant, clock(24, 14))
        tap(user, f"afspraak:{appointment.pk}", "spoken")
        with person_context(UserActor(user, "professional")):
            appointment.refresh_from_db()
            participant.refresh_from_db()
            assert appointment.confirmed_at == participant.last_contact_at == timezone.now()
        assert listed(user)[0] == []
        with person_context(UserActor(user, "professional")):
            call = Call.objects.get()
            take_back(call=call, caller=user, at=timezone.now())
            appointment.refresh_from_db()
            assert appointment.confirmed_at is None
        tap(user, f"afspraak:{appointment.pk}", "spoken")
        traveller.shift(timedelta(hours=13))
        with person_context(UserActor(user, "professional")), pytest.raises(DomainError):
            take_back(call=Call.objects.get(), caller=user, at=timezone.now())


def test_a_place_that_did_not_answer_is_called_at_its_own_number(user):
    participant, place = make_participant(user), InitiativeFactory(name="Naaiatelier De Draad", phone="+31200007703")
    at = timezone.now()
    with person_context(UserActor(user, "professional")):
        step = PlanStep.objects.create(participant=participant, kind="initiative", initiative=place, created_at=at, updated_at=at)
        HandOver.objects.create(
            participant=participant, step=step, initiative=place, professional=user, comes_at=at + timedelta(days=2),
            asked_at=at - timedelta(days=4), answer_by=at - timedelta(days=1), state="unanswered",
        )  # fmt: skip
    body = read(user, "/vandaag/")
    assert "Naaiatelier De Draad gaf geen antwoord." in body
    assert display("+31200007703") in body


def test_who_could_not_be_told_of_a_change_is_called_about_it_once(user):
    participant = make_participant(user, first_name="Amina", phone="+31200002114")
    appointment = talk(user, participant, timezone.now() + timedelta(days=5))
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=appointment.pk).update(to_tell_since=timezone.now())
    assert "Weet nog niet: de afspraak is op" in read(user, "/vandaag/")
    tap(user, f"afspraak:{appointment.pk}", "spoken")
    assert listed(user)[0] == []


def test_nothing_of_another_is_tapped(user):
    other = make_professional()
    participant = make_participant(other)
    appointment = talk(other, participant, timezone.now() + timedelta(days=1))
    for about in (f"mens:{participant.pk}", f"afspraak:{appointment.pk}", f"overdracht:{uuid.uuid4()}", f"verzoek:{uuid.uuid4()}"):
        assert tap(user, about, "spoken").status_code == 404
    for about in ("", "mens:", "mens:x", "iets:1", f"mens:{participant.pk}\x00"):
        assert tap(user, about, "spoken").status_code == 404
    assert tap(other, f"mens:{participant.pk}", "onzin").status_code == 404
    with person_context(SystemActor("a test")):
        assert not Call.objects.exists()


def test_every_name_on_the_list_is_logged_as_looked_at(user):
    make_participant(user, first_name="Petra")
    participant = make_participant(user, first_name="Amina")
    talk(user, participant, timezone.now() + timedelta(minutes=5))
    signed_in(user).get("/vandaag/")
    signed_in(user).get(f"/deelnemers/{participant.pk}/")
    signed_in(user).get("/deelnemers/")
    with person_context(SystemActor("a test")):
        seen = set(AccessRecord.objects.filter(user=user, participant_id=participant.pk).values_list("reason", flat=True))
    assert seen == {"talks of this week", "helps this person", "the list of their people"}


def test_a_name_or_a_code_is_found_among_ones_own_people_only(user):
    participant = make_participant(user, first_name="Amina", last_name="Warsame")
    make_participant(make_professional(), first_name="Amina", last_name="Vreemd")
    client = signed_in(user)
    body = client.post("/deelnemers/", {"naam": "WARSA"}).content.decode()
    assert "Amina Warsame" in body
    assert "Vreemd" not in body
    assert "Amina Warsame" in client.post("/deelnemers/", {"naam": participant.code}).content.decode()
    assert "heet" in client.post("/deelnemers/", {"naam": "=cmd()'\"<b>ß"}).content.decode()


def test_ones_overview_begins_with_the_day_in_figures_and_looks_at_nobody(user):
    participant = make_participant(user)
    make_participant(user)
    MemberFactory(user=user, initiative=InitiativeFactory(name="Buurtkeuken"))
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=ZONE), tick=False):
        talk(user, participant, timezone.now() + timedelta(hours=2))
        body = " ".join(signed_in(user).get("/mijn/").content.decode().split())
    assert "<b>1</b> te bellen" in body
    assert "<b>1</b> gesprek" in body
    assert body.index("Uw dag") < body.index("Buurtkeuken")
    with person_context(SystemActor("a test")):
        assert not AccessRecord.objects.filter(user=user, participant_id=participant.pk).exists()


def test_a_name_that_is_looked_for_stands_in_no_address(user):
    """Not in that of the page, nor in what the page leads to: an address is kept, logged and passed on."""
    for number in range(41):
        make_participant(user, first_name="Amina", last_name=f"Warsame {number}")
    client = signed_in(user)
    answer = client.post("/deelnemers/", {"naam": "warsame"})
    assert "Pagina 1 van 2" in answer.content.decode()
    addresses = re.findall(r'(?:href|action|formaction)="([^"]*)"|name="next"\s+value="([^"]*)"', answer.content.decode())
    assert [each for each in addresses if "warsame" in "".join(each).lower()] == []
    assert "Pagina 2 van 2" in client.post("/deelnemers/", {"naam": "warsame", "page": "2"}).content.decode()
    assert "Pagina 1 van 2" in client.get("/deelnemers/", {"naam": "niemand"}).content.decode(), "an address finds nobody"
    for other in (Client(), Client(enforce_csrf_checks=True), signed_in(UserFactory())):
        answer = other.post("/deelnemers/", {"naam": "warsame"})
        assert answer.status_code in (302, 403, 404)
        assert "warsame" not in (answer.content.decode() + answer.headers.get("Location", "")).lower()


@pytest.mark.parametrize("address", ["/vandaag/", "/deelnemers/", "/deelnemers/overdragen/"])
def test_lists_ask_no_more_of_the_database_the_longer_they_are(user, address):
    def one_more():
        participant = make_participant(user)
        with person_context(UserActor(user, "professional")):
            FollowUp.objects.create(participant=participant, on=timezone.localdate(), professional=user)
        person = make_participant(user)
        talk(user, person, timezone.now() + timedelta(hours=2 * next(hours)))
        make_participant(user)
        ask(area=area)

    area, hours = NeighbourhoodFactory(), count(1)
    assert_constant_queries(signed_in(user), address, one_more)


def test_a_person_page_asks_no_more_for_three_of_everything(user):
    participant = make_participant(user)
    at = timezone.now()

    def one_more():
        with person_context(UserActor(user, "professional")):
            number = FollowUp.objects.count()
            FollowUp.objects.create(participant=participant, on=timezone.localdate() + timedelta(days=number), professional=user)
            place = InitiativeFactory()
            PlanStep.objects.create(participant=participant, kind="initiative", initiative=place, created_at=at, updated_at=at)
            record_call(participant=participant, caller=user, result=CallResult.NO_ANSWER, at=at)
        talk(user, participant, at + timedelta(days=number + 1))

    assert_constant_queries(signed_in(user), f"/deelnemers/{participant.pk}/", one_more)


# --- Handing over


def form(taker, *people, **values):
    given = {
        "people": [str(each.pk) for each in people],
        "taker": taker and Professional.objects.get(user=taker).pk,
        "how": "good",
        **values,
    }
    return {name: value for name, value in given.items() if value is not None}


def test_people_and_their_talks_go_to_a_colleague_together(user):
    colleague = make_professional(name="Karim")
    amina, petra = make_participant(user, first_name="Amina"), make_participant(user, first_name="Petra")
    appointment = talk(user, amina, timezone.now() + timedelta(days=2))
    response = signed_in(user).post("/deelnemers/overdragen/", form(colleague, amina, petra))
    assert response.status_code == 302
    assert signed_in(user).get(f"/deelnemers/{amina.pk}/").status_code == 404
    assert signed_in(colleague).get(f"/deelnemers/{amina.pk}/").status_code == 200
    with person_context(SystemActor("a test")):
        appointment.refresh_from_db()
        assert (appointment.professional.user, appointment.sequence) == (colleague, 1)


def test_all_or_nobody_when_the_colleague_has_another_talk_then(user):
    colleague = make_professional(name="Karim")
    amina, petra = make_participant(user, first_name="Amina"), make_participant(user, first_name="Petra")
    begins = timezone.now() + timedelta(days=2)
    talk(user, petra, begins)
    talk(colleague, make_participant(colleague), begins)
    response = signed_in(user).post("/deelnemers/overdragen/", form(colleague, amina, petra))
    assert response.status_code == 422
    assert "Karim heeft" in response.content.decode()
    with person_context(UserActor(user, "professional")):
        assert Participant.objects.visible_to(user).count() == 2


def test_who_stands_in_sees_them_until_the_day_that_was_said(user):
    colleague, amina = make_professional(), None
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        amina = make_participant(user)
        until = timezone.localdate() + timedelta(days=3)
        assert signed_in(user).post("/deelnemers/overdragen/", form(colleague, amina, how="while", until=until)).status_code == 302
        assert signed_in(user).get(f"/deelnemers/{amina.pk}/").status_code == 200
        assert signed_in(colleague).get(f"/deelnemers/{amina.pk}/").status_code == 200
        with person_context(SystemActor("a test")):
            access = ParticipantAccess.objects.get(user=colleague)
            assert timezone.localtime(access.until).date() == until + timedelta(days=1)
        assert traveller is not None


def test_what_is_missing_is_said_and_what_was_chosen_stays(user):
    amina = make_participant(user)
    client = signed_in(user)
    for values in ({"taker": ""}, {"people": []}, {"how": ""}, {"how": "while"}, {"how": "while", "until": "2020-01-01"}):
        response = client.post("/deelnemers/overdragen/", {**form(make_professional(), amina), **values})
        assert response.status_code == 422, values
    body = client.post("/deelnemers/overdragen/", {**form(make_professional(), amina), "taker": ""}).content.decode()
    assert f'value="{amina.pk}"' in body
    assert "checked" in body


def test_whoever_decides_on_benefits_is_no_colleague_to_choose(user):
    decider = UserFactory(decides=True)
    role = Professional.objects.create(user=decider, since=timezone.now())
    amina = make_participant(user)
    assert signed_in(user).post("/deelnemers/overdragen/", {**form(None, amina), "taker": role.pk}).status_code == 422
    with person_context(UserActor(user, "professional")), pytest.raises(DomainError):
        hand_over_people(participants=[amina], giver=user, taker=role, at=timezone.now())
    with person_context(UserActor(user, "professional")), pytest.raises(DomainError):
        stand_in(participants=[amina], giver=user, taker=role, until=timezone.now() + timedelta(days=1))
