"""Reads official boundaries from GeoJSON: Amsterdam's "gebieden" and the "wijken en buurten" of CBS and PDOK.

Pure: data in, data out. Coordinates are told apart by where they lie, not by a label: files exist with a wrong one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

AMSTERDAM = "0363"
DISTRICT_NAMES = {
    "A": "Centrum",
    "B": "Westpoort",
    "E": "West",
    "F": "Nieuw-West",
    "K": "Zuid",
    "M": "Oost",
    "N": "Noord",
    "S": "Weesp",
    "T": "Zuidoost",
}
LEVELS = ("district", "quarter", "neighbourhood")
GRID = 1e-6  # degrees: about a decimetre
# The Netherlands, generously: west, south, east, north
WGS84_BOUNDS = (3.2, 50.7, 7.3, 53.7)
RD_BOUNDS = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)
MISSING = {"", "-99997", "-99999", "-99997.0", "-99999.0", "None"}
NAME_LENGTH = 120


class BrokenFeatureError(ValueError):
    """Why a feature cannot be read, in words for whoever imports the file."""


@dataclass(frozen=True, slots=True)
class ReadArea:
    """An area as a file tells it. `name` and `shape` are empty where the area is only known through what lies in it."""

    level: str
    code: str
    name: str
    cbs_code: str = ""
    city_id: str = ""
    quarter_name: str = ""
    municipality_name: str = ""
    shape: MultiPolygon | None = None
    derived: bool = False
    # A district drawn around quarters that the file gives: second best to one drawn around neighbourhoods.
    from_quarters: bool = False

    @property
    def parent_code(self) -> str:
        return parent_code(self.code)

    @property
    def municipality(self) -> str:
        return municipality(self.code)


@dataclass(slots=True)
class Reading:
    """What a file holds: areas in force, features that are broken (index, why) and how many were passed over, by reason."""

    areas: list[ReadArea] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    # Codes of broken features: such an area has not vanished. An empty code: some broken feature hides which area it was.
    broken_codes: set[str] = field(default_factory=set)
    passed_over: Counter[str] = field(default_factory=Counter)


# --- Codes. Amsterdam: A, AA, AA01. Elsewhere the digits of Statistics Netherlands: 0384, 038401, 03840101.


def municipality(code: str) -> str:
    return code[:4] if code[:1].isdigit() else AMSTERDAM


def parent_code(code: str) -> str:
    """The code of the area that this one lies in; empty for a district."""
    if not code[:1].isdigit():
        return {1: "", 2: code[:1], 4: code[:2]}[len(code)]
    return {4: "", 6: code[:4], 8: code[:6]}[len(code)]


def level_of(code: str) -> str:
    """district, quarter or neighbourhood, by the length of the code."""
    return LEVELS[{1: 0, 2: 1, 4: 2}[len(code)] if not code[:1].isdigit() else {4: 0, 6: 1, 8: 2}[len(code)]]


def _from_cbs(cbs_code: str) -> str:
    digits = cbs_code[2:]
    return digits.removeprefix(AMSTERDAM) if digits.startswith(AMSTERDAM) else digits


# --- Reading


def read(data: object) -> Reading:
    """Raises ValueError when this is no GeoJSON FeatureCollection at all."""
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise ValueError("this is no GeoJSON FeatureCollection: it has no list of features")
    reading = Reading()
    seen: dict[str, int] = {}
    for index, feature in enumerate(features):
        code = ""
        try:
            properties = _properties(feature)
            if reason := _not_in_force(properties):
                reading.passed_over[reason] += 1
                continue
            area = _identify(properties)
            code = area.code
            if code in seen:
                raise BrokenFeatureError(f"has the same code, {code}, as feature {seen[code]}")
            reading.areas.append(replace(area, shape=shape_of(feature.get("geometry"))))
            seen[code] = index
        except BrokenFeatureError as error:
            reading.broken.append((index, str(error)))
            reading.broken_codes.add(code)
    return reading


def _properties(feature: object) -> Mapping[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BrokenFeatureError("is no GeoJSON Feature")
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise BrokenFeatureError("has no properties")
    return properties


def _text(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    text = str(value).strip() if isinstance(value, (str, int, float)) else ""
    if "\x00" in text:
        raise BrokenFeatureError(f"has an unreadable character in {name}")
    return "" if text in MISSING else text


def _not_in_force(properties: Mapping[str, Any]) -> str:
    if _text(properties, "eindGeldigheid"):
        return "no longer in force"
    if _text(properties, "water").upper() == "JA":
        return "water"
    if _text(properties, "gemeentecode") == f"GM{AMSTERDAM}" and not _text(properties, "wijkcode") and not _text(properties, "buurtcode"):
        return "municipality of Amsterdam, which is known by its districts"
    return ""


def _identify(properties: Mapping[str, Any]) -> ReadArea:
    if "buurtcode" in properties or "wijkcode" in properties or "gemeentecode" in properties:
        area = _identify_cbs(properties)
    elif "code" in properties:
        area = _identify_city(properties)
    else:
        raise BrokenFeatureError("has no code: neither code (Amsterdam) nor buurtcode, wijkcode or gemeentecode (CBS)")
    if not area.name:
        raise BrokenFeatureError(f"has no name ({area.code})")
    if max(len(area.name), len(area.quarter_name), len(area.municipality_name)) > NAME_LENGTH:
        raise BrokenFeatureError(f"has a name of more than {NAME_LENGTH} characters ({area.code})")
    return area


def _identify_city(properties: Mapping[str, Any]) -> ReadArea:
    code = _text(properties, "code")
    if not re.fullmatch(r"[A-Z]([A-Z]([0-9]{2})?)?", code):
        raise BrokenFeatureError(f"has a code that is not Amsterdam's: {code[:16]!r}")
    prefix = {1: "", 2: "WK", 4: "BU"}[len(code)]
    return ReadArea(
        level=level_of(code),
        code=code,
        name=_text(properties, "naam"),
        cbs_code=_text(properties, "cbsCode")[:16] or (prefix and f"{prefix}{AMSTERDAM}{code}"),
        city_id=_text(properties, "identificatie")[:32],
        quarter_name=_text(properties, "wijknaam"),
    )


def _identify_cbs(properties: Mapping[str, Any]) -> ReadArea:
    for prefix, key, pattern in (
        ("buurt", "buurtcode", r"BU[0-9]{4}[0-9A-Z]{4}"),
        ("wijk", "wijkcode", r"WK[0-9]{4}[0-9A-Z]{2}"),
        ("gemeente", "gemeentecode", r"GM[0-9]{4}"),
    ):
        if cbs_code := _text(properties, key):
            code = _from_cbs(cbs_code)
            if not re.fullmatch(pattern, cbs_code) or (code[:1].isalpha() and not re.fullmatch(r"[A-Z]{2}([0-9]{2})?", code)):
                raise BrokenFeatureError(f"has a {key} that is none: {cbs_code[:16]!r}")
            if cbs_code[2:6] == AMSTERDAM and code[:1].isdigit():
                raise BrokenFeatureError(f"has a {key} from before Amsterdam's codes of 2022: {cbs_code!r}")
            return ReadArea(
                level=level_of(code),
                code=code,
                name=_text(properties, f"{prefix}naam"),
                cbs_code=cbs_code,
                quarter_name=_text(properties, "wijknaam"),
                municipality_name=_text(properties, "gemeentenaam"),
            )
    raise BrokenFeatureError("has no buurtcode, wijkcode or gemeentecode")


# --- Shapes


def shape_of(geometry: object) -> MultiPolygon:
    """A GeoJSON Polygon or MultiPolygon, in WGS84 or RD New, as a valid MultiPolygon in WGS84. Raises BrokenFeatureError."""
    if geometry is None:
        raise BrokenFeatureError("has no geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        raise BrokenFeatureError(f"is no area but: {str(kind)[:40]}")
    try:
        shape = shapely.force_2d(shapely.geometry.shape(geometry))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, shapely.errors.ShapelyError) as error:
        raise BrokenFeatureError("has coordinates that do not make an area") from error
    if shape.is_empty:
        raise BrokenFeatureError("has an empty geometry")
    parts = polygons(shapely.make_valid(_to_wgs84(shape)))
    on_grid = polygons(shapely.set_precision(parts, GRID)) if parts.area > 0 else parts
    if on_grid.area <= 0:
        raise BrokenFeatureError("crosses itself so that no area is left")
    return shapely.normalize(on_grid)


def polygons(shape: BaseGeometry) -> MultiPolygon:
    """Only the areas: what make_valid and unions leave of lines and points is dropped."""
    parts: Iterable[BaseGeometry] = shape.geoms if hasattr(shape, "geoms") else [shape]
    found: list[Polygon] = []
    for part in parts:
        if isinstance(part, Polygon):
            found.append(part)
        elif hasattr(part, "geoms"):
            found.extend(polygons(part).geoms)
    return MultiPolygon(found)


def _to_wgs84(shape: BaseGeometry) -> BaseGeometry:
    west, south, east, north = shape.bounds
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise BrokenFeatureError("has coordinates that are no numbers")
    if _within((west, south, east, north), WGS84_BOUNDS):
        return shape
    if _within((west, south, east, north), RD_BOUNDS):
        return shapely.transform(shape, _from_rd)
    if _within((south, west, north, east), WGS84_BOUNDS):
        raise BrokenFeatureError("has latitude and longitude the wrong way round")
    raise BrokenFeatureError("lies outside the Netherlands")


def _within(bounds: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    return outer[0] <= bounds[0] and outer[1] <= bounds[1] and bounds[2] <= outer[2] and bounds[3] <= outer[3]


def _from_rd(positions: np.ndarray) -> np.ndarray:
    return np.column_stack(_rd_to_wgs84().transform(positions[:, 0], positions[:, 1]))


@cache
def _rd_to_wgs84() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)


# --- What the file does not say, but holds


def with_parents(areas: Iterable[ReadArea]) -> dict[str, ReadArea]:
    """All areas by code, from the top down, with the quarters and districts that are known only by what lies in them."""
    found = {area.code: area for area in areas}
    for level in ("neighbourhood", "quarter"):
        children: dict[str, list[ReadArea]] = {}
        for area in found.values():
            if area.level == level:
                children.setdefault(area.parent_code, []).append(area)
        for code, inside in children.items():
            if code not in found:
                found[code] = _parent(code, inside)
    return dict(sorted(found.items(), key=lambda item: (LEVELS.index(item[1].level), item[0])))


def _parent(code: str, inside: list[ReadArea]) -> ReadArea:
    level = level_of(code)
    shapes = [area.shape for area in inside if area.shape is not None]
    municipality_name = next((area.municipality_name for area in inside if area.municipality_name), "")
    if level == "quarter":
        name = next((area.quarter_name for area in inside if area.quarter_name), "")
        cbs_code = f"WK{AMSTERDAM}{code}" if code[:1].isalpha() else f"WK{code}"
    else:
        name = DISTRICT_NAMES.get(code, municipality_name)
        cbs_code = "" if code[:1].isalpha() else f"GM{code}"
    return ReadArea(
        level=level,
        code=code,
        name=name,
        cbs_code=cbs_code,
        municipality_name=municipality_name,
        shape=shapely.normalize(polygons(shapely.union_all(shapes, grid_size=GRID))) if shapes else None,
        derived=True,
        from_quarters=level == "district" and not all(area.derived for area in inside),
    )
