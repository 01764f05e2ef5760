"""The answer to a question: one page of hits, all counts, and whom to ask there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fieldlab.areas.actions import area_at
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from fieldlab.lib.opening import DAY_MINUTES, ZONE, OpeningHours
from initiatives.models import Access, AreaContact, Initiative
from initiatives.search.areas import Areas
from initiatives.search.asked import Asked
from initiatives.search.distances import Distance, distance, nearest
from initiatives.search.facets import Counts, count
from initiatives.search.kept import Moment
from initiatives.search.matching import Reading, matching, prepare
from initiatives.search.places import centre_of
from initiatives.search.words import Marker, ranked

PER_PAGE = 40
MOST_CONTACTS = 60


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, and when that changes: (True, "until 17.00") or (False, "Open tomorrow from 10.00")."""

    now: bool
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One initiative as the list shows it. `number` is its place in the list, 0 when it stands on its own."""

    initiative: Initiative
    number: int
    name: SafeString
    summary: SafeString
    # Why it was found, when neither name nor summary shows that
    fragment: SafeString
    distance: Distance | None
    opening: Opening | None

    @property
    def point(self) -> Point | None:
        return self.initiative.shown_point

    @property
    def key(self) -> str:
        """As it is written in a page, without thousands separators."""
        return str(self.initiative.pk)

    @property
    def place(self) -> str:
        """The street, without the number: that stands on its page; or else the neighbourhood."""
        return self.initiative.street or (self.initiative.area.name if self.initiative.area else "")


@dataclass(frozen=True, slots=True)
class Found:
    """`centre` is what was asked to be near, in `around`; `alike` when only something like the words was found."""

    asked: Asked
    page: "Page[int]"
    hits: list[Hit]
    counts: Counts
    centre: Point | None
    around: Area | None
    alike: bool
    reading: Reading

    @property
    def total(self) -> int:
        return self.counts.total


class _Keys:
    """What a Paginator needs: a count that is known already, and the keys of one page."""

    def __init__(self, asked: Asked, reading: Reading, at: datetime, centre: Point | None, total: int) -> None:
        self.asked, self.reading, self.at, self.centre, self.total = asked, reading, at, centre, total

    def count(self) -> int:
        return self.total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, piece: slice) -> list[int]:
        entries = matching(self.asked, at=self.at, reading=self.reading)
        start, stop = piece.start, piece.stop
        if self.centre:
            return nearest(entries, self.centre, start, stop)
        if any(word.stem for word in self.reading.words):
            entries = entries.order_by(ranked(self.reading.groups).desc(), "name", "pk")
        else:
            entries = entries.order_by("name", "pk")
        return list(entries.values_list("pk", flat=True)[start:stop])


def find(asked: Asked, *, at: datetime, now: Moment | None = None) -> Found:
    """With `now`, counts may be those of another question at this moment."""
    reading = prepare(asked)
    counts = count(asked, reading, at, now)
    centre = centre_of(asked)
    keys: Any = _Keys(asked, reading, at, centre, counts.total)
    page: Page[int] = Paginator(keys, PER_PAGE).get_page(asked.page)
    return Found(
        asked=asked,
        page=page,
        hits=hits(list(page), page.start_index(), Marker(reading.words), centre, at),
        counts=counts,
        centre=centre,
        around=area_at(centre) if centre else None,
        alike=reading.alike and counts.total > 0,
        reading=reading,
    )


def hits(keys: list[int], first: int, marker: Marker, centre: Point | None, at: datetime) -> list[Hit]:
    """These initiatives as they are shown, in this order, numbered from `first`."""
    initiatives = _shown(with_all_words=bool(marker.words)).in_bulk(keys)
    return [hit(initiatives[pk], number, marker, centre, at) for number, pk in enumerate(keys, first) if pk in initiatives]


def hit(initiative: Initiative, number: int, marker: Marker, centre: Point | None, at: datetime) -> Hit:
    name, summary = marker.mark(initiative.name), marker.mark(initiative.summary)
    return Hit(
        initiative=initiative,
        number=number,
        name=name,
        summary=summary,
        fragment=marker.elsewhere(initiative, name, summary),
        distance=distance(centre, initiative.shown_point),
        opening=opening(initiative.hours, at) if initiative.access != Access.APPOINTMENT else None,
    )


def one(key: int, *, at: datetime) -> Hit | None:
    """A published initiative as the list would show it; None when there is none."""
    initiative = _shown().filter(pk=key).first()
    return hit(initiative, 0, Marker(), None, at) if initiative else None


_COLUMNS = ("slug", "name", "kind", "activity", "summary", "access", "street", "location", "opening_hours", "room", "room_at")


def _shown(*, with_all_words: bool = False) -> Any:
    columns = [*_COLUMNS, *(["description", "offers", "languages"] if with_all_words else [])]
    published = Initiative.objects.published().select_related("area", "photo")
    return published.only(*columns, "area__name", "area__centre", "photo__width", "photo__height", "photo__alternative_text")


# --- Opening hours in a few words


def opening(hours: OpeningHours, at: datetime) -> Opening | None:
    """By the clock on the wall; None when nothing is told for the coming week."""
    if not hours:
        return None
    local = at.astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    for opens, closes in hours.hours_on(local.date()):
        if opens <= minute < closes:
            return Opening(True, _("until %(time)s") % {"time": _clock(closes)})
        if opens > minute:
            return Opening(False, _("Open today from %(time)s") % {"time": _clock(opens)})
    for days in range(1, 8):
        day = local.date() + timedelta(days=days)
        if times := hours.hours_on(day):
            time = _clock(times[0][0])
            if days == 1:
                return Opening(False, _("Open tomorrow from %(time)s") % {"time": time})
            return Opening(False, _("Open on %(day)s from %(time)s") % {"day": WEEKDAYS[day.weekday()], "time": time})
    return None


def _clock(minutes: int) -> str:
    return f"{minutes // 60}.{minutes % 60:02}" if minutes < DAY_MINUTES else "24.00"


# --- Whom to ask


def contacts_for(area: Area, tree: Areas) -> list[AreaContact]:
    """The municipal contacts nearest to home: of the area itself, else of what it lies in."""
    lies_in = [area, *reversed(tree.above(area))]
    found = AreaContact.objects.filter(areas__in=lies_in).distinct().prefetch_related(_areas())
    for each in lies_in:
        if of_this := [contact for contact in found if each in contact.areas.all()]:
            return of_this
    return []


def other_contacts(than: list[AreaContact]) -> list[AreaContact]:
    others = AreaContact.objects.exclude(pk__in=[contact.pk for contact in than])
    return list(others.prefetch_related(_areas()).order_by("name", "pk")[:MOST_CONTACTS])


def _areas() -> Prefetch[Any]:
    return Prefetch("areas", Area.objects.in_force().defer("boundary"))
