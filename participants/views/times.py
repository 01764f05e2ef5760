"""Free times as people choose them: days with a few times each, and what comes back in an address or a form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.http import QueryDict
from django.utils import timezone

from fieldlab.lib.geo import Point
from participants.actions.free_times import Offered
from participants.models import Professional, TalkPlace, TalkRoom

DAYS, FEW = 4, 6
# No time that far away is reckoned with
FURTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Day:
    date: date
    times: list[Offered]


@dataclass(frozen=True)
class Days:
    """A page of days; `later` is the first day of the next page."""

    shown: list[Day]
    later: date | None = None
    is_first: bool = True

    @property
    def with_several(self) -> bool:
        """Whether it makes a difference with whom."""
        return len({each.slot.professional for day in self.shown for each in day.times}) > 1


@dataclass(frozen=True)
class Choice:
    """A time that was chosen: with whom and in which room. Whether it is free is the action's to say."""

    begins: datetime
    professional: Professional
    room: TalkRoom

    @property
    def value(self) -> str:
        """As it came: what `read_choice` reads."""
        return f"{int(self.begins.timestamp())}-{self.professional.pk}-{self.room.pk}"


@dataclass(frozen=True)
class Here:
    """From where a distance is told."""

    shown_point: Point | None


@dataclass(frozen=True)
class PlaceRow:
    """A place to choose: how far, and when one could come first."""

    place: TalkPlace
    first: Offered
    metres: float | None
    rooms: list[TalkRoom] = field(default_factory=list)

    @property
    def shown_point(self) -> Point | None:
        return self.place.point

    @property
    def has_quiet_room(self) -> bool:
        return any(room.quiet for room in self.rooms)

    @property
    def is_step_free(self) -> bool:
        return any(room.step_free for room in self.rooms)


def days_of(offered: Iterable[Offered], begun: date | None) -> Days:
    """From `begun` on, or from the first day with a free time; of each day a few, and each moment once."""
    by_day = [(day, list(times)) for day, times in groupby(offered, lambda each: timezone.localdate(each.slot.begins))]
    from_then = [each for each in by_day if begun is None or each[0] >= begun]
    shown = [Day(day, _few(times)) for day, times in from_then[:DAYS]]
    return Days(shown, from_then[DAYS][0] if len(from_then) > DAYS else None, len(from_then) == len(by_day))


def _few(times: list[Offered]) -> list[Offered]:
    once: dict[datetime, Offered] = {}
    for each in times:
        once.setdefault(each.slot.begins, each)
    found = list(once.values())
    if len(found) <= FEW:
        return found
    return [found[number * len(found) // FEW] for number in range(FEW)]


def day_asked(query: QueryDict) -> date | None:
    try:
        return date.fromisoformat(query.get("vanaf", ""))
    except ValueError:
        return None


def read_choice(value: str) -> Choice | None:
    """What `Offered.value` gave; None for anything else, and for who or what is not there."""
    try:
        second, professional_id, room_id = (int(each) for each in value[:60].split("-"))
        begins = datetime.fromtimestamp(second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not max(professional_id, room_id) < 2**31 or abs(begins - timezone.now()) > FURTHEST:
        return None
    professional = Professional.objects.helping().select_related("user").filter(pk=professional_id).first()
    room = TalkRoom.objects.select_related("place__initiative").filter(pk=room_id, ended_at=None).first()
    return Choice(begins, professional, room) if professional and room else None
