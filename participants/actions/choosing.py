"""Somebody chooses a talk themselves, by a personal link."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from participants.actions.locks import locked
from participants.models import Appointment, Participant
from participants.notifications.choosing import link_went_today, send_link_to_choose


@transaction.atomic
def let_choose(*, participant: Participant, at: datetime) -> None:
    """Send them the link, once a day to one address however often it is asked. Raises DomainError."""
    participant = locked(participant.pk)
    if Appointment.objects.about(participant).coming(at).exists():
        raise DomainError(_("There is already an appointment. You can move it to another time."))
    went = link_went_today(participant=participant, at=at)
    if not send_link_to_choose(participant=participant, at=at):
        raise DomainError(_("No e-mail reaches this person. Choose a time together."))
    if not went:
        record_access(participant_id=participant.pk, what="booking.link", reason="makes an appointment", at=at)
