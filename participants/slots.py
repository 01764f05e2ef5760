"""Free times for a talk: weekly hours, days that differ, absences, holidays and what is taken in; times in UTC out. Pure, no database.

Hours are kept on the clock on the wall in Amsterdam, so that nine o'clock stays nine o'clock when the clock is changed. An hour that
does not exist in that night is not offered; of an hour that comes twice only the first, so that a time on paper means one moment.
Within, times are whole seconds since 1970: half of fifteen minutes is one of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import holidays

from fieldlab.lib.opening import ZONE, OpeningHours

# Talks begin on five minutes
GRID = 300
DAY = 86_400
_Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Hours:
    """When a professional talks at a place, and in which of its rooms, the preferred one first."""

    place: int
    rooms: tuple[int, ...]
    week: OpeningHours


@dataclass(frozen=True)
class Planner:
    """How one professional plans talks of one kind. `minutes` is how long, `buffer` what is kept free between two talks."""

    professional: int
    hours: tuple[Hours, ...]
    minutes: int = 60
    buffer: int = 15
    lead_hours: int = 24
    most_per_day: int = 4
    # First and last day, the last included
    absences: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Taken:
    """A talk of somebody: when it begins, and since and until when it takes the professional and the room."""

    professional: int
    room: int
    begins: datetime
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A free time; `begins` and `ends` in UTC."""

    begins: datetime
    ends: datetime
    professional: int
    place: int
    room: int


class Refusal(StrEnum):
    """Why a time cannot be had."""

    PAST = "past"
    TOO_SOON = "too soon"
    CLOSED = "closed"
    FULL = "enough talks that day"
    TAKEN = "taken"


def free_slots(planners: Iterable[Planner], taken: Iterable[Taken], *, at: datetime, since: datetime, upto: datetime) -> list[Slot]:
    """What can be booked at `at` of what begins from `since` until `upto`, the earliest first.

    The talks of a day follow each other from the opening on, or from what is taken on. Each could be booked; not all together, where two
    openings touch, a professional is at two places, or does at most so many a day.
    """
    busy = _Busy(taken)
    days = _days(since, upto)
    first, last = _seconds(since), _seconds(upto)
    found: list[Slot] = []
    moments: dict[int, datetime] = {}
    for planner in planners:
        earliest = max(first, _seconds(at) + max(planner.lead_hours * 3600, 1))
        need = planner.minutes * 60
        for begins, hours, room in _of_planner(planner, busy, days):
            if earliest <= begins < last:
                ends = begins + need
                if begins not in moments:
                    moments[begins] = datetime.fromtimestamp(begins, UTC)
                if ends not in moments:
                    moments[ends] = datetime.fromtimestamp(ends, UTC)
                found.append(Slot(moments[begins], moments[ends], planner.professional, hours.place, room))
    found.sort(key=lambda slot: (slot.begins, slot.professional, slot.place))
    return found


def why_not(planner: Planner, taken: Iterable[Taken], *, place: int, room: int, begins: datetime, at: datetime) -> Refusal | None:
    """Why this time cannot be had, the weightiest reason first; None when it can. Whatever `free_slots` gives, can."""
    # In seconds, as two times of one zone are compared and added to as the wall shows them
    start, now, busy = _seconds(begins), _seconds(at), _Busy(taken)
    if start <= now:
        return Refusal.PAST
    if busy.clash(("professional", planner.professional), start, planner) or busy.clash(("room", room), start, planner):
        return Refusal.TAKEN
    if start < now + planner.lead_hours * 3600:
        return Refusal.TOO_SOON
    day = begins.astimezone(ZONE).date()
    if start % GRID or begins.astimezone(ZONE).fold or not _open(planner, place, room, day, start):
        return Refusal.CLOSED
    return Refusal.FULL if busy.talks_on(planner.professional, day) >= planner.most_per_day else None


def occupied(begins: datetime, minutes: int, buffer: int) -> tuple[datetime, datetime]:
    """What a talk takes: half of the time between two talks before it, and half after."""
    half = timedelta(minutes=buffer) / 2
    return begins - half, begins + timedelta(minutes=minutes) + half


def is_holiday(day: date) -> bool:
    return day in _holidays(day.year)


# --- Below: one professional


def _of_planner(planner: Planner, busy: "_Busy", days: Sequence["_Day"]) -> Iterator[tuple[int, Hours, int]]:
    weeks = [(hours, hours.week.by_weekday(), bool(hours.week.exceptions)) for hours in planner.hours if hours.rooms]
    for day in days:
        if any(first <= day.date <= last for first, last in planner.absences):
            continue
        if busy.talks_on(planner.professional, day.date) >= planner.most_per_day:
            continue
        for hours, week, has_exceptions in weeks:
            if day.plain and not has_exceptions:
                spans = [(day.base + opens * 60, day.base + closes * 60) for opens, closes in week[day.weekday]]
            else:
                spans = _spans(hours.week, day.date)
            for span in spans:
                for begins, room in _talks(span, planner, hours.rooms, busy):
                    if not day.changes or not datetime.fromtimestamp(begins, ZONE).fold:
                        yield begins, hours, room


def _talks(span: tuple[int, int], planner: Planner, rooms: tuple[int, ...], busy: "_Busy") -> Iterator[tuple[int, int]]:
    """(begins, room), one after the other; after what is taken it goes on."""
    need, between = planner.minutes * 60, planner.buffer * 60
    begins, closes = _up(span[0]), span[1]
    while begins + need <= closes:
        again = busy.clash(("professional", planner.professional), begins, planner)
        if not again:
            waits = [(busy.clash(("room", room), begins, planner), room) for room in rooms]
            room = next((room for wait, room in waits if not wait), None)
            if room is not None:
                yield begins, room
                begins = _up(begins + need + between)
                continue
            again = min(wait for wait, _room in waits)
        begins = again


def _open(planner: Planner, place: int, room: int, day: date, start: int) -> bool:
    if any(first <= day <= last for first, last in planner.absences):
        return False
    ends = start + planner.minutes * 60
    return any(
        opens <= start and ends <= closes
        for hours in planner.hours
        if hours.place == place and room in hours.rooms
        for opens, closes in _spans(hours.week, day)
    )


def _spans(week: OpeningHours, day: date) -> _Spans:
    """When it is open; on a holiday only when hours were written down for that very day. Pieces that touch are one."""
    if is_holiday(day) and week.exception_on(day) is None:
        return []
    joined: _Spans = []
    for opens, closes in week.spans_on(day):
        span = _seconds(opens), _seconds(closes)
        if joined and joined[-1][1] == span[0]:
            span = joined.pop()[0], span[1]
        joined.append(span)
    return joined


class _Busy:
    """What is taken, by whom and by day, so that a day of one professional looks at a few times only."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self._times: dict[tuple[tuple[str, int], int], _Spans] = {}
        self._talks: dict[tuple[int, date], int] = {}
        for talk in taken:
            since, until = _seconds(talk.since), _seconds(talk.until)
            for who in (("professional", talk.professional), ("room", talk.room)):
                for day in range(since // DAY, until // DAY + 1):
                    self._times.setdefault((who, day), []).append((since, until))
            on = talk.professional, talk.begins.astimezone(ZONE).date()
            self._talks[on] = self._talks.get(on, 0) + 1

    def talks_on(self, professional: int, day: date) -> int:
        return self._talks.get((professional, day), 0)

    def clash(self, who: tuple[str, int], begins: int, planner: Planner) -> int:
        """When a talk at `begins` meets what is taken: from when on it may be tried again. 0: it meets nothing."""
        half = planner.buffer * 30
        since, until = begins - half, begins + planner.minutes * 60 + half
        latest = 0
        for day in range(since // DAY, until // DAY + 1):
            for taken_since, taken_until in self._times.get((who, day), ()):
                if taken_since < until and since < taken_until:
                    latest = max(latest, taken_until)
        return _up(latest + half) if latest else 0


@dataclass(frozen=True)
class _Day:
    date: date
    weekday: int
    # Midnight, in seconds since 1970
    base: int
    changes: bool
    # Neither a holiday nor a day on which the clock is changed
    plain: bool


def _days(since: datetime, upto: datetime) -> list[_Day]:
    first, last = since.astimezone(ZONE).date(), upto.astimezone(ZONE).date()
    return [_day(first + timedelta(days=each)) for each in range((last - first).days + 1)]


@lru_cache(maxsize=1024)
def _day(day: date) -> _Day:
    begins, ends = (datetime(each.year, each.month, each.day, tzinfo=ZONE) for each in (day, day + timedelta(days=1)))
    changes = begins.utcoffset() != ends.utcoffset()
    return _Day(day, day.weekday(), _seconds(begins), changes, not changes and not is_holiday(day))


@lru_cache(maxsize=16)
def _holidays(year: int) -> Any:
    return frozenset(holidays.country_holidays("NL", years=year))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _up(second: int) -> int:
    return -(-second // GRID) * GRID
