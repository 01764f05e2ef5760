"""What a place answers when it is asked whether somebody may come: by the link of its message, or signed in as its team.

Until all three agree it may say something else.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.lib.encryption import seal
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from participants.actions.hand_over_days import checked_day
from participants.actions.hand_over_state import locked, may_tell, save, when_it_stands
from participants.models import HandOver, HandOverState
from participants.notifications import hand_overs as messages
from participants.notifications.hand_overs import LINK, readers_of

LONGEST_WORDS = 240
ANSWERS = (HandOverState.YES, HandOverState.OTHER_DAY, HandOverState.NO_ROOM)


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


@transaction.atomic
def answer(*, hand_over: HandOver, answer: str, revision: int, at: datetime, other_at: datetime | None = None, words: str = "") -> HandOver:
    """What the place says: yes, another day or no room. It may say something else until all three agree.

    Raises DomainError when the time is over, they withdrew, or something changed since revision `revision`.
    """
    hand_over = locked(hand_over)
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
    save(hand_over)
    messages.take_back(hand_over, at=at)
    when_it_stands(hand_over, at)
    if hand_over.state == HandOverState.YES and hand_over.participant_agreed_at is None:
        messages.ask_participant(hand_over, at=at)
    if before != hand_over.state:
        messages.tell_answer(hand_over, at=at)
    return hand_over


def check_may_answer(hand_over: HandOver, revision: int, at: datetime) -> None:
    """Raises DomainError when the place can say nothing more. The clock decides, also where no task has run yet."""
    if hand_over.revision != revision or not (hand_over.is_open or hand_over.state == HandOverState.NO_ROOM):
        raise DomainError(_over(hand_over))
    if hand_over.stands:
        raise DomainError(_("This is agreed by all three. Did something change? Call whoever asked you."))
    if hand_over.comes_at <= at or (hand_over.state == HandOverState.ASKED and hand_over.answer_by <= at):
        raise DomainError(_("The time to answer is over. Would you like to? Call us."))
    if not may_tell(hand_over.participant):
        raise DomainError(_("This is no longer asked. You need not do anything."))


def _over(hand_over: HandOver) -> str:
    if hand_over.state == HandOverState.WITHDRAWN:
        return _("This is no longer asked. You need not do anything.")
    if hand_over.state == HandOverState.UNANSWERED:
        return _("The time to answer is over. Would you like to? Call us.")
    return _("The day has changed. Look at our last message about it.")
