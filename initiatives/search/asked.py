"""What somebody asks of the map, and the address that holds it: read from anything, written in one way."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fieldlab.areas.actions import postcode_digits
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from initiatives.models import Accessibility, Activity, Audience, Kind, Language, Offer, Phase
from initiatives.search.areas import areas

LONGEST_QUERY, LONGEST_PLACE = 120, 120
# About 100 metres: nobody's front door stands in an address
DECIMALS, BOX_DECIMALS = 3, 5
# As far north as a map in Mercator's projection goes
MOST_NORTH = 85.0


class Box(NamedTuple):
    """A piece of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Group:
    """Filters of one sort: `name` in the address (and `formerly`), `field` of Asked, `column` of SearchEntry."""

    name: str
    field: str
    column: str
    choices: type[TextChoices]
    label: StrOrPromise
    # An entry may have several of these
    many: bool = True
    formerly: str = ""


GROUPS = (
    Group("doet", "activities", "activity", Activity, _("What people do there"), many=False, formerly="activity"),
    Group("aanbod", "offers", "offers", Offer, _("What you find there")),
    Group("taal", "languages", "languages", Language, _("Language spoken")),
    Group("toegang", "accessibility", "accessibility", Accessibility, _("Accessible")),
    Group("voor", "audiences", "audiences", Audience, _("Especially for")),
    Group("soort", "kinds", "kind", Kind, _("Kind of place"), many=False, formerly="kind"),
    Group("fase", "phases", "phase", Phase, _("How far they are"), many=False),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks. Within a group one of the values must hold, and every group that is asked.

    `place` is what was typed where a postcode is asked: a postcode, or words that are still to be looked up; it becomes `near`.
    `unknown` names what was in the address and does not exist; it is left out.
    """

    words: str = ""
    place: str = ""
    near: Point | None = None
    activities: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    area: Area | None = None
    open_now: bool = False
    room_now: bool = False
    contacts: bool = False
    box: Box | None = None
    page: int = 1
    unknown: tuple[str, ...] = ()

    @property
    def filtered(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.words or self.area or self.open_now or self.room_now or self.box or any(map(self.chosen, GROUPS)))

    def chosen(self, group: Group) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, group.field)
        return values

    def without(self, group: Group, value: str = "") -> Asked:
        """The same without one value of a group, or without the group."""
        left: Any = {group.field: tuple(each for each in self.chosen(group) if value and each != value)}
        return replace(self, page=1, **left)


def read_question(get: QueryDict) -> Asked:
    """Anything may be in an address: what does not exist is left out and named in `unknown`."""
    read: dict[str, Any] = {}
    unknown: list[str] = []
    for group in GROUPS:
        given = {value for name in (group.name, group.formerly) if name for value in get.getlist(name)} - {""}
        read[group.field] = tuple(value for value in group.choices.values if value in given)
        if len(read[group.field]) < len(given):
            unknown.append(group.name)
    for name, field, only in (("open", "open_now", "nu"), ("plek", "room_now", "nu"), ("toon", "contacts", "aanspreekpunten")):
        read[field] = get.get(name) == only
        if get.get(name, only) not in (only, ""):
            unknown.append(name)
    for name, field, parse in (("gebied", "area", _area), ("bij", "near", _point), ("vak", "box", _box)):
        given_text = get.get(name, "") or (get.get("area", "") if name == "gebied" else "")
        read[field] = parse(given_text)
        if given_text and read[field] is None:
            unknown.append(name)
    page, place = get.get("page", ""), _line(get.get("postcode", ""), LONGEST_PLACE)
    if postcode_digits(place):
        # Typed after the place that the form still passes on
        read["near"] = None
    return Asked(
        words=_line(get.get("q", ""), LONGEST_QUERY),
        place=place,
        page=max(1, int(page)) if re.fullmatch(r"[0-9]{1,18}", page) else 1,
        unknown=tuple(unknown),
        **read,
    )


def querystring(asked: Asked, **changes: Any) -> str:
    """The question as an address holds it, always in the same order; a place that is no postcode is not in it."""
    asked = replace(asked, **changes)
    pairs: list[tuple[str, object]] = [("q", asked.words)]
    if asked.near:
        pairs.append(("bij", f"{round(asked.near.lat, DECIMALS)},{round(asked.near.lon, DECIMALS)}"))
    elif postcode_digits(asked.place):
        pairs.append(("postcode", asked.place))
    pairs += [(group.name, value) for group in GROUPS for value in asked.chosen(group)]
    pairs += [
        ("gebied", asked.area and asked.area.code),
        ("open", asked.open_now and "nu"),
        ("plek", asked.room_now and "nu"),
        ("toon", asked.contacts and "aanspreekpunten"),
        ("vak", asked.box and ",".join(str(round(side, BOX_DECIMALS)) for side in asked.box)),
        ("page", asked.page if asked.page > 1 else ""),
    ]
    return urlencode([(name, value) for name, value in pairs if value], safe=",")


def address_of(asked: Asked, **changes: Any) -> str:
    """The map page with this question, some of its fields changed: `address_of(asked, area=None)`. A change goes to the first page."""
    query = querystring(asked, **({"page": 1} | changes))
    return reverse("map") + (query and f"?{query}")


def _line(text: str, longest: int) -> str:
    return " ".join(text[: 4 * longest].replace("\x00", " ").split())[:longest]


def _area(code: str) -> Area | None:
    return areas().by_code.get(code) if code else None


def _point(text: str) -> Point | None:
    lat, lon = _numbers(text, 2) or (math.inf, math.inf)
    if abs(lat) > MOST_NORTH or abs(lon) > 180:
        return None
    return Point(round(lon, DECIMALS), round(lat, DECIMALS))


def _box(text: str) -> Box | None:
    box = Box(*(_numbers(text, 4) or (math.inf,) * 4))
    in_order = -180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90
    return box if in_order else None


def _numbers(text: str, count: int) -> list[float] | None:
    parts = text.split(",") if len(text) <= 120 else []
    if len(parts) != count or not all(re.fullmatch(r"\s*-?[0-9]{1,3}(\.[0-9]{0,20})?\s*", part, re.ASCII) for part in parts):
        return None
    return [float(part) for part in parts]
