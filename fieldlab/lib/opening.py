"""Opening hours of a week with exceptions, in wall-clock time. Plain data in and out.

A time of day is minutes since midnight as the clock on the wall shows them, at most 1440 (24.00 hours); an opening runs until its
end and not through it. In the night that the clock goes back the same hour comes twice, and in the night that it goes forward an
hour does not exist: `is_open` follows the clock on the wall, as does the search table in PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
DAY_MINUTES = 1440
# How far `next_opening` looks, and how long one exception may last
AHEAD = timedelta(days=14)
LONGEST_EXCEPTION = timedelta(days=366)

Hours = tuple[tuple[int, int], ...]


class BadHours(ValueError):  # noqa: N818 - reads as what it says
    """Hours that overlap, end before they begin, or are no hours at all."""


@dataclass(frozen=True)
class OtherHours:
    """Days, the last one included, on which other hours hold than in a usual week; none of them: closed."""

    first: date
    last: date
    hours: Hours = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= LONGEST_EXCEPTION:
            raise BadHours("Days that end before they begin, or last longer than a year.")
        object.__setattr__(self, "hours", _in_order(self.hours))


@dataclass(frozen=True)
class OpeningHours:
    """Falsy when nothing was told. Raises BadHours when openings of one day, or exceptions, overlap."""

    # Each a day (Monday is 0), when it opens and when it closes
    week: tuple[tuple[int, int, int], ...] = ()
    exceptions: tuple[OtherHours, ...] = ()

    def __post_init__(self) -> None:
        if any(type(day) is not int or not 0 <= day <= 6 for day, _opens, _closes in self.week):
            raise BadHours("A day of the week is 0 to 6.")
        by_weekday = [_in_order(tuple((opens, closes) for day, opens, closes in self.week if day == each)) for each in range(7)]
        exceptions = sorted(self.exceptions, key=lambda exception: exception.first)
        if any(one.last >= other.first for one, other in pairwise(exceptions)):
            raise BadHours("Two exceptions on one day.")
        object.__setattr__(self, "week", tuple((day, *times) for day, hours in enumerate(by_weekday) for times in hours))
        object.__setattr__(self, "exceptions", tuple(exceptions))

    def __bool__(self) -> bool:
        return bool(self.week or self.exceptions)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Of what `to_json` gave. Raises BadHours."""
        try:
            week = tuple((day, opens, closes) for day, opens, closes in (data or {}).get("week", []))
            exceptions = tuple(
                OtherHours(
                    date.fromisoformat(each["from"]),
                    date.fromisoformat(each["until"]),
                    tuple((opens, closes) for opens, closes in each.get("hours", [])),
                    str(each.get("note", "")),
                )
                for each in (data or {}).get("exceptions", [])
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadHours("This is not how opening hours are written down.") from error
        return cls(week, exceptions)

    def to_json(self) -> dict[str, Any]:
        """`{"week": [[0, 540, 750]], "exceptions": [{"from": "2026-12-24", "until": "2026-12-26", "hours": [], "note": ""}]}`, or
        nothing at all when nothing was told."""
        if not self:
            return {}
        exceptions = [
            {
                "from": each.first.isoformat(),
                "until": each.last.isoformat(),
                "hours": [list(times) for times in each.hours],
                "note": each.note,
            }
            for each in self.exceptions
        ]
        return {"week": [list(opening) for opening in self.week], "exceptions": exceptions}

    def by_weekday(self) -> tuple[Hours, ...]:
        """Seven, of a usual week, from Monday on."""
        return tuple(tuple((opens, closes) for day, opens, closes in self.week if day == each) for each in range(7))

    def exception_on(self, day: date) -> OtherHours | None:
        return next((each for each in self.exceptions if each.first <= day <= each.last), None)

    def hours_on(self, day: date) -> Hours:
        exception = self.exception_on(day)
        return exception.hours if exception else self.by_weekday()[day.weekday()]

    def coming(self, at: datetime) -> tuple[OtherHours, ...]:
        """Exceptions that are not over."""
        today = at.astimezone(ZONE).date()
        return tuple(each for each in self.exceptions if each.last >= today)

    def is_open(self, at: datetime) -> bool:
        on_the_wall = at.astimezone(ZONE)
        minute = on_the_wall.hour * 60 + on_the_wall.minute
        return any(opens <= minute < closes for opens, closes in self.hours_on(on_the_wall.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which it is open, in UTC; None when there is none within 14 days."""
        for opens, closes in self._spans(at):
            if closes > at:
                return max(opens, at.astimezone(UTC)) if opens <= at + AHEAD else None
        return None

    def closes_at(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which it is no longer open, in UTC; None when it is closed, or open for 14 days on end."""
        closing = None
        for opens, closes in self._spans(at):
            if opens <= (closing or at) < closes:
                closing = closes
        return closing if closing and closing <= at + AHEAD else None

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From the day of `at` on, in order, when it is really open: (from, until) in UTC."""
        today = at.astimezone(ZONE).date()
        for days in range(AHEAD.days + 2):
            day = today + timedelta(days=days)
            yield from self.spans_on(day)

    def spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """When it is really open on this day: (from, until) in UTC. An opening in which the clock is changed comes in two pieces."""
        hours = self.hours_on(day)
        for begins, ends, shift in _clock_of(day) if hours else ():
            for opens, closes in hours:
                span = max(begins, _utc(day, opens) - shift), min(ends, _utc(day, closes) - shift)
                if span[0] < span[1]:
                    yield span


def start_of(day: date) -> datetime:
    """The moment at which a day begins here."""
    return datetime.combine(day, time(), ZONE)


def _in_order(hours: Hours) -> Hours:
    if any(type(minute) is not int for times in hours for minute in times):
        raise BadHours("A time is a whole number of minutes.")
    if not all(0 <= opens < closes <= DAY_MINUTES for opens, closes in hours):
        raise BadHours("An opening that ends before it begins.")
    hours = tuple(sorted(hours))
    if any(one[1] > other[0] for one, other in pairwise(hours)):
        raise BadHours("Two openings at the same time.")
    return hours


def _utc(day: date, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)


def _clock_of(day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """The day in pieces in which the clock runs on: (from, until, how far it is ahead), in UTC. Two when the clock is changed."""
    begins, ends = (datetime(each.year, each.month, each.day, tzinfo=ZONE) for each in (day, day + timedelta(days=1)))
    before, after = begins.utcoffset() or timedelta(), ends.utcoffset() or timedelta()
    first, last = begins.astimezone(UTC), ends.astimezone(UTC)
    if before == after:
        return [(first, last, before)]
    low, high = 0, int((last - first) / timedelta(minutes=1))
    while high - low > 1:
        middle = (low + high) // 2
        ahead = (first + timedelta(minutes=middle)).astimezone(ZONE).utcoffset()
        low, high = (middle, high) if ahead == before else (low, middle)
    change = first + timedelta(minutes=high)
    return [(first, change, before), (change, last, after)]
