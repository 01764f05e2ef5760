"""Whom to call, at the edges: what is logged, what a call changes, who hears what a place said, and whom a flood of requests hides."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions import grant_access, hand_over_answers, hand_overs
from participants.actions.calls import take_back
from participants.actions.day import record_call, record_request_call
from participants.actions.glass import break_glass
from participants.actions.looked import looked, told
from participants.models import AccessReason, CallRequest, CallResult, FollowUp, HandOver, Participant
from participants.notifications.hand_overs import link_of
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import ask_for_call, make_participant, make_professional
from tests.factories.plans import allow_sharing, make_hand_over, make_plan, make_step
from tests.factories.talks import make_appointment, make_hours, make_room, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

CALL_ME = "/bel-mij/"


@pytest.fixture
def place():
    """With somebody in its team, who is told of each request."""
    return MemberFactory().initiative


def system():
    return person_context(SystemActor("a test"))


def day(user):
    return signed_in(user).get("/vandaag/").content.decode()


def now_of(hand_over):
    with system():
        return HandOver.objects.with_place().select_related("participant__key", "step").get(pk=hand_over.pk)


def says(hand_over, answer, **more):
    with system():
        found = HandOver.objects.get(pk=hand_over.pk)
        return hand_over_answers.answer(hand_over=found, answer=answer, revision=found.revision, at=timezone.now(), **more)


def sent_to(participant):
    return list(OutboxMessage.objects.filter(key__startswith=f"to:{participant.pk}:", failed_at=None).order_by("pk"))


# --- What is looked at, and what a call changes


def test_who_is_not_on_the_list_is_not_logged_as_looked_at(user):
    with time_machine.travel(timezone.now() - timedelta(days=6)):
        participant = make_participant(user, first_name="Zonnebloem")
    with time_machine.travel(timezone.now() - timedelta(days=5)), person_context(UserActor(user, "professional")):
        record_call(participant=participant, caller=user, result=CallResult.SPOKEN, at=timezone.now())
    assert "Zonnebloem" not in day(user)
    with system():
        assert not AccessRecord.objects.filter(participant_id=participant.pk, reason="who to call today").exists()


def test_calling_a_place_is_no_contact_with_the_participant(user):
    participant = make_participant(user)
    plan, told = make_plan(participant, user), timezone.now() - timedelta(days=1)
    with system():
        Participant.objects.filter(pk=participant.pk).update(told_of_erasure_at=told, last_contact_at=told - timedelta(days=700))
        FollowUp.objects.filter(pk=plan.follow_up.pk).update(on=timezone.localdate())
    with person_context(UserActor(user, "professional")):
        record_call(participant=participant, caller=user, result=CallResult.SPOKEN, at=timezone.now(), hand_over=plan.hand_over)
    with system():
        now = Participant.objects.get(pk=participant.pk)
        assert (now.told_of_erasure_at, now.last_contact_at) == (told, told - timedelta(days=700))
        assert FollowUp.objects.get(pk=plan.follow_up.pk).done_at is None


def test_the_log_tells_a_place_from_the_person_who_was_called_about_its_answer(user):
    participant = make_participant(user)
    plan = make_plan(participant, user)
    with person_context(UserActor(user, "professional")):
        record_call(participant=participant, caller=user, result=CallResult.SPOKEN, at=timezone.now(), hand_over=plan.hand_over)
    says(plan.hand_over, "yes")
    with person_context(UserActor(user, "professional")):
        asked = now_of(plan.hand_over)
        record_call(participant=participant, caller=user, result=CallResult.SPOKEN, at=timezone.now(), hand_over=asked)
    with person_context(LinkActor(participant.pk, "code")):
        lines = [line.sentence for line in told(participant, looked(participant))]
    called = [line for line in lines if " belde " in line]
    assert len(called) == 2
    assert [" een plek" in line for line in called] == [False, True], "newest first"


def test_a_request_that_was_taken_back_in_between_is_said(user):
    pk = ask_for_call(area=NeighbourhoodFactory())
    with system():
        request = CallRequest.objects.get(pk=pk)
    take_back(request_id=pk)
    with person_context(UserActor(user, "professional")), pytest.raises(DomainError):
        record_request_call(request=request, caller=user, result=CallResult.SPOKEN, at=timezone.now())


def test_everybody_who_helps_has_them_on_the_list_when_they_must_be_told(user):
    other = make_professional()
    participant = make_participant(user, phone="+31200000131", reach="call", first_name="Zonnebloem")
    with system():
        grant_access(participant=participant, user=other, reason=AccessReason.SUPPORT, actor=None)
    why = "De deelnemer belde en heeft vandaag nog hulp nodig"
    break_glass(coordinator=UserFactory(coordinator=True), code=participant.code, why=why, at=timezone.now())
    for helper in (user, other):
        assert "Moet horen dat de gegevens in een noodgeval zijn geopend." in day(helper)


# --- What a place said


def test_a_professional_hears_that_the_participant_does_not_go(user):
    participant = make_participant(user)
    plan = make_plan(participant, user)
    OutboxMessage.objects.update(sent_at=timezone.now())
    with person_context(LinkActor(participant.pk, "code")):
        hand_overs.withdraw(hand_over=HandOver.objects.get(pk=plan.hand_over.pk), at=timezone.now())
    told = OutboxMessage.objects.get(to=user.email, sent_at=None)
    assert str(participant.pk) in told.text, "the way to the plan"


def test_who_was_not_at_the_table_is_asked_whether_it_suits_them(user):
    participant = make_participant(user, email="p@demo.example", reach="email")
    allow_sharing(participant, user)
    step = make_step(participant, user, initiative=InitiativeFactory())
    hand_over = make_hand_over(step, user, participant_agrees=False)
    assert not says(hand_over, "yes").stands
    (asked,) = sent_to(participant)
    assert asked.to == "p@demo.example"


def test_a_yes_after_another_day_was_asked_is_not_forgotten(user):
    participant = make_participant(user, email="p@demo.example", reach="email")
    plan = make_plan(participant, user)
    says(plan.hand_over, "other_day", words="vrijdag")
    hand_over = says(plan.hand_over, "yes")
    assert hand_over.stands or sent_to(participant), "it is agreed, or the participant is asked"


def test_who_decides_on_benefits_opens_no_link_of_a_place(user):
    plan = make_plan(make_participant(user, first_name="Zonnebloem"), user)
    hand_over = now_of(plan.hand_over)
    path = "/" + link_of(hand_over, "address").split("/", 3)[3]
    assert "Zonnebloem" in Client().get(path).content.decode()
    client = signed_in(UserFactory(decides=True))
    for answer in (client.get(path), client.post(path, {"answer": "yes"})):
        assert answer.status_code == 404
    assert now_of(plan.hand_over).state == "asked"


# --- Too many requests


def asks(client, place, *, phone="06 12 34 56 78", key=""):
    """Types it on a page of its own, or on the page with this key."""
    values = {"who": "place", "best_time": "any", "phone": phone, "first_name": "", "language": ""}
    return client.post(f"{CALL_ME}?plek={place.slug}", {"form": key or key_of_a_page(place), **values})


def key_of_a_page(place):
    return re.search(r'name="form" value="([0-9a-f]+)"', Client().get(f"{CALL_ME}?plek={place.slug}").content.decode())[1]


def requests():
    with system():
        return CallRequest.objects.count()


def test_one_number_is_written_down_three_times_a_day_whoever_types_it(place):
    answers = [asks(Client(REMOTE_ADDR=f"192.0.2.{number}"), place) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert "Dit nummer staat al op de lijst" in answers[-1].content.decode()
    assert requests() == OutboxMessage.objects.count() == 3
    asks(Client(), place, phone="06 87 65 43 21")
    assert requests() == 4


def test_one_network_is_one_visitor_whatever_the_address(place):
    key = key_of_a_page(place)

    def asks_from(address, number):
        return asks(Client(REMOTE_ADDR=address), place, phone=f"06 12 34 5{number:03}", key=key).status_code

    answers = [asks_from(f"2001:db8:1:2:{number:x}::{number:x}", number) for number in range(31)]
    assert answers == [302] * 30 + [429]
    assert asks_from("2001:db8:1:3::1", 99) == 302, "the network beside it"


def test_a_flood_of_requests_hides_nobody_who_waits(user):
    area = NeighbourhoodFactory()
    long_ago = timezone.now() - timedelta(days=5)
    for number in range(120):
        ask_for_call(area=area, first_name=f"nep{number}", phone=f"+3161234{number:04}", at=long_ago)
    make_participant(user, first_name="Wachtende", phone="+31687654322")
    talks = make_participant(user, first_name="Morgen", phone="+31687654323")
    room = make_room()
    appointment = make_appointment(talks, make_hours(user, room), room, weekday(3, 9))
    with time_machine.travel(appointment.begins - timedelta(days=1)):
        page = day(user)
    for name in ("Wachtende", "Morgen"):
        assert name in page
