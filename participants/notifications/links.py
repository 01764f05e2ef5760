"""The personal link in a mail about an appointment: it opens that appointment, until the talk is over."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from fieldlab.lib.links import LinkExpired, LinkInvalid, make_link_token, read_link_token
from participants.models import Appointment

APPOINTMENT_LINK = "appointment"


def appointment_token(appointment: Appointment) -> str:
    """For this appointment wherever it moves to, as people look for the first mail too; of an offer, as long as it is held."""
    expires = appointment.held_until or appointment.ends
    return make_link_token(APPOINTMENT_LINK, appointment.pk, 0, expires)


def read_appointment_token(token: str, at: datetime) -> UUID | None:
    """Which appointment it opens; None for what is no such link, or too old."""
    try:
        return UUID(read_link_token(APPOINTMENT_LINK, token, at).object_id)
    except (LinkInvalid, LinkExpired):
        return None


def appointment_address(appointment: Appointment) -> str:
    return settings.SITE_URL + reverse("appointment_link", args=[appointment_token(appointment)])
