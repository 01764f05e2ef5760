"""Small files of boundaries in the shapes that exist, drawn as squares of 0.01 degree."""

from typing import Any

import pyproj

CORNER = (4.90, 52.36)


def square(east: float, north: float, size: float = 1.0) -> list[list[float]]:
    x, y, side = CORNER[0] + east / 100, CORNER[1] + north / 100, size / 100
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def in_rd(ring: list[list[float]]) -> list[list[float]]:
    to_rd = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True)
    return [list(to_rd.transform(*point)) for point in ring]


def feature(properties: dict[str, Any], ring: list[list[float]] | None) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]} if ring else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def city(code: str, name: str, ring: list[list[float]] | None, **properties: Any) -> dict[str, Any]:
    return feature({"identificatie": f"id-{code}", "naam": name, "code": code, "eindGeldigheid": None} | properties, ring)


def cbs(code: str, name: str, ring: list[list[float]] | None, **properties: Any) -> dict[str, Any]:
    known = {
        "buurtcode": code,
        "buurtnaam": name,
        "wijkcode": f"WK{code[2:8]}",
        "gemeentecode": f"GM{code[2:6]}",
        "gemeentenaam": "Diemen" if code[2:6] == "0384" else "Amsterdam",
        "water": "NEE",
        "aantal_inwoners": -99997,
    }
    return feature(known | properties, ring)


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
