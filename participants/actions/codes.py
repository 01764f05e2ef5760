"""The code on a printed card. It opens "my details" on any computer, with a year of birth or the end of a telephone number.

Guessing: a code has 41 bits, each takes five wrong answers in all, and a view counts the tries from one address. What is wrong, the
code or the answer, is told by neither the words nor the work that is done.
"""

import hmac
import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.people import CODE_ALPHABET
from participants.models import Participant, ParticipantAccess, PersonalCode

LASTS = timedelta(days=90)
MOST_FAILURES = 5
LETTERS, GROUP = 9, 3  # 24 ** 9 is more than 2 ** 41
# Typed for what they look like; none of them is in the alphabet
MISREAD = str.maketrans("BSZ", "852")


class NoAnswerKnown(DomainError):  # noqa: N818 - reads as what it says
    """Neither year of birth nor number is known: nothing could be asked beside the code."""


class WrongCode(DomainError):  # noqa: N818
    """The code, the answer, or both."""


def normalised(typed: str) -> str:
    """A code as it was made, from what somebody typed: small letters, other dashes and look-alikes are right too."""
    shown = _plain(typed).upper().translate(MISREAD)
    return re.sub(r"[^0-9A-Z]", "", shown)


def _plain(typed: str) -> str:
    """Figures of other scripts are figures too."""
    return "".join(str(unicodedata.digit(each, each)) for each in unicodedata.normalize("NFKC", typed))


def digest(code: str) -> str:
    """What is kept of a code; nobody without SECRET_KEY can try codes on it."""
    return salted_hmac("participants.codes", normalised(code), algorithm="sha256").hexdigest()


@transaction.atomic
def give_code(*, participant: Participant, actor: User | None, at: datetime) -> str:
    """A new code; what was given before opens nothing any more. It is shown once. Raises NoAnswerKnown."""
    details = participant.open()
    if not details.birth_year and not details.phone:
        raise NoAnswerKnown(_("A code needs a year of birth or a telephone number. Write one of them down first."))
    letters = "".join(secrets.choice(CODE_ALPHABET) for _place in range(LETTERS))
    code = "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))
    keep_code(participant=participant, code=code, actor=actor, at=at)
    return code


@transaction.atomic
def keep_code(*, participant: Participant, code: str, actor: User | None, at: datetime) -> PersonalCode:
    """`code` is from now on the one that opens; give_code makes one that nobody guesses."""
    withdraw(participant=participant, at=at)
    record_access(participant_id=participant.pk, what="code.given", reason="prints a card", at=at)
    expires = at + LASTS
    if actor is not None:  # who stands in for a while knows the code no longer than that
        until = ParticipantAccess.objects.open().filter(participant=participant, user=actor).values_list("until", flat=True).first()
        expires = min(expires, until or expires)
    return PersonalCode.objects.create(
        pk=uuid4(), participant=participant, digest=digest(code), issued_by=actor, issued_at=at, expires_at=expires
    )


def withdraw(*, participant: Participant, at: datetime) -> int:
    """No code of this person opens anything any more, also where one is in use. Returns how many did."""
    count = PersonalCode.objects.filter(participant=participant, revoked_at=None).update(revoked_at=at)
    if count:
        record_access(participant_id=participant.pk, what="code.withdrawn", reason="ends a code", at=at)
    return count


def enter(*, code: str, answer: str, at: datetime) -> PersonalCode:
    """The code that was typed with a right answer. Opens its own context: who types is nobody yet. Raises WrongCode."""
    with person_context(SystemActor("a code is typed")):
        # Somebody types a whole number, or a whole date of birth: the end counts.
        found = _tried(digest(code), re.sub("[^0-9]", "", _plain(answer))[-4:], at)
    if found is None:  # outside, so that what was counted stays counted
        raise WrongCode(_("This code and this answer do not open anything together. Look at your card and try again, or call us."))
    return found


def _tried(sought: str, answer: str, at: datetime) -> PersonalCode | None:
    codes = PersonalCode.objects.select_related("participant__key").order_by()
    found = codes.select_for_update(of=["self"]).filter(digest=sought).first()
    # Where there is no such code, somebody else's is tried in vain: the same work, and the same wait for the disk.
    other = codes.select_for_update(of=["self"], skip_locked=True).first()
    tried = found or other
    if tried is None:
        return None
    open_now = tried.revoked_at is None and tried.expires_at > at and tried.participant.erased_at is None
    right = _is_right(tried.participant, answer) and found is not None and open_now
    if right:
        tried.failures, tried.used_at = 0, at
    elif found is not None and open_now:
        tried.failures += 1
        if tried.failures >= MOST_FAILURES:
            tried.revoked_at = at
            record_access(participant_id=tried.participant_id, what="code.revoked", reason="too many wrong answers", at=at)
    tried.save(update_fields=["failures", "used_at", "revoked_at"])
    return tried if right else None


def _is_right(participant: Participant, answer: str) -> bool:
    """Both are compared, whatever the first says."""
    if participant.erased_at is not None:
        return False
    details = participant.open()
    known = [str(details.birth_year) if details.birth_year else "", details.phone[-4:]]
    same = [hmac.compare_digest(each.encode(), answer.encode()) for each in known if len(each) == 4]
    return any(same)
