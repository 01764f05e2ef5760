"""A plan: goals in somebody's own words, steps, days to ask how it is going. Inside the context of the participant or who helps them.

Goals, marks and steps are both's to change. Free text is sealed under the participant's key; history holds no word of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.lib.encryption import seal, unseal
from fieldlab.lib.errors import DomainError
from initiatives.models import Accessibility, Initiative, Language, Offer, Status
from participants.actions import hand_overs
from participants.actions.locks import locked
from participants.models import (
    Details,
    DoneBy,
    FollowUp,
    Goal,
    GoalMark,
    HandOver,
    HandOverState,
    Participant,
    PlanStep,
    StepKind,
    StepStatus,
)
from participants.suggestions import Person, Place, Suggestion, suggest

LONGEST_WORDS = 500
MOST_GOALS, MOST_STEPS = 12, 40
FURTHEST = timedelta(days=730)
SUGGESTED = 6
# What a step of this kind looks for at a place; any of these will do
WANTED: dict[str, frozenset[str]] = {
    StepKind.WORKSHOP: frozenset({Offer.LESSONS}),
    StepKind.LANGUAGE: frozenset({Offer.LANGUAGE_PRACTICE}),
    StepKind.COACH: frozenset({Offer.COACHING}),
    StepKind.MICROFINANCE: frozenset({Offer.MICROFINANCE}),
}
# Full results, with which a plan is complete: nobody looks for a place, nothing is due
NO_PLACE = (StepKind.NOTHING,)


@dataclass(frozen=True)
class Suggested:
    """A place on a card: the initiative, and why it is (and what to mind)."""

    initiative: Initiative
    because: Suggestion


# --- Goals


@transaction.atomic
def add_goal(*, participant: Participant, words: str, at: datetime) -> Goal:
    participant = locked(participant.pk)
    if Goal.objects.filter(participant=participant, dropped_at=None).count() >= MOST_GOALS:
        raise DomainError(_("There are twelve goals already. Let one go first."))
    goal = Goal(participant=participant, created_at=at)
    seal(goal, participant.key.unwrap(), {"words": _said(words)})
    goal.save(force_insert=True)
    _changed(participant, "adds a goal", at)
    return goal


@transaction.atomic
def mark_goal(*, goal: Goal, far: int, at: datetime) -> GoalMark:
    """How far they feel they are, 0 to 4. Every mark stays; of one day the last is drawn."""
    goal = _goal(goal)
    if goal.dropped_at:
        raise DomainError(_("This goal was let go. Take it back first."))
    if far not in range(5):
        raise DomainError(_("Choose one of the five."))
    mark = GoalMark.objects.create(participant=goal.participant, goal=goal, at=at, far=far)
    _changed(goal.participant, "says how far they are", at)
    return mark


@transaction.atomic
def drop_goal(*, goal: Goal, at: datetime) -> Goal:
    """No longer a goal. What was marked stays, and it can be taken back."""
    goal = _goal(goal)
    if goal.dropped_at is None:
        goal.dropped_at = at
        goal.save(update_fields=["dropped_at"])
        _changed(goal.participant, "lets a goal go", at)
    return goal


@transaction.atomic
def take_goal_back(*, goal: Goal, at: datetime) -> Goal:
    goal = _goal(goal)
    if goal.dropped_at and Goal.objects.filter(participant=goal.participant, dropped_at=None).count() >= MOST_GOALS:
        raise DomainError(_("There are twelve goals already. Let one go first."))
    goal.dropped_at = None
    goal.save(update_fields=["dropped_at"])
    _changed(goal.participant, "takes a goal back", at)
    return goal


# --- Steps


@transaction.atomic
def add_step(
    *,
    participant: Participant,
    kind: str,
    actor: User | None,
    at: datetime,
    initiative: Initiative | None = None,
    done_by: str = DoneBy.PARTICIPANT,
    due_on: date | None = None,
    why: str = "",
) -> PlanStep:
    """`actor` is None for a participant without an account. "Nothing for now" and "keep it that way" need no more than themselves."""
    participant = locked(participant.pk)
    if PlanStep.objects.filter(participant=participant).open().count() >= MOST_STEPS:
        raise DomainError(_("There are forty steps already. Finish one first."))
    step = PlanStep(participant=participant, kind=StepKind(kind), created_by=actor, created_at=at)
    _fill(step, initiative=initiative, done_by=done_by, due_on=due_on, why=why, at=at)
    step.save(force_insert=True)
    _changed(participant, "adds a step", at)
    return step


@transaction.atomic
def change_step(*, step: PlanStep, done_by: str, due_on: date | None, why: str, at: datetime) -> PlanStep:
    """What it is stays: another thing is another step."""
    step = _step(step)
    _fill(step, initiative=step.initiative, done_by=done_by, due_on=due_on, why=why, at=at)
    step.save()
    _changed(step.participant, "changes a step", at)
    return step


@transaction.atomic
def set_status(*, step: PlanStep, status: str, at: datetime) -> PlanStep:
    """A step that is done or let go asks nothing of a place any more: what was asked is withdrawn, and the team sees them no longer."""
    step = _step(step)
    over = step.status in (StepStatus.DONE, StepStatus.DROPPED)
    if over and status in (StepStatus.PLANNED, StepStatus.DOING) and HandOver.objects.filter(step=step, state=HandOverState.YES).exists():
        raise DomainError(_("They have been there. Do they go again? Then add a new step."))
    step.status, step.updated_at = StepStatus(status), at
    step.save(update_fields=["status", "updated_at"])
    if step.status in (StepStatus.DONE, StepStatus.DROPPED):
        hand_overs.end_for_step(step=step, at=at)
    _changed(step.participant, "says how a step goes", at)
    return step


def words_of(step: PlanStep) -> str:
    """Why this step, in their own words; empty when nothing was said. Needs the participant with its key."""
    return str(unseal(step, step.participant.key.unwrap(), ["why"])["why"]) if step.why is not None else ""


def _fill(step: PlanStep, *, initiative: Initiative | None, done_by: str, due_on: date | None, why: str, at: datetime) -> None:
    if initiative is not None and (step.kind in NO_PLACE or initiative.status != Status.PUBLISHED) and step.initiative_id != initiative.pk:
        raise DomainError(_("Choose a place from the list."))
    if due_on and due_on != step.due_on and not timezone.localdate(at) <= due_on <= timezone.localdate(at + FURTHEST):
        raise DomainError(_("Choose a day between today and two years from now."))
    step.initiative, step.done_by, step.due_on, step.updated_at = initiative, DoneBy(done_by), due_on, at
    words = " ".join(why.split())
    if words:
        seal(step, step.participant.key.unwrap(), {"why": _said(words)})
    else:
        step.why = None


# --- Days to ask how it is going


@transaction.atomic
def add_follow_up(*, participant: Participant, on: date, professional: User, at: datetime) -> FollowUp:
    """On that day they stand on the professional's list of whom to call."""
    if not timezone.localdate(at) <= on <= timezone.localdate(at + FURTHEST):
        raise DomainError(_("Choose a day between today and two years from now."))
    participant = locked(participant.pk)
    try:
        with transaction.atomic():
            follow_up = FollowUp.objects.create(participant=participant, on=on, professional=professional)
    except IntegrityError as error:
        raise DomainError(_("This day is there already.")) from error
    _changed(participant, "plans to ask how it is going", at)
    return follow_up


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, at: datetime) -> FollowUp:
    """It was asked: the day is done. A second time changes nothing."""
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at is None:
        follow_up.done_at = at
        follow_up.save(update_fields=["done_at"])
        _changed(follow_up.participant, "says that it was asked", at)
    return follow_up


@transaction.atomic
def remove_follow_up(*, follow_up: FollowUp, at: datetime) -> None:
    removed, _by_table = FollowUp.objects.filter(pk=follow_up.pk, done_at=None).delete()
    if removed:
        _changed(follow_up.participant, "takes a day away", at)


# --- Suggestions


def suggested_places(
    *, participant: Participant, details: Details, kind: str, at: datetime, without: Iterable[int] = ()
) -> list[Suggested]:
    """The places that suit best, of those near the middle of their neighbourhood: one query, however many there are."""
    if kind in NO_PLACE:
        return []
    wanted = WANTED.get(kind, frozenset())
    there = Initiative.objects.published().with_area().exclude(pk__in=list(without))
    near = there.filter(offers__overlap=sorted(wanted)) if wanted else there
    centre = participant.neighbourhood.centre if participant.neighbourhood else None
    found = {each.pk: each for each in (near.near(centre) if centre else near.order_by("pk")[:60])}
    person = Person(languages=frozenset(details.languages), offers=wanted, quiet_room=details.quiet_room)
    names = {code: str(label) for code, label in [*Language.choices, *Offer.choices]}
    door = {Accessibility.STEP_FREE.value: str(Accessibility.STEP_FREE.label).lower()}
    best = suggest(person, [_place(each, at, centre is not None) for each in found.values()], names=names, at_door=door, most=SUGGESTED)
    return [Suggested(found[each.place.id], each) for each in best]


def _place(initiative: Initiative, at: datetime, measured: bool) -> Place:
    return Place(
        id=initiative.pk,
        metres=initiative.metres if measured else None,
        languages=frozenset(initiative.languages),
        offers=frozenset(initiative.offers),
        accessibility=frozenset(initiative.accessibility),
        room=initiative.room_now(at),
    )


# --- Shared


def _said(words: str) -> str:
    """In their own words: as they were said, on one line."""
    kept = " ".join(words.split())
    if not kept:
        raise DomainError(_("Type a few words."))
    if len(kept) > LONGEST_WORDS:
        raise DomainError(_("This is too long. Say it in 500 letters."))
    return kept


def _owned(row: Any) -> Any:
    """The row with its participant, locked in the one order that everything about a plan takes: first the person."""
    participant = locked(row.participant_id)
    row = type(row).objects.select_for_update().get(pk=row.pk, participant=participant)
    row.participant = participant
    return row


def _goal(goal: Goal) -> Goal:
    found: Goal = _owned(goal)
    return found


def _step(step: PlanStep) -> PlanStep:
    found: PlanStep = _owned(step)
    return found


def _changed(participant: Participant, reason: str, at: datetime) -> None:
    record_access(participant_id=participant.pk, what="plan", reason=reason, at=at)
