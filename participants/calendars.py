"""Appointments as calendars take them: when and where, and nothing of whom, what for or why.

A calendar stands on phones and desks of others, and goes to companies elsewhere.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fieldlab.lib.ics import Entry
from participants.models import Appointment, AppointmentStatus, TalkPlace
from participants.querysets import AppointmentQuerySet

# What a calendar address shows of what is over
LOOKS_BACK = timedelta(days=92)


def entry_of(appointment: Appointment, *, stamp: datetime, cancelled: bool = False) -> Entry:
    """In the language that is active. The same appointment is the same event, in whichever file."""
    return Entry(
        uid=uid_of(appointment),
        sequence=appointment.sequence,
        begins=appointment.begins,
        ends=appointment.ends,
        stamp=stamp,
        summary=_("Appointment"),
        location=where(appointment.place),
        cancelled=cancelled,
    )


def entry_in_feed(appointment: Appointment) -> Entry:
    """Stamped so that the same appointment is the same text again."""
    stamp = appointment.cancelled_at or appointment.booked_at
    return entry_of(appointment, stamp=stamp, cancelled=appointment.status == AppointmentStatus.CANCELLED)


def uid_of(appointment: Appointment) -> str:
    """For ever the same, also when the site moves to another address."""
    return f"appointment-{appointment.pk}@fieldlab"


def where(place: TalkPlace) -> str:
    return ", ".join(filter(None, (place.name, place.address)))


def in_feed(appointments: AppointmentQuerySet, at: datetime) -> AppointmentQuerySet:
    """What a professional's calendar address shows: of the last quarter and all that comes; what was cancelled, as such."""
    shown = appointments.filter(status__in=("booked", "came", "missed", "cancelled"), begins__gte=at - LOOKS_BACK)
    return shown.order_by("begins", "pk")
