"""A piece of the map where there is too much to send all: PostgreSQL counts it in a grid, the map's script draws the counts."""

import math
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, FloatField, Func, IntegerField, Max, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError
from initiatives.models import Kind, SearchEntry
from initiatives.search.areas import Areas, areas
from initiatives.search.asked import MOST_NORTH, Asked, Box
from initiatives.search.distances import InBox
from initiatives.search.matching import matching

CELL = 84  # pixels: a sign with its name still fits
MOST_CELLS = 48  # across, and down: a screen of 4,000 pixels
TILE = 256  # pixels of the whole world at zoom 0
ZOOMS = range(8, 20)
DISTRICTS_TO = 11  # zoomed out as far as this, districts are counted
NOWHERE = Box(math.inf, math.inf, -math.inf, -math.inf)


class View(NamedTuple):
    """What somebody sees of the map."""

    box: Box
    zoom: int

    @property
    def cell(self) -> tuple[float, float]:
        """A cell of the grid in degrees, about square. The same wherever the map is moved, so that clusters stay put."""
        width = CELL * 360 / (TILE * 2**self.zoom)
        return width, width * math.cos(math.radians(round((self.box.south + self.box.north) / 2)))


@dataclass(slots=True)
class Cell:
    """What lies in one cell. `lon` and `lat` are sums of degrees; `key` is one of its places."""

    key: int
    places: int = 0
    lon: float = 0
    lat: float = 0
    sides: Box = NOWHERE
    neighbourhoods: Counter[int] = field(default_factory=Counter)

    def add(self, neighbourhood: int, places: int, lon: float, lat: float, sides: Box) -> None:
        self.places += places
        self.lon += lon
        self.lat += lat
        self.neighbourhoods[neighbourhood] += places
        self.sides = Box(*(reach(pair) for reach, pair in zip((min, min, max, max), zip(self.sides, sides, strict=True), strict=True)))

    def area(self, known: Areas) -> str:
        """The name of the neighbourhood that most of them lie in."""
        most = known.by_pk.get(self.neighbourhoods.most_common(1)[0][0])
        return most.name if most else ""

    @property
    def middle(self) -> tuple[int, int]:
        return _whole(self.lon / self.places), _whole(self.lat / self.places)


def read_view(box: str, zoom: str) -> View:
    """Of "west,south,east,north" in degrees and a zoom level as Leaflet counts them. DomainError says what is wrong."""
    numbers = box.split(",") if len(box) <= 200 else []
    if len(numbers) != 4 or not all(re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,20})?", number, re.ASCII) for number in numbers):
        raise DomainError(_("A piece of the map is four numbers: west, south, east and north, in degrees, with commas between them."))
    if not re.fullmatch(r"[0-9]{1,2}", zoom, re.ASCII) or int(zoom) not in ZOOMS:
        raise DomainError(_("The zoom level is a number from %(least)d to %(most)d.") % {"least": ZOOMS[0], "most": ZOOMS[-1]})
    view = View(Box(*map(float, numbers)), int(zoom))
    west, south, east, north = view.box
    if not (-180 <= west < east <= 180 and -MOST_NORTH <= south < north <= MOST_NORTH):
        raise DomainError(_("West comes before east and south before north, and all lie on the map."))
    width, height = view.cell
    if (east - west) / width > MOST_CELLS or (north - south) / height > MOST_CELLS:
        raise DomainError(_("This piece of the map is too large to be seen so near. Zoom out."))
    return view


def seen(asked: Asked, view: View, *, without: Collection[int], at: datetime) -> dict[str, Any]:
    """What the script draws, places in hundred thousandths of a degree. `without` are keys that it draws by itself.

    Far away: `districts` as [code, name, longitude, latitude, places]. Nearer: `points` as [key, longitude, latitude, kind, name, area]
    and `cells` as [longitude, latitude, area, places, west, south, east, north]; `kind` counts into `kinds`.
    """
    entries = matching(asked, at=at)
    if view.zoom <= DISTRICTS_TO:
        return {"districts": _districts(entries)}
    cells = _cells(entries.exclude(pk__in=without) if without else entries, view)
    alone = SearchEntry.objects.only("kind", "name").in_bulk([cell.key for cell in cells if cell.places == 1])
    kinds, known = list(Kind.values), areas()
    return {
        "kinds": kinds,
        "points": [
            [cell.key, *cell.middle, kinds.index(alone[cell.key].kind), alone[cell.key].name, cell.area(known)]
            for cell in cells
            if cell.places == 1 and cell.key in alone
        ],
        "cells": [[*cell.middle, cell.area(known), cell.places, *map(_whole, cell.sides)] for cell in cells if cell.places > 1],
    }


def _districts(entries: QuerySet[SearchEntry]) -> list[tuple[str, str, int, int, int]]:
    counted = entries.filter(point__isnull=False).values_list("district").annotate(Count("pk")).order_by("district")
    by_pk = areas().by_pk
    known = [(by_pk[pk], places) for pk, places in counted if pk in by_pk]
    return [(area.code, area.name, _whole(area.centre.lon), _whole(area.centre.lat), places) for area, places in known if area.centre]


def _cells(entries: QuerySet[SearchEntry], view: View) -> list[Cell]:
    """By neighbourhood within a cell, so that a cell knows where most of its places lie; the index on `point` has all that is read."""
    width, height = view.cell
    counted = (
        entries.filter(InBox("point", view.box))
        .annotate(column=_Step("point", axis=0, size=width), row=_Step("point", axis=1, size=height), lon=_Degree(0), lat=_Degree(1))
        .values_list("column", "row", "neighbourhood")
        .annotate(Min("pk"), Count("pk"), Sum("lon"), Sum("lat"), Min("lon"), Min("lat"), Max("lon"), Max("lat"))
        .order_by()
    )
    cells: dict[tuple[int, int], Cell] = {}
    for column, row, neighbourhood, key, places, lon, lat, *sides in counted:
        cells.setdefault((column, row), Cell(key)).add(neighbourhood, places, lon, lat, Box(*sides))
    return list(cells.values())


def _whole(degrees: float) -> int:
    return round(degrees * 100_000)


class _Degree(Func):
    template = "(%(expressions)s)[%(axis)s]"
    output_field = FloatField()

    def __init__(self, axis: int) -> None:
        super().__init__(F("point"), axis=axis)


class _Step(Func):
    """Which column (axis 0) or row (1) of a grid of this size in degrees."""

    template = "floor((%(expressions)s)[%(axis)s] / %(size)s)::int"
    output_field = IntegerField()

    def __init__(self, point: str, *, axis: int, size: float) -> None:
        super().__init__(F(point), axis=axis, size=f"{size!r}::float8")
