"""Brings the areas in the database up to a file of official boundaries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db import connection, transaction
from shapely.geometry import MultiPolygon, mapping, shape

from fieldlab.areas import boundaries
from fieldlab.areas.boundaries import ReadArea, Reading
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point

LOCK = 7_203_412
SAME_SHAPE = 0.999  # of the joint area: the same drawing, converted once more
FIELDS = ["level", "code", "cbs_code", "city_id", "name", "parent", "boundary", "centre", "changed_at", "vanished_at"]


@dataclass(slots=True)
class ImportReport:
    """What an import did, as words per area; `recoded` holds (what it is, its old code)."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    recoded: list[tuple[str, str]] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unchanged: int = 0
    # Broken features hide which areas they were, so nothing was taken for vanished.
    kept: int = 0

    @property
    def nothing_changed(self) -> bool:
        return not (self.new or self.changed or self.recoded or self.returned or self.vanished)


@transaction.atomic
def import_areas(*, reading: Reading, at: datetime) -> ImportReport:
    """Make the areas as the file has them. Nothing is deleted: an area that the file no longer has gets `vanished_at`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows = list(Area.objects.select_for_update().order_by("code"))
    wanted = boundaries.with_parents(reading.areas)
    matches = _match(rows, wanted)
    report = ImportReport()
    placed: dict[str, Area] = {}
    for level in boundaries.LEVELS:
        _write_level([area for area in wanted.values() if area.level == level], matches, placed, report, at)
    _mark_vanished(rows, reading, {row.pk for row in matches.values()}, report, at)
    return report


# --- Which row is which area


def _match(rows: list[Area], wanted: dict[str, ReadArea]) -> dict[str, Area]:
    """The row of each wanted code: by the city's identification, then code, then CBS code, then by lying in the same place."""
    matches: dict[str, Area] = {}
    free = {row.pk: row for row in rows}

    def claim(code: str, row: Area | None) -> None:
        if row is not None and row.pk in free and code not in matches:
            matches[code] = free.pop(row.pk)

    by_id = {(row.level, row.city_id): row for row in rows if row.city_id}
    by_code = {row.code: row for row in rows}
    by_cbs = {(row.level, row.cbs_code): row for row in rows if row.cbs_code}
    for code, area in wanted.items():
        claim(code, by_id.get((area.level, area.city_id)))
    for code in wanted:
        claim(code, by_code.get(code))
    for code, area in wanted.items():
        claim(code, by_cbs.get((area.level, area.cbs_code)))
    for level in boundaries.LEVELS:
        _match_by_shape(level, wanted, matches, free)
    return matches


def _match_by_shape(level: str, wanted: dict[str, ReadArea], matches: dict[str, Area], free: dict[int, Area]) -> None:
    rows = [row for row in free.values() if row.level == level and row.boundary and not row.vanished_at]
    if not rows:
        return
    shapes = [shape(row.boundary) for row in rows if row.boundary]
    tree = shapely.STRtree(shapes)
    for code, area in wanted.items():
        if area.level != level or code in matches or area.shape is None:
            continue
        for i in tree.query(area.shape, predicate="intersects"):
            joint = shapely.union(area.shape, shapes[i]).area
            if rows[i].pk in free and shapely.intersection(area.shape, shapes[i]).area >= SAME_SHAPE * joint:
                matches[code] = free.pop(rows[i].pk)
                break


# --- Writing


def _write_level(areas: list[ReadArea], matches: dict[str, Area], placed: dict[str, Area], report: ImportReport, at: datetime) -> None:
    new, changed = [], []
    for area in areas:
        row = matches.get(area.code)
        values = _values(area, row, placed)
        if row is None:
            row = Area(**values, changed_at=at)
            new.append(row)
        elif _differs(row, values):
            _note_change(row, values, report)
            for name, value in values.items():
                setattr(row, name, value)
            row.changed_at = at
            changed.append(row)
        else:
            report.unchanged += 1
        placed[area.code] = row
    Area.objects.bulk_create(new)
    Area.objects.bulk_update(changed, FIELDS, batch_size=200)
    report.new += [_words(row) for row in new]


def _values(area: ReadArea, row: Area | None, placed: dict[str, Area]) -> dict[str, Any]:
    """The row as it should be. What the file does not tell (a quarter's name, the boundary of a district over quarters) is kept."""
    known = area.name or (row.name if row and row.code == area.code else "")
    drawn = None if area.from_quarters and row and row.boundary else area.shape
    return {
        "level": area.level,
        "code": area.code,
        "cbs_code": area.cbs_code or (row.cbs_code if row else ""),
        "city_id": area.city_id or (row.city_id if row else ""),
        "name": known or area.code,
        "parent": placed.get(area.parent_code) or (row.parent if row else None),
        "boundary": _geojson(drawn) if drawn else (row.boundary if row else None),
        "centre": _centre(drawn) if drawn else (row.centre if row else None),
        "vanished_at": None,
    }


def _differs(row: Area, values: dict[str, Any]) -> bool:
    return any((row.parent_id != value.pk) if name == "parent" and value else getattr(row, name) != value for name, value in values.items())


def _note_change(row: Area, values: dict[str, Any], report: ImportReport) -> None:
    words = f"{values['level']} {values['code']} {values['name']}"
    if row.vanished_at:
        report.returned.append(words)
    elif row.code != values["code"]:
        report.recoded.append((words, row.code))
    else:
        report.changed.append(words)


def _mark_vanished(rows: Iterable[Area], reading: Reading, found: set[int], report: ImportReport, at: datetime) -> None:
    covered = {(area.municipality, area.level) for area in reading.areas}
    missing = [
        row
        for row in rows
        if row.pk not in found
        and not row.vanished_at
        and (boundaries.municipality(row.code), row.level) in covered
        and row.code not in reading.broken_codes
    ]
    if "" in reading.broken_codes:
        report.kept = len(missing)
        return
    gone = {row.pk for row in missing}
    # A quarter or district that the file does not name has vanished when nothing lies in it any more.
    for level, below in (("quarter", {"neighbourhood"}), ("district", {"quarter", "neighbourhood"})):
        filled = {row.parent_id for row in rows if not row.vanished_at and row.pk not in gone}
        for row in rows:
            known = any((boundaries.municipality(row.code), lower) in covered for lower in below)
            if row.level == level and known and row.pk not in found | gone | filled and not row.vanished_at:
                missing.append(row)
                gone.add(row.pk)
    for row in missing:
        row.vanished_at = row.changed_at = at
        report.vanished.append(_words(row))
    Area.objects.bulk_update(missing, ["vanished_at", "changed_at"], batch_size=200)


def _words(row: Area) -> str:
    return f"{row.level} {row.code} {row.name}"


def _geojson(drawn: MultiPolygon) -> dict[str, Any]:
    """As it will come back from the database: lists, and numbers of six decimals."""
    rings = [[[[round(x, 6), round(y, 6)] for x, y in ring] for ring in polygon] for polygon in mapping(drawn)["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": rings}


def _centre(drawn: MultiPolygon) -> Point:
    largest = max(drawn.geoms, key=lambda part: part.area)
    middle = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    return Point(round(middle.x, 6), round(middle.y, 6))
