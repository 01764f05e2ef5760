"""Plans, and what was asked of a place, made by the real actions."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from initiatives.models import Initiative
from participants.actions import consents, hand_overs, plans
from participants.models import Answer, FollowUp, Goal, HandOver, Participant, PlanStep, Purpose, StepKind
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import consent_text


@dataclass
class Plan:
    goal: Goal
    step: PlanStep
    hand_over: HandOver
    follow_up: FollowUp


def allow_sharing(participant: Participant, professional: User, answer: Answer = Answer.GIVEN) -> None:
    with person_context(UserActor(professional, "professional")):
        text = consent_text(Purpose.SHARE)
        consents.answer_consent(participant=participant, text=text, answer=answer, witness=professional, at=timezone.now())


def make_goal(participant: Participant, professional: User, words: str = "Kleren maken", *far: int) -> Goal:
    at = timezone.now()
    with person_context(UserActor(professional, "professional")):
        goal = plans.add_goal(participant=participant, words=words, at=at)
        for days, each in enumerate(far):
            plans.mark_goal(goal=goal, far=each, at=at - timedelta(days=len(far) - days))
    return goal


def make_step(participant: Participant, professional: User, **values: object) -> PlanStep:
    values = {"kind": StepKind.INITIATIVE, "at": timezone.now(), **values}
    with person_context(UserActor(professional, "professional")):
        return plans.add_step(participant=participant, actor=professional, **values)


def make_hand_over(step: PlanStep, professional: User, initiative: Initiative | None = None, **values: object) -> HandOver:
    """The participant sits at the table and agrees; `participant_agrees=False` when not."""
    at = values.pop("at", timezone.now())
    values = {"what": "naaien", "comes_at": at + timedelta(days=9), "participant_agrees": True, **values}
    with person_context(UserActor(professional, "professional")):
        return hand_overs.propose(
            step=step, initiative=initiative or step.initiative or InitiativeFactory(), professional=professional, at=at, **values
        )


def make_plan(participant: Participant, professional: User) -> Plan:
    """One of each; the place has not answered."""
    allow_sharing(participant, professional)
    goal = make_goal(participant, professional, "Kleren maken", 1, 2)
    step = make_step(participant, professional, initiative=InitiativeFactory(), why="Ik naai graag")
    with person_context(UserActor(professional, "professional")):
        on = timezone.localdate() + timedelta(days=30)
        follow_up = plans.add_follow_up(participant=participant, on=on, professional=professional, at=timezone.now())
    return Plan(goal, step, make_hand_over(step, professional), follow_up)
