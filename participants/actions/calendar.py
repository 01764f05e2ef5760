"""Reminders, and the private address by which a calendar program reads a professional's talks."""

import hashlib
import re
import secrets
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.alone import each_alone
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.models import Appointment, CalendarFeed, Professional
from participants.notifications import appointments as notifications

# A reminder goes the day before, on the clock on the wall: not before people are up, and not when they sleep
REMIND_FROM, REMIND_UNTIL = time(10), time(20)
# Who heard of it so short ago needs no reminder
JUST_HEARD = timedelta(hours=12)
MOST = 500
# How far back undelivered messages are looked for
FAILED_SINCE = timedelta(days=2)
_ABOUT = re.compile(r"^to:[0-9a-f-]{36}:appointment:(?P<appointment>[0-9a-f-]{36}):(?P<sequence>\d+):")
# What a calendar program reads every few minutes is written down once an hour
READ_EVERY = timedelta(hours=1)


# --- Reminders


def remind(*, at: datetime) -> int:
    """Remind of the talks of tomorrow, each once; how many.

    Who cannot be reached by a message, or did not say yes to reminders, keeps `reminded_at` empty: a professional calls.
    """
    if not REMIND_FROM <= timezone.localtime(at).time() < REMIND_UNTIL:
        return 0
    with person_context(SystemActor("looks whom to remind")):
        due = list(Appointment.objects.to_remind(at).values_list("pk", flat=True)[:MOST])
    return each_alone(due, lambda pk: _remind_of(pk, at))


def _remind_of(pk: UUID, at: datetime) -> bool:
    """In a transaction of its own, so that one that fails holds up no other; two at once remind once."""
    with person_context(SystemActor("reminds of a talk")):
        due = Appointment.objects.to_remind(at).select_for_update(skip_locked=True, of=["self"])
        appointment = due.filter(pk=pk, participant__erased_at=None).first()
        if appointment is None or _just_heard(appointment, at):
            return False
        if not notifications.remind(appointment=appointment, at=at):
            return False
        appointment.reminded_at = at
        appointment.save(update_fields=["reminded_at"])
        return True


def _just_heard(appointment: Appointment, at: datetime) -> bool:
    about = notifications.prefix_to_participant(appointment)
    return OutboxMessage.objects.filter(key__startswith=about, created_at__gt=at - JUST_HEARD).exists()


def find_untold(*, at: datetime) -> int:
    """Put on the list of who must be called: whose message about a coming talk could not be delivered. Returns how many."""
    failed = OutboxMessage.objects.filter(key__startswith="to:", failed_at__gte=at - FAILED_SINCE, emptied_at=None)
    about = [match for key in failed.values_list("key", flat=True) if (match := _ABOUT.match(key))]
    found = 0
    for match in about:
        with person_context(SystemActor("a message was not delivered")):
            untold = Appointment.objects.filter(pk=match["appointment"], sequence=match["sequence"], begins__gt=at, to_tell_since=None)
            found += untold.update(to_tell_since=at)
    return found


# --- The address that a calendar reads


@transaction.atomic
def make_feed(*, professional: Professional, at: datetime) -> str:
    """A new address; its token, which is nowhere else. Raises DomainError while there is one."""
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            CalendarFeed.objects.create(professional=professional, digest=_digest(token), created_at=at)
    except IntegrityError as error:
        raise DomainError(_("There is already an address. Withdraw it first.")) from error
    return token


@transaction.atomic
def withdraw_feed(*, professional: Professional, at: datetime) -> None:
    """From now on the address opens nothing. Withdrawn twice is withdrawn once."""
    CalendarFeed.objects.filter(professional=professional, revoked_at=None).update(revoked_at=at)


def open_feed(*, token: str, at: datetime) -> Professional | None:
    """Whose talks this address shows, if it still does; that it was read is kept, by the hour."""
    feeds = CalendarFeed.objects.filter(digest=_digest(token), revoked_at=None, professional__ended_at=None)
    feeds = feeds.filter(professional__user__is_active=True, professional__user__decides_on_benefits=False)
    found = feeds.select_related("professional__user").first()
    if found is None:
        return None
    if found.read_at is None or found.read_at <= at - READ_EVERY:
        CalendarFeed.objects.filter(pk=found.pk).filter(Q(read_at=None) | Q(read_at__lte=at - READ_EVERY)).update(read_at=at)
    return found.professional


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
