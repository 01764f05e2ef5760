"""A step that is done stays done where somebody went; who helps now hears the answer; a link goes with the address it was sent to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions import hand_over_answers, plans
from participants.actions.caseload import hand_over_people
from participants.actions.people import change_details
from participants.models import Appointment, HandOver, Participant, ParticipantAccess, PlanStep, StepStatus
from participants.notifications.links import appointment_address
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.plans import allow_sharing, make_hand_over, make_plan, make_step
from tests.factories.talks import agreed
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_professional(name="Fatma Demir")


def system():
    return person_context(SystemActor("a test"))


def set_status(step, user, status):
    with person_context(UserActor(user, "professional")):
        return plans.set_status(step=PlanStep.objects.select_related("participant").get(pk=step.pk), status=status, at=timezone.now())


def says_yes(hand_over):
    with system():
        found = HandOver.objects.get(pk=hand_over.pk)
        return hand_over_answers.answer(hand_over=found, answer="yes", revision=found.revision, at=timezone.now())


# --- Done is done


@pytest.fixture
def went(user):
    """A step of somebody who was at the place that was agreed, and is done."""
    participant = make_participant(user)
    plan = make_plan(participant, user)
    assert says_yes(plan.hand_over).stands
    with system():
        HandOver.objects.filter(pk=plan.hand_over.pk).update(comes_at=timezone.now() - timedelta(hours=1))
    set_status(plan.step, user, StepStatus.DONE)
    return participant, plan


def test_a_step_where_somebody_went_is_not_taken_up_again(went, user):
    participant, plan = went
    for status in (StepStatus.DOING, StepStatus.PLANNED):
        with pytest.raises(DomainError):
            set_status(plan.step, user, status)
    with system():
        assert PlanStep.objects.get(pk=plan.step.pk).status == StepStatus.DONE
        assert not ParticipantAccess.objects.open().filter(participant=participant, initiative=plan.hand_over.initiative).exists()


def test_the_page_says_so_too(went, user):
    participant, plan = went
    address = reverse("plan_step_change", args=[participant.pk, plan.step.pk])
    assert signed_in(user).post(address, {"status": "doing"}).status_code == 302
    with system():
        assert PlanStep.objects.get(pk=plan.step.pk).status == StepStatus.DONE


def test_a_step_where_nobody_went_is_taken_up_again(user):
    step = make_step(make_participant(user), user, initiative=InitiativeFactory())
    set_status(step, user, StepStatus.DONE)
    assert set_status(step, user, StepStatus.DOING).status == StepStatus.DOING


# --- Who helps now


def test_the_answer_of_a_place_goes_to_who_helps_them_now(user):
    participant, colleague = make_participant(user), make_professional(name="Joost Bakker")
    allow_sharing(participant, user)
    hand_over = make_hand_over(make_step(participant, user, initiative=MemberFactory().initiative), user)
    with person_context(UserActor(user, "professional")):
        hand_over_people(participants=[participant], giver=user, taker=colleague.professional, at=timezone.now())
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    says_yes(hand_over)
    told = set(OutboxMessage.objects.exclude(pk__in=before).values_list("to", flat=True))
    assert colleague.email in told
    assert user.email not in told


# --- A link goes with its address


def changed(participant, **details):
    with system():
        known = Participant.objects.select_related("key", "neighbourhood").get(pk=participant.pk)
        change_details(participant=known, details=replace(known.open(), **details), neighbourhood=known.neighbourhood)


def path_of(appointment):
    with system():
        found = Appointment.objects.select_related("participant__key").get(pk=appointment.pk)
        return "/" + appointment_address(found).split("/", 3)[3]


@pytest.fixture
def reached(user):
    """Agreed with somebody who reads by e-mail or SMS: (participant, appointment)."""
    participant = make_participant(user, phone="+31612345678", email="oud@demo.example", reach="sms")
    return participant, agreed(participant, user)


@pytest.mark.parametrize(
    "details", [{"phone": "+31687654321"}, {"reach": "email"}, {"phone": "+31687654321", "email": "nieuw@demo.example", "reach": "email"}]
)
def test_a_link_to_an_address_that_is_no_longer_theirs_opens_nothing(reached, details):
    participant, appointment = reached
    path = path_of(appointment)
    assert Client().get(path).status_code == 200
    changed(participant, **details)
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"wat": "afzeggen"}).status_code == 410
    with system():
        assert Appointment.objects.get(pk=appointment.pk).status == "booked"
    assert Client().get(path_of(appointment)).status_code == 200, "the next message has one that works"


def test_a_link_goes_on_while_something_else_changes(reached):
    participant, appointment = reached
    path = path_of(appointment)
    changed(participant, first_name="Anders", birth_year=1990)
    assert Client().get(path).status_code == 200
