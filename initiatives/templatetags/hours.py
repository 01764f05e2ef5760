"""Opening hours in words: `{% load hours %}{% opening_words hours now as told %}`."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fieldlab.lib.opening import ZONE, Hours, OpeningHours, OtherHours

register = template.Library()


@dataclass(frozen=True)
class Row:
    name: str
    hours: str
    today: bool = False
    note: str = ""


@dataclass(frozen=True)
class Told:
    """What a page says: `sentence` about now, the `week` from Monday on, and the days that differ."""

    open: bool
    sentence: str
    week: list[Row]
    exceptions: list[Row] = field(default_factory=list)


@register.simple_tag
def opening_words(hours: OpeningHours, now: datetime) -> Told:
    today = now.astimezone(ZONE).date()
    return Told(
        open=hours.is_open(now),
        sentence=_now(hours, now),
        week=[Row(str(WEEKDAYS[day]), times(each), today.weekday() == day) for day, each in enumerate(hours.by_weekday())],
        exceptions=[Row(days(each), times(each.hours), each.first <= today, each.note) for each in hours.coming(now)],
    )


@register.filter
def clock(minutes: int) -> str:
    """570 as "9.30"."""
    return f"{minutes // 60}.{minutes % 60:02}"


def times(hours: Hours) -> str:
    """ "9.00 – 12.30 and 13.30 – 17.00", or that it is closed."""
    return _(" and ").join(f"{clock(opens)}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{clock(closes)}" for opens, closes in hours) or _("closed")


def days(exception: OtherHours) -> str:
    """One day, or the first and the last."""
    first, last = (date_format(day, "l j F") for day in (exception.first, exception.last))
    return first if first == last else _("%(first)s until and including %(last)s") % {"first": first, "last": last}


def _now(hours: OpeningHours, now: datetime) -> str:
    today = now.astimezone(ZONE).date()
    if hours.is_open(now):
        closes = hours.closes_at(now)
        if closes is None:
            return _("Open now")
        closes = closes.astimezone(ZONE)
        midnight = closes.date() == today + timedelta(days=1) and not closes.hour and not closes.minute
        time = "24.00" if midnight else f"{closes.hour}.{closes.minute:02}"
        if closes.date() == today or midnight:
            return _("Open now, until %(time)s") % {"time": time}
        return _("Open now, until %(day)s %(time)s") % {"day": _day(closes.date(), today), "time": time}
    opens = hours.next_opening(now)
    if opens is None:
        return _("Closed now")
    opens = opens.astimezone(ZONE)
    time = f"{opens.hour}.{opens.minute:02}"
    if opens.date() == today:
        return _("Closed now. Open today at %(time)s") % {"time": time}
    return _("Closed now. Open again %(day)s at %(time)s") % {"day": _day(opens.date(), today), "time": time}


def _day(day: date, today: date) -> str:
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return date_format(day, "l" if day < today + timedelta(days=7) else "l j F")
