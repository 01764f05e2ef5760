"""A warm hand-over: "Sara would like to come sewing on Tuesday at two". It stands when participant, professional and place all said yes.

A place that answers, by link or signed in, sees a first name, what for and when. Only when all three agree does its team see how to reach
them; that ends as soon as somebody withdraws. Whoever changes something about a hand-over first locks its participant: of a yes and a
withdrawal at once, or an answer and the end of its time, one comes first and the other sees it. What the place answers stands in
`hand_over_answers`.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, as_platform, current_actor, person_context
from fieldlab.lib.alone import each_alone
from fieldlab.lib.encryption import seal
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, Status
from participants.actions.hand_over_days import checked_day
from participants.actions.hand_over_state import check_may_tell, locked, read, save, when_it_stands
from participants.actions.locks import locked_by_platform
from participants.models import AccessReason, HandOver, HandOverState, Participant, ParticipantAccess, PlanStep, StepStatus
from participants.notifications import hand_overs as messages
from participants.notifications.hand_overs import readers_of

LONGEST_WHAT = 60
AT_ONCE = 200


@transaction.atomic
def propose(
    *, step: PlanStep, initiative: Initiative, what: str, comes_at: datetime, professional: User, participant_agrees: bool, at: datetime
) -> HandOver:
    """Ask a place whether they may come. `participant_agrees`: they sit at the table, and say yes to this day.

    Another place than the step named becomes the step's. Raises DomainError without their consent to tell a place.
    """
    participant = locked_by_platform(step.participant_id)
    step = PlanStep.objects.select_for_update().get(pk=step.pk)
    check_may_tell(participant)
    if step.status not in (StepStatus.PLANNED, StepStatus.DOING):
        raise DomainError(_("This step is over. Make a new one."))
    if initiative.status != Status.PUBLISHED:
        raise DomainError(_("Choose a place from the list."))
    if not readers_of(initiative):
        raise DomainError(_("We cannot reach this place by a message. Call them."))
    if step.initiative_id != initiative.pk:
        step.initiative, step.updated_at = initiative, at
        step.save(update_fields=["initiative", "updated_at"])
    hand_over = HandOver(participant=participant, step=step, initiative=initiative, professional=professional, asked_at=at)
    hand_over.comes_at, hand_over.answer_by = checked_day(comes_at, at)
    hand_over.professional_agreed_at, hand_over.participant_agreed_at = at, at if participant_agrees else None
    seal(hand_over, participant.key.unwrap(), {"what": _short(what, LONGEST_WHAT)})
    save(hand_over, new=True)
    _ask(hand_over, at=at)
    return hand_over


@transaction.atomic
def agree(*, hand_over: HandOver, revision: int, at: datetime) -> HandOver:
    """The participant says yes to this day: on their own page, or at the table. Twice is once."""
    hand_over = locked(hand_over)
    if hand_over.state not in (HandOverState.ASKED, HandOverState.YES) or hand_over.comes_at <= at:
        raise DomainError(_("This day is no longer asked."))
    if hand_over.revision != revision:
        raise DomainError(_("The day has changed in the meantime. Look at it once more."))
    if hand_over.participant_agreed_at is None:
        hand_over.participant_agreed_at = at
        save(hand_over)
        when_it_stands(hand_over, at)
    return hand_over


@transaction.atomic
def settle(*, hand_over: HandOver, comes_at: datetime, professional: User, participant_agrees: bool, at: datetime) -> HandOver:
    """The place asked for another day, and this is it. The day that the place named needs no new yes of the place; another is asked."""
    hand_over = locked(hand_over)
    if hand_over.state not in (HandOverState.ASKED, HandOverState.OTHER_DAY):
        raise DomainError(_("This has been answered in the meantime. Look at it once more."))
    named = read(hand_over).other_at if hand_over.state == HandOverState.OTHER_DAY else None
    hand_over.comes_at, hand_over.answer_by = checked_day(comes_at, at)
    hand_over.professional, hand_over.asked_at, hand_over.other_day = professional, at, None
    hand_over.professional_agreed_at, hand_over.participant_agreed_at = at, at if participant_agrees else None
    hand_over.revision += 1
    messages.take_back(hand_over, at=at)
    if named == comes_at:
        hand_over.state, hand_over.answered_at = HandOverState.YES, at
    else:
        hand_over.state, hand_over.answered_at = HandOverState.ASKED, None
    save(hand_over)
    if hand_over.state == HandOverState.ASKED:
        _ask(hand_over, at=at)
    if not participant_agrees:
        messages.ask_participant(hand_over, at=at)
    when_it_stands(hand_over, at)
    return hand_over


@transaction.atomic
def withdraw(*, hand_over: HandOver, at: datetime) -> HandOver:
    """They do not come. At once the link is dead and the team no longer sees them; the place hears it. A second time changes nothing."""
    hand_over = locked(hand_over)
    if hand_over.is_open:
        _withdraw(hand_over, at)
        match current_actor():
            case UserActor(user) if user.pk == hand_over.professional_id:
                pass  # did it themselves
            case _:
                messages.tell_answer(hand_over, at=at)
    return hand_over


@transaction.atomic
def withdraw_all(*, participant: Participant, at: datetime) -> int:
    """Consent to tell places is gone, or the person is: nothing that is open goes on. Returns how many."""
    locked_by_platform(participant.pk)
    with as_platform("hand-overs are withdrawn"):
        rows = HandOver.objects.open().filter(participant=participant).with_place().select_related("participant__key")
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        for hand_over in found:
            _withdraw(hand_over, at)
    return len(found)


@transaction.atomic
def end_for_step(*, step: PlanStep, at: datetime) -> None:
    """The step is done or let go: what was asked is off; what was agreed and has been is over, without a word to the place."""
    for hand_over in HandOver.objects.open().filter(step=step).order_by("pk"):
        hand_over = locked(hand_over)
        if hand_over.is_open and (hand_over.comes_at > at or not hand_over.stands):
            _withdraw(hand_over, at)
        elif hand_over.is_open:
            _close_door(hand_over, at)


# --- By itself


def expire_due(*, at: datetime) -> int:
    """What no place answered in time comes back to the professional. At most AT_ONCE, each in a transaction of its own."""
    return each_alone(_due(at), lambda each: _expire(*each, at))


def remind_due(*, at: datetime) -> int:
    """One reminder to each place that has let half of its time go by. Safe twice: the same reminder is one message."""
    with person_context(SystemActor("places are reminded")):
        asked = HandOver.objects.filter(state=HandOverState.ASKED, answer_by__gt=at).order_by("answer_by", "pk")
        waiting = [each for each in asked[: 2 * AT_ONCE] if each.is_half_waited(at)]
    return each_alone(waiting, lambda each: _remind(each, at))


def _due(at: datetime) -> list[tuple[UUID, UUID]]:
    with person_context(SystemActor("places did not answer")):
        return list(HandOver.objects.overdue(at).values_list("pk", "participant_id")[:AT_ONCE])


def _expire(pk: UUID, person: UUID, at: datetime) -> int:
    with person_context(SystemActor("a place did not answer")):
        if not Participant.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=person).exists():
            return 0  # somebody is at it: the next round sees what came of it
        hand_over = HandOver.objects.select_for_update(of=("self",)).with_place().overdue(at).filter(pk=pk).first()
        if hand_over is None:
            return 0
        hand_over.state = HandOverState.UNANSWERED
        hand_over.professional_agreed_at = hand_over.participant_agreed_at = None
        hand_over.revision += 1
        save(hand_over)
        messages.take_back(hand_over, at=at)
        messages.tell_answer(hand_over, at=at)
    return 1


def _remind(hand_over: HandOver, at: datetime) -> int:
    with person_context(SystemActor("a place is reminded")):
        rows = Participant.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("key")
        participant = rows.filter(pk=hand_over.participant_id, erased_at=None).first()
        found = HandOver.objects.with_place().filter(pk=hand_over.pk).first()
        if participant is None or found is None or not found.is_half_waited(at) or found.answer_by <= at:
            return 0
        found.participant = participant
        asked = read(found)
        return 1 if messages.ask(found, first_name=asked.first_name, what=asked.what, at=at, again=True) else 0


# --- Below


def _ask(hand_over: HandOver, *, at: datetime) -> None:
    asked = read(hand_over)
    messages.ask(hand_over, first_name=asked.first_name, what=asked.what, at=at)


def _withdraw(hand_over: HandOver, at: datetime) -> None:
    stood = hand_over.stands
    hand_over.state, hand_over.revision = HandOverState.WITHDRAWN, hand_over.revision + 1
    save(hand_over)
    if stood:
        _close_door(hand_over, at)
    messages.take_back(hand_over, at=at)
    messages.tell_off(hand_over, at=at)


def _close_door(hand_over: HandOver, at: datetime) -> None:
    """The team sees them no longer, unless it receives them for something else too."""
    with as_platform("a hand-over ends"):
        others = HandOver.objects.filter(
            participant=hand_over.participant,
            initiative=hand_over.initiative,
            state=HandOverState.YES,
            participant_agreed_at__isnull=False,
            professional_agreed_at__isnull=False,
            step__status__in=[StepStatus.PLANNED, StepStatus.DOING],
        ).exclude(pk=hand_over.pk)
        if others.exists():
            return
        theirs = ParticipantAccess.objects.open().filter(participant=hand_over.participant, initiative=hand_over.initiative)
        theirs.filter(reason=AccessReason.RECEIVES).end()


def _short(words: str, most: int) -> str:
    kept = " ".join(words.split()).rstrip(".")
    if not kept:
        raise DomainError(_("What do they come for? Type it in a few words."))
    if len(kept) > most:
        raise DomainError(_("This is too long. Say it in %(most)d letters.") % {"most": most})
    return kept
