"""The personal links in a mail: to an appointment, until the talk is over, and to choose one, for a fortnight.

Whoever changes how they are reached closes the links that went to the former number or address.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fieldlab.audit.context import SystemActor, as_platform, person_context
from fieldlab.lib.links import LinkExpired, LinkInvalid, make_link_token, read_link_token
from participants.models import Appointment, Participant
from participants.notifications.reach import reach

APPOINTMENT_LINK, BOOKING_LINK = "appointment", "booking"
CHOOSE_WITHIN = timedelta(days=14)


def appointment_token(appointment: Appointment) -> str:
    """For this appointment wherever it moves to, as people look for the first mail too; of an offer, as long as it is held."""
    expires = appointment.held_until or appointment.ends
    return make_link_token(APPOINTMENT_LINK, appointment.pk, _sent_to(appointment), expires)


def read_appointment_token(token: str, at: datetime) -> Appointment | None:
    """What it opens; None for what is no such link, too old, or sent to where its owner is no longer reached. Opens its own context."""
    try:
        claim = read_link_token(APPOINTMENT_LINK, token, at)
        with person_context(SystemActor("looks whose link it is")):
            found = Appointment.objects.select_related("participant__key").filter(pk=UUID(claim.object_id), participant__erased_at=None)
            appointment: Appointment | None = found.first()
            if appointment is not None:
                claim.check_revision(_sent_to(appointment))
    except (LinkInvalid, LinkExpired):
        return None
    return appointment


def booking_token(participant: Participant, at: datetime) -> str:
    """By which somebody chooses a talk themselves."""
    return make_link_token(BOOKING_LINK, participant.pk, _sent_to(participant), at + CHOOSE_WITHIN)


def read_booking_token(token: str, at: datetime) -> UUID | None:
    """Of which participant it is; None as for an appointment's. Opens its own context."""
    try:
        claim = read_link_token(BOOKING_LINK, token, at)
        with person_context(SystemActor("looks whose link it is")):
            participant = Participant.objects.select_related("key").filter(pk=UUID(claim.object_id), erased_at=None).first()
            if participant is None:
                return None
            claim.check_revision(_sent_to(participant))
    except (LinkInvalid, LinkExpired):
        return None
    return UUID(claim.object_id)


def booking_key(participant: Participant, at: datetime) -> str:
    """Of the mail with that link, which goes once a day to one address."""
    return f"booking-link:{timezone.localdate(at)}:{_sent_to(participant)}"


def _sent_to(whose: Appointment | Participant) -> str:
    """Nobody reads an address from it, and another address is another one."""
    with as_platform("addresses a link"):  # whoever makes it need not see the participant
        address = reach(whose.participant if isinstance(whose, Appointment) else whose).address
    return salted_hmac("participants.links", address, algorithm="sha256").hexdigest()[:16]


def appointment_address(appointment: Appointment) -> str:
    return settings.SITE_URL + reverse("appointment_link", args=[appointment_token(appointment)])


def booking_address(participant: Participant, at: datetime) -> str:
    return settings.SITE_URL + reverse("book_by_link", args=[booking_token(participant, at)])
