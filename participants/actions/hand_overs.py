"""A warm hand-over: "Sara would like to come sewing on Tuesday at two". It stands when participant, professional and place all said yes.

A place that answers, by link or signed in, sees a first name, what for and when. Only when all three agree does its team see how to reach
them; that ends as soon as somebody withdraws. Whoever changes something about a hand-over first locks its participant: of a yes and a
withdrawal at once, or an answer and the end of its time, one comes first and the other sees it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, current_actor, person_context
from fieldlab.lib.alone import each_alone
from fieldlab.lib.encryption import seal, unseal
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from initiatives.models import Initiative, Status
from participants.actions.hand_over_days import checked_day
from participants.models import (
    AccessReason,
    Consent,
    HandOver,
    HandOverState,
    Participant,
    ParticipantAccess,
    PlanStep,
    Purpose,
    StepStatus,
)
from participants.notifications import hand_overs as messages
from participants.notifications.hand_overs import LINK, readers_of

LONGEST_WHAT, LONGEST_WORDS = 60, 240
ANSWERS = (HandOverState.YES, HandOverState.OTHER_DAY, HandOverState.NO_ROOM)
AT_ONCE = 200


@dataclass(frozen=True)
class Asked:
    """What a place reads of a hand-over, and what it has answered."""

    hand_over: HandOver
    first_name: str
    what: str
    other_at: datetime | None
    words: str


@transaction.atomic
def propose(
    *, step: PlanStep, initiative: Initiative, what: str, comes_at: datetime, professional: User, participant_agrees: bool, at: datetime
) -> HandOver:
    """Ask a place whether they may come. `participant_agrees`: they sit at the table, and say yes to this day.

    Another place than the step named becomes the step's. Raises DomainError without their consent to tell a place.
    """
    participant = _locked_participant(step.participant_id)
    step = PlanStep.objects.select_for_update().get(pk=step.pk)
    _check_may_tell(participant)
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
    _save(hand_over, new=True)
    _ask(hand_over, at=at)
    return hand_over


@transaction.atomic
def answer(*, hand_over: HandOver, answer: str, revision: int, at: datetime, other_at: datetime | None = None, words: str = "") -> HandOver:
    """What the place says: yes, another day or no room. It may say something else until all three agree.

    Raises DomainError when the time is over, they withdrew, or something changed since revision `revision`.
    """
    hand_over = _locked(hand_over)
    check_may_answer(hand_over, revision, at)
    if answer not in ANSWERS:
        raise DomainError(_("Choose one of the three answers."))
    if answer == HandOverState.OTHER_DAY:
        words = " ".join(words.split())
        if other_at is None and not words:
            raise DomainError(_("Which day is better? Choose a day, or write it down."))
        if other_at is not None:
            checked_day(other_at, at)
        if len(words) > LONGEST_WORDS:
            raise DomainError(_("This is too long. Say it in %(most)d letters.") % {"most": LONGEST_WORDS})
        said = {"at": other_at.isoformat() if other_at else None, "words": words}
        seal(hand_over, hand_over.participant.key.unwrap(), {"other_day": said})
        # Nobody has agreed to a day that is not there yet.
        hand_over.professional_agreed_at = hand_over.participant_agreed_at = None
    else:
        hand_over.other_day = None
        hand_over.professional_agreed_at = hand_over.professional_agreed_at or hand_over.asked_at
    before, hand_over.state, hand_over.answered_at = hand_over.state, HandOverState(answer), at
    _save(hand_over)
    messages.take_back(hand_over, at=at)
    _when_it_stands(hand_over, at)
    if hand_over.state == HandOverState.YES and hand_over.participant_agreed_at is None:
        messages.ask_participant(hand_over, at=at)
    if before != hand_over.state:
        messages.tell_answer(hand_over, at=at)
    return hand_over


@transaction.atomic
def agree(*, hand_over: HandOver, revision: int, at: datetime) -> HandOver:
    """The participant says yes to this day: on their own page, or at the table. Twice is once."""
    hand_over = _locked(hand_over)
    if hand_over.state not in (HandOverState.ASKED, HandOverState.YES) or hand_over.comes_at <= at:
        raise DomainError(_("This day is no longer asked."))
    if hand_over.revision != revision:
        raise DomainError(_("The day has changed in the meantime. Look at it once more."))
    if hand_over.participant_agreed_at is None:
        hand_over.participant_agreed_at = at
        _save(hand_over)
        _when_it_stands(hand_over, at)
    return hand_over


@transaction.atomic
def settle(*, hand_over: HandOver, comes_at: datetime, professional: User, participant_agrees: bool, at: datetime) -> HandOver:
    """The place asked for another day, and this is it. The day that the place named needs no new yes of the place; another is asked."""
    hand_over = _locked(hand_over)
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
    _save(hand_over)
    if hand_over.state == HandOverState.ASKED:
        _ask(hand_over, at=at)
    if not participant_agrees:
        messages.ask_participant(hand_over, at=at)
    _when_it_stands(hand_over, at)
    return hand_over


@transaction.atomic
def withdraw(*, hand_over: HandOver, at: datetime) -> HandOver:
    """They do not come. At once the link is dead and the team no longer sees them; the place hears it. A second time changes nothing."""
    hand_over = _locked(hand_over)
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
    _locked_participant(participant.pk)
    with person_context(SystemActor("hand-overs are withdrawn")):
        rows = HandOver.objects.open().filter(participant=participant).with_place().select_related("participant__key")
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        for hand_over in found:
            _withdraw(hand_over, at)
    return len(found)


@transaction.atomic
def end_for_step(*, step: PlanStep, at: datetime) -> None:
    """The step is done or let go: what was asked is off; what was agreed and has been is over, without a word to the place."""
    for hand_over in HandOver.objects.open().filter(step=step).order_by("pk"):
        locked = _locked(hand_over)
        if locked.is_open and (locked.comes_at > at or not locked.stands):
            _withdraw(locked, at)
        elif locked.is_open:
            _close_door(locked, at)


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
        _save(hand_over)
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


# --- By link


def by_link(*, token: str, at: datetime) -> tuple[HandOver, int]:
    """Which hand-over a link opens, and at which revision. In the system's context, as nobody is signed in.

    Raises DomainError with words for people: it is no link of ours, it is too old, the day changed, or they no longer read for the place.
    """
    claim = read_link_token(LINK, token, at)
    revision, _slash, reader = claim.revision.partition("/")
    found = HandOver.objects.with_place().select_related("participant__key").filter(pk=claim.object_id).first()
    if found is None or found.participant.erased_at or all(each.key != reader for each in readers_of(found.initiative)):
        raise LinkExpired(_("This link has been used, or something has changed since we sent it."))
    if str(found.revision) != revision:
        raise LinkExpired(_over(found))
    if found.state == HandOverState.ASKED and found.answer_by <= at:
        raise LinkExpired(_("The time to answer is over. Would you like to? Call us."))
    return found, int(revision)


def check_may_answer(hand_over: HandOver, revision: int, at: datetime) -> None:
    """Raises DomainError when the place can say nothing more. The clock decides, also where no task has run yet."""
    if hand_over.revision != revision or not (hand_over.is_open or hand_over.state == HandOverState.NO_ROOM):
        raise DomainError(_over(hand_over))
    if hand_over.stands:
        raise DomainError(_("This is agreed by all three. Did something change? Call whoever asked you."))
    if hand_over.comes_at <= at or (hand_over.state == HandOverState.ASKED and hand_over.answer_by <= at):
        raise DomainError(_("The time to answer is over. Would you like to? Call us."))
    if not _may_tell(hand_over.participant):
        raise DomainError(_("This is no longer asked. You need not do anything."))


def _over(hand_over: HandOver) -> str:
    if hand_over.state == HandOverState.WITHDRAWN:
        return _("This is no longer asked. You need not do anything.")
    if hand_over.state == HandOverState.UNANSWERED:
        return _("The time to answer is over. Would you like to? Call us.")
    return _("The day has changed. Look at our last message about it.")


def read(hand_over: HandOver) -> Asked:
    """The words of it, opened. Needs the participant with its key; whoever shows them to somebody records that."""
    key = hand_over.participant.key.unwrap()
    said: dict[str, Any] = {"at": None, "words": ""}
    if hand_over.other_day is not None:
        said = unseal(hand_over, key, ["other_day"])["other_day"]
    return Asked(
        hand_over,
        first_name=hand_over.participant.open().first_name,
        what=unseal(hand_over, key, ["what"])["what"],
        other_at=datetime.fromisoformat(said["at"]) if said["at"] else None,
        words=said["words"],
    )


# --- Shared


def _locked_participant(pk: UUID) -> Participant:
    """As the platform: a team that answers does not see who it is. The lock outlives the context."""
    with person_context(SystemActor("a hand-over is changed")):
        rows = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("key")
        participant: Participant | None = rows.filter(pk=pk).first()
    if participant is None or participant.erased_at is not None:
        raise DomainError(_("This person's details were erased."))
    return participant


def _locked(hand_over: HandOver) -> HandOver:
    participant = _locked_participant(hand_over.participant_id)
    with person_context(SystemActor("a hand-over is changed")):
        locked: HandOver = HandOver.objects.select_for_update(of=("self",)).with_place().get(pk=hand_over.pk)
    locked.participant = participant
    return locked


def _may_tell(participant: Participant) -> bool:
    """As the platform: a team that answers sees nobody's consents."""
    with person_context(SystemActor("asks whether a place may be told")):
        return bool(Consent.objects.given(participant, Purpose.SHARE))


def _check_may_tell(participant: Participant) -> None:
    if not _may_tell(participant):
        raise DomainError(_("They have not said yes to telling a place that they are coming. Ask that first: without it we tell nobody."))


def _save(hand_over: HandOver, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            hand_over.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        raise DomainError(_("This place has already been asked.") if new else _("Another place was asked in the meantime.")) from error


def _ask(hand_over: HandOver, *, at: datetime) -> None:
    asked = read(hand_over)
    messages.ask(hand_over, first_name=asked.first_name, what=asked.what, at=at)


def _when_it_stands(hand_over: HandOver, at: datetime) -> None:
    """The third yes lets the team see how to reach them, and tells the participant."""
    if not hand_over.stands:
        return
    _check_may_tell(hand_over.participant)
    with person_context(SystemActor("a hand-over stands")):
        theirs = ParticipantAccess.objects.open().filter(participant=hand_over.participant, initiative=hand_over.initiative)
        if not theirs.exists():
            ParticipantAccess.objects.create(
                participant=hand_over.participant,
                initiative=hand_over.initiative,
                reason=AccessReason.RECEIVES,
                granted_by=hand_over.professional,
            )
    messages.tell_stands(hand_over, at=at)


def _withdraw(hand_over: HandOver, at: datetime) -> None:
    stood = hand_over.stands
    hand_over.state, hand_over.revision = HandOverState.WITHDRAWN, hand_over.revision + 1
    _save(hand_over)
    if stood:
        _close_door(hand_over, at)
    messages.take_back(hand_over, at=at)
    messages.tell_off(hand_over, at=at)


def _close_door(hand_over: HandOver, at: datetime) -> None:
    """The team sees them no longer, unless it receives them for something else too."""
    with person_context(SystemActor("a hand-over ends")):
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
