"""Consent: an answer to one text for one purpose, never changed, only given again. The last answer holds."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, current_actor, person_context
from fieldlab.lib.errors import DomainError
from initiatives.models import Language
from participants.actions.booking import cancel
from participants.actions.codes import withdraw as withdraw_code
from participants.actions.hand_overs import withdraw_all
from participants.actions.locks import locked_by_platform
from participants.actions.people import end_access
from participants.actions.reports import forget_unapproved
from participants.models import (
    AccessReason,
    Answer,
    Appointment,
    BookedBy,
    Consent,
    ConsentText,
    Participant,
    ParticipantAccess,
    Purpose,
)
from participants.notifications.reach import stop as stop_messages
from participants.permissions import may_receive_access


@transaction.atomic
def answer_consent(
    *, participant: Participant, text: ConsentText, answer: Answer, witness: User | None, at: datetime, interpreted_in: str = ""
) -> Consent:
    """Yes, no, or no longer. The same answer given twice is one.

    A yes is to the text as it stands now, in a language whose words a speaker has checked. Beside a text that nobody checked there is
    an interpreter (`interpreted_in`, a Language): the answer is then to the Dutch that was interpreted. Raises DomainError.
    """
    current_actor()
    if participant.erased_at is not None:
        raise DomainError(_("This person’s details were erased."))
    if witness is not None and not may_receive_access(witness):
        raise DomainError(_("Somebody who decides or advises on benefits cannot be there for this."))
    if interpreted_in and interpreted_in not in Language.values:
        raise DomainError(_("Choose the language of the interpreter."))
    asked = _text_that_asks(text, answer, interpreted_in)
    last: Consent | None = Consent.objects.filter(participant=participant, purpose=asked.purpose).order_by("-at", "-pk").first()
    if last is not None and (last.answer, last.text_id) == (answer, asked.pk):
        return last
    if answer == Answer.WITHDRAWN and (last is None or last.answer != Answer.GIVEN):
        raise DomainError(_("There is no yes to take back."))
    consent: Consent = Consent.objects.create(
        participant=participant,
        text=asked,
        purpose=asked.purpose,
        answer=answer,
        at=at,
        witness=witness,
        interpreted_in=interpreted_in,
    )
    if answer != Answer.GIVEN:
        _stop(participant, asked.purpose, at)
    return consent


def _text_that_asks(text: ConsentText, answer: Answer, interpreted_in: str) -> ConsentText:
    # What one said yes to may be taken back whatever became of the text.
    if answer != Answer.WITHDRAWN and not ConsentText.objects.current().filter(pk=text.pk).exists():
        raise DomainError(_("This text has changed in the meantime. Read the new one."))
    if text.is_checked:
        return text
    if answer == Answer.GIVEN and not interpreted_in:
        raise DomainError(_("Nobody has checked this translation. Read the Dutch text, with an interpreter if you like."))
    return ConsentText.objects.get(purpose=text.purpose, version=text.version, language="nl")


@transaction.atomic
def stop_seeing(*, access: ParticipantAccess, at: datetime) -> None:
    """Somebody sees this person no longer; a talk that was agreed with them does not go on. Raises DomainError when it ended already."""
    locked_by_platform(access.participant_id)
    end_access(access=access)
    if access.user_id:
        _cancel(access.participant, at, professional__user=access.user_id)


def _cancel(participant: Participant, at: datetime, **whose: Any) -> None:
    with person_context(SystemActor("nobody comes to who may not know them")):
        for appointment in Appointment.objects.about(participant).coming(at).filter(**whose).select_related("participant"):
            if appointment.begins > max(at, timezone.now()):
                cancel(appointment=appointment, by=BookedBy.PARTICIPANT, at=at)


def _stop(participant: Participant, purpose: str, at: datetime) -> None:
    """A yes that is no longer there works at once: whoever saw something by it sees it no more."""
    if purpose == Purpose.REMINDERS:
        stop_messages(participant=participant, at=at)
    if purpose == Purpose.REPORT:
        forget_unapproved(participant=participant, at=at)
    if purpose not in (Purpose.DETAILS, Purpose.SHARE):
        return
    withdraw_all(participant=participant, at=at)
    if purpose == Purpose.DETAILS:
        _cancel(participant, at)
        withdraw_code(participant=participant, at=at)
    accesses = ParticipantAccess.objects.open().filter(participant=participant)
    if purpose == Purpose.SHARE:
        accesses = accesses.filter(reason=AccessReason.RECEIVES)
    accesses.end()
