"""Plans in the caseload of professional@: goals, marks and steps; of places one is asked, one did not answer, one was agreed on."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions import hand_over_answers, hand_overs, plans
from participants.models import DoneBy, Goal, HandOverState, Participant, StepKind, StepStatus
from participants.sample.people import CASELOAD


class Wish(NamedTuple):
    """Of the person with this number in the caseload: a goal, and how far they felt they were, every twelve days."""

    number: int
    words: str
    far: tuple[int, ...]


WISHES = [
    Wish(0, "Kleren maken voor anderen", (0, 1, 1, 2)),
    Wish(0, "Mensen leren kennen in de buurt", (1, 3)),
    Wish(1, "Fietsen repareren met een vaste ploeg", (2, 3, 4)),
    Wish(3, "Koken voor de buurt", (0, 1)),
    Wish(6, "Weer onder de mensen zijn", (1,)),
]


class Asked(NamedTuple):
    """A step for which a place was asked: when (days ago), and what became of it."""

    number: int
    why: str
    what: str
    days_ago: int
    comes_in: int
    state: HandOverState


ASKED = [
    Asked(0, "Ik naai al jaren, thuis", "naaien", 0, 8, HandOverState.ASKED),
    Asked(3, "Ik kook graag voor veel mensen", "koken", 8, 5, HandOverState.UNANSWERED),
    Asked(6, "Een vaste dag doet mij goed", "koffie drinken", 5, 3, HandOverState.YES),
]


def load(at: datetime) -> None:
    fatma = User.objects.get(email="professional@demo.example")
    with person_context(UserActor(fatma, "professional")):
        if Goal.objects.exists():
            return
        for wish in WISHES:
            _wish(wish, at)
        keeps, rests = _person(1), _person(4)
        if keeps:
            step = plans.add_step(
                participant=keeps, kind=StepKind.KEEP, actor=fatma, why="Elke dinsdag fietsen maken is genoeg", at=at - timedelta(days=9)
            )
            plans.set_status(step=step, status=StepStatus.DOING, at=at - timedelta(days=9))
        if rests:
            plans.add_step(participant=rests, kind=StepKind.NOTHING, actor=fatma, why="Eerst de verhuizing", at=at - timedelta(days=4))
        for asked in ASKED:
            _ask(asked, fatma, at)


def _person(number: int) -> Participant | None:
    participant_id = uuid5(NAMESPACE_URL, f"https://demo.example/participants/{number}")
    return Participant.objects.in_force().to_open().filter(pk=participant_id).first()


def _wish(wish: Wish, at: datetime) -> None:
    participant = _person(wish.number)
    if participant is None:
        return
    begun = at - timedelta(days=12 * len(wish.far))
    goal = plans.add_goal(participant=participant, words=wish.words, at=begun)
    for times, far in enumerate(wish.far):
        plans.mark_goal(goal=goal, far=far, at=begun + timedelta(days=12 * times))


def _ask(asked: Asked, fatma: User, at: datetime) -> None:
    """Without places on the map nobody is asked: then it is a step without a place."""
    participant, begun = _person(asked.number), at - timedelta(days=asked.days_ago, hours=1)
    if participant is None:
        return
    details = CASELOAD[asked.number].details
    found = plans.suggested_places(participant=participant, details=details, kind=StepKind.INITIATIVE, at=at)
    place = found[0].initiative if found else None
    step = plans.add_step(
        participant=participant,
        kind=StepKind.INITIATIVE,
        initiative=place,
        actor=fatma,
        done_by=DoneBy.TOGETHER,
        due_on=timezone.localdate(at) + timedelta(days=asked.comes_in),
        why=asked.why,
        at=begun,
    )
    plans.add_step(participant=participant, kind=StepKind.LANGUAGE, actor=fatma, at=begun)
    if place is None:
        return
    day = timezone.localtime(at + timedelta(days=asked.comes_in))
    while day.isoweekday() > 5:  # most places are closed
        day += timedelta(days=1)
    comes = day.replace(hour=14, minute=0, second=0, microsecond=0)
    made = hand_overs.propose(
        step=step, initiative=place, what=asked.what, comes_at=comes, professional=fatma, participant_agrees=True, at=begun
    )
    if asked.state == HandOverState.YES:
        with person_context(SystemActor("a place answers by link")):
            hand_over_answers.answer(hand_over=made, answer=asked.state, revision=made.revision, at=begun + timedelta(days=1))
    elif asked.state == HandOverState.UNANSWERED:
        hand_overs.expire_due(at=made.answer_by)
