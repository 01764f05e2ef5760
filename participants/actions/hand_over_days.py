"""When somebody may come to a place, and until when the place may answer."""

from datetime import date, datetime, timedelta

import holidays
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError

WORKING_DAYS = 3
# A place needs some time to read it
LEAST_NOTICE, FURTHEST = timedelta(hours=2), timedelta(days=120)


def checked_day(comes_at: datetime, at: datetime) -> tuple[datetime, datetime]:
    """The day, and until when the place may answer: three working days, or less when they come sooner."""
    if not at + LEAST_NOTICE <= comes_at <= at + FURTHEST:
        raise DomainError(_("Choose a time from two hours from now until four months ahead."))
    return comes_at, min(three_working_days(at), comes_at - LEAST_NOTICE / 2)


def three_working_days(at: datetime) -> datetime:
    """The same hour three working days on: not counting Saturdays, Sundays and national holidays."""
    local, left = timezone.localtime(at), WORKING_DAYS
    day, free = local.date(), holidays.country_holidays("NL")
    while left:
        day += timedelta(days=1)
        left -= _is_working_day(day, free)
    return timezone.make_aware(datetime.combine(day, local.time()), timezone.get_current_timezone())


def _is_working_day(day: date, free: holidays.HolidayBase) -> bool:
    return day.weekday() < 5 and day not in free
