"""A plan as pages and paper show it: every goal with its path, every step with what was asked of a place, all words opened.

Whoever calls it has opened the participant, which is recorded. The number of queries does not depend on how much there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.encryption import Key, unseal
from participants.actions.hand_over_state import Asked, read
from participants.actions.plans import words_of
from participants.models import CallAbout, FollowUp, Goal, HandOver, Participant, PlanStep, StepKind, StepStatus

# How far somebody feels they are, in words
FAR = (_("not begun"), _("begun"), _("halfway"), _("nearly there"), _("there"))
# Beside the words of each kind
ICONS = {
    StepKind.INITIATIVE: "house",
    StepKind.WORKSHOP: "graduation-cap",
    StepKind.LANGUAGE: "messages-square",
    StepKind.COACH: "lightbulb",
    StepKind.MICROFINANCE: "hand-coins",
    StepKind.OTHER: "sparkles",
    StepKind.NOTHING: "coffee",
    StepKind.KEEP: "heart",
}
# The drawing of a goal: its size, and where its lines lie
WIDTH, HEIGHT, EDGE, RUNG = 280, 104, 16, 18
# As many as fit beside each other and stay apart
MOST_DRAWN = 12


@dataclass(frozen=True)
class Mark:
    on: date
    far: int
    x: int
    y: int

    @property
    def words(self) -> Any:
        return FAR[self.far]


@dataclass(frozen=True)
class GoalShown:
    goal: Goal
    words: str
    marks: list[Mark]

    @property
    def last(self) -> Mark | None:
        return self.marks[-1] if self.marks else None

    @property
    def line(self) -> str:
        """For a polyline."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


@dataclass(frozen=True)
class StepShown:
    step: PlanStep
    why: str
    # What was last asked of a place
    asked: Asked | None

    @property
    def icon(self) -> str:
        return ICONS[StepKind(self.step.kind)]

    @property
    def is_open(self) -> bool:
        return self.step.status in (StepStatus.PLANNED, StepStatus.DOING)

    @property
    def is_result(self) -> bool:
        """Complete by itself: no place is looked for."""
        return self.step.kind in (StepKind.NOTHING, StepKind.KEEP)

    @property
    def may_ask(self) -> bool:
        return self.is_open and not self.is_result and not (self.asked and self.asked.hand_over.is_open)


@dataclass(frozen=True)
class PlanShown:
    goals: list[GoalShown]
    dropped: list[GoalShown]
    steps: list[StepShown]
    over: list[StepShown]
    follow_ups: list[FollowUp]

    @property
    def is_empty(self) -> bool:
        return not (self.goals or self.steps or self.over)


def plan_of(participant: Participant) -> PlanShown:
    """`participant` with its key. Steps: the day nearest first, those without a day after them."""
    key = participant.key.unwrap()
    goals = [_goal(goal, key) for goal in Goal.objects.filter(participant=participant).prefetch_related("marks")]
    last: dict[UUID, HandOver] = {}
    for hand_over in HandOver.objects.filter(participant=participant).with_place().order_by("asked_at", "pk"):
        hand_over.participant = participant
        last[hand_over.step_id] = hand_over
    rows = PlanStep.objects.filter(participant=participant).select_related("initiative")
    in_order = sorted(rows, key=lambda step: (step.due_on or date.max, step.created_at))
    steps = [_step(step, participant, last.get(step.pk)) for step in in_order]
    asked = FollowUp.objects.filter(participant=participant, about=CallAbout.PROGRESS, done_at=None)
    return PlanShown(
        goals=[each for each in goals if each.goal.dropped_at is None],
        dropped=[each for each in goals if each.goal.dropped_at],
        steps=[each for each in steps if each.is_open],
        over=[each for each in steps if not each.is_open],
        follow_ups=list(asked.select_related("professional")),
    )


def _step(step: PlanStep, participant: Participant, hand_over: HandOver | None) -> StepShown:
    step.participant = participant
    return StepShown(step, words_of(step), read(hand_over) if hand_over else None)


def _goal(goal: Goal, key: Key) -> GoalShown:
    return GoalShown(goal, unseal(goal, key, ["words"])["words"], drawn((mark.at, mark.far) for mark in goal.marks.all()))


def drawn(marks: Iterable[tuple[datetime, int]]) -> list[Mark]:
    """Of each day the last mark, of those the last MOST_DRAWN, spread from edge to edge in the order of their days."""
    days: dict[date, int] = {}
    for at, far in marks:
        days[timezone.localdate(at)] = far
    shown = list(days.items())[-MOST_DRAWN:]
    apart = (WIDTH - 2 * EDGE) / max(1, len(shown) - 1)
    return [
        Mark(on, far, round(EDGE + number * apart) if len(shown) > 1 else WIDTH // 2, HEIGHT - EDGE - far * RUNG)
        for number, (on, far) in enumerate(shown)
    ]
