"""Which of many free times suit somebody best: one rule for the participant's own page and for the desk. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from fieldlab.areas.models import Area
from participants.actions.free_times import Offered

BEST, SOON = 3, timedelta(weeks=2)


@dataclass(frozen=True)
class Suits:
    """What somebody speaks, and where they live, as far as that is known."""

    languages: Collection[str]
    home: Area | None

    def speaks(self, each: Offered) -> bool:
        return bool(set(self.languages) & set(each.professional.languages))

    def metres(self, each: Offered) -> float | None:
        """None: it is not known how far."""
        centre = self.home.centre if self.home else None
        return centre.metres_to(each.place.point) if centre and each.place.point else None

    def by_moment(self, offered: Iterable[Offered]) -> list[Offered]:
        """The earliest first; of two at one moment who speaks the language, then the nearest."""
        return sorted(offered, key=lambda each: (each.slot.begins, *self._order(each), each.slot.professional))

    def best(self, offered: Iterable[Offered], *, at: datetime) -> list[Offered]:
        """At most three within a fortnight: in their language, then near, then soon; of a place one a day, so that there is a choice."""
        soon = [each for each in offered if each.slot.begins <= at + SOON]
        found: dict[tuple[int, object], Offered] = {}
        for each in sorted(soon, key=lambda each: (*self._order(each), each.slot.begins, each.slot.professional)):
            found.setdefault((each.slot.place, timezone.localdate(each.slot.begins)), each)
        return list(found.values())[:BEST]

    def _order(self, each: Offered) -> tuple[bool, bool, float]:
        metres = self.metres(each)
        return not self.speaks(each), metres is None, metres or 0
