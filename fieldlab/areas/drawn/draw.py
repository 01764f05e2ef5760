"""Draws the two maps of the sample data, by hand: `uv run python -m fieldlab.areas.drawn.draw` writes

- `fieldlab/areas/drawn/areas.geojson`: Amsterdam's districts with a handful of quarters and neighbourhoods each, real in
  name and in rough place, invented in shape and in code (but for the districts' letters). Districts are cut along the
  LINES below; in a district each neighbourhood takes what lies nearest to its centre. Everything is cut on one grid, so
  that neighbours share their corners: no gaps, no overlaps.
- `static/map/amsterdam.svg`: the quiet ground under the map where no tile server is configured.

Both come from the coordinates in ground.py alone, drawn freehand for this project; neither is a survey.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Polygon, mapping

from fieldlab.areas.drawn import SKETCH_BOUNDS, ground
from fieldlab.areas.drawn.ground import Line

AREAS_FILE = Path(__file__).with_name("areas.geojson")
SKETCH_FILE = Path(__file__).resolve().parents[3] / "static" / "map" / "amsterdam.svg"
SANS = "Helvetica Neue,Segoe UI,Roboto,Noto Sans,Liberation Sans,Arial,sans-serif"
SERIF = "Charter,Iowan Old Style,Noto Serif,Georgia,Liberation Serif,serif"
GRID = 1e-5  # degrees: about a metre

# --- Cutting the areas


def _xy(line: Line) -> list[tuple[float, float]]:
    return [(lon, lat) for lat, lon in line]


def neighbourhoods() -> list[tuple[str, str, Polygon]]:
    """(code, name, shape in degrees), as one coverage without gaps or overlaps."""
    edges = shapely.unary_union([LineString(_xy(line)) for line in ground.LINES], grid_size=GRID)
    cuts = [edges]
    centres: dict[str, tuple[str, shapely.Point]] = {}
    for letter, (_, quarters) in ground.PLACES.items():
        sites = {}
        for second, (_, names) in quarters.items():
            for number, (name, (lat, lon)) in enumerate(names.items(), 1):
                sites[f"{letter}{second}{number:02}"] = (name, shapely.Point(lon, lat))
        centres |= sites
        points = [point for _, point in sites.values()]
        (district,) = (face for face in shapely.get_parts(shapely.polygonize([edges])) if face.contains(points[0]))
        # Degrees of longitude are shorter than those of latitude: find who is nearest in a stretched picture, then shrink it back.
        stretched = MultiPoint([(point.x * 0.61, point.y) for point in points])
        cells = shapely.voronoi_polygons(stretched, extend_to=shapely.box(2.5, 52, 3.5, 53), only_edges=True)
        cuts.append(shapely.intersection(shapely.transform(cells, lambda xy: xy / (0.61, 1)), district))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.unary_union(cuts, grid_size=GRID))))
    shapes = []
    for code, (name, centre) in sorted(centres.items()):
        (face,) = (face for face in faces if face.contains(centre))
        shapes.append((code, name, shapely.normalize(face)))
    return shapes


def areas() -> dict[str, Any]:
    """The sample areas as a FeatureCollection in the shape of the city's own "gebieden"; importing it draws quarters and districts."""
    features = []
    for code, name, shape in neighbourhoods():
        geometry = mapping(shape)
        rings = [[[round(lon, 5), round(lat, 5)] for lon, lat in ring] for ring in geometry["coordinates"]]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "identificatie": f"voorbeeld-{code}",
                    "naam": name,
                    "code": code,
                    "cbsCode": f"BU0363{code}",
                    "eindGeldigheid": None,
                    "wijknaam": ground.PLACES[code[0]][1][code[1]][0],
                },
                "geometry": {"type": "Polygon", "coordinates": rings},
            }
        )
    return {"type": "FeatureCollection", "features": features}


# --- Drawing the ground: one unit is about ten metres

WEST, SOUTH, EAST, NORTH = SKETCH_BOUNDS
LAND, BLOCK, STREET, WATER, PARK, ROAD = "#f3eee3", "#e6decd", "#f7f3ea", "#c3d8d6", "#d5dfc2", "#fffdf8"


def _units(lat: float, lon: float) -> tuple[float, float]:
    return (lon - WEST) * 6796, (NORTH - lat) * 11120


def _straight(lines: Iterable[Line]) -> str:
    return "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (_units(*p) for p in line)) + "Z" for line in lines)


def _smooth(lines: Iterable[Line], *, closed: bool = False) -> str:
    """Catmull-Rom curves through the points, as Bézier curves relative to each start."""
    drawn = []
    for line in lines:
        points: Sequence[tuple[float, float]] = [_units(*p) for p in line]
        count = len(points)

        def at(i: int, points: Sequence[tuple[float, float]] = points, count: int = count) -> tuple[float, float]:
            return points[i % count] if closed else points[max(0, min(count - 1, i))]

        x, y = (round(v) for v in points[0])
        path = [f"M{x} {y}"]
        for i in range(count if closed else count - 1):
            before, start, end, after = at(i - 1), at(i), at(i + 1), at(i + 2)
            curve = (
                start[0] + (end[0] - before[0]) / 6,
                start[1] + (end[1] - before[1]) / 6,
                end[0] - (after[0] - start[0]) / 6,
                end[1] - (after[1] - start[1]) / 6,
                *end,
            )
            numbers = [round(value) - (y if k % 2 else x) for k, value in enumerate(curve)]
            path.append("c" + " ".join(map(str, numbers)).replace(" -", "-"))
            x, y = x + numbers[4], y + numbers[5]
        drawn.append("".join(path) + ("Z" if closed else ""))
    return "".join(drawn)


def sketch() -> str:
    """The ground as an SVG that stands on its own; presentation attributes only, so that it may be placed inline under a strict CSP."""
    width, height = (round(v) for v in _units(SOUTH, EAST))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sketch" viewBox="0 0 {width} {height}" fill="none" '
        f'stroke-linejoin="round" stroke-linecap="round" font-family="{SANS}">',
        "<defs>",
    ]
    out.extend(
        f'<pattern id="ground-{name}" width="{w}" height="{h}" patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">'
        f'<path class="block" d="M1 1h{w - 2.4:.1f}v{h - 2.4:.1f}H1z" fill="{BLOCK}"/></pattern>'
        for name, (w, h, turn) in ground.PATTERNS.items()
    )
    out.append(f'</defs><path class="land" d="M0 0h{width}v{height}H0z" fill="{LAND}"/>')

    def built(blocks: list[tuple[str, Line]]) -> None:
        out.append(f'<path class="street" d="{_straight(line for _, line in blocks)}" fill="{STREET}"/>')
        for name in sorted({name for name, _ in blocks}):
            path = _straight(line for key, line in blocks if key == name)
            out.append(f'<path d="{path}" fill="url(#ground-{name})"/>')

    built(ground.BLOCKS)
    out.append(f'<path class="park" d="{_smooth(ground.PARKS, closed=True)}" fill="{PARK}"/>')
    out.append(f'<path class="water" d="{_smooth([ground.IJ, *ground.LAKES], closed=True)}" fill="{WATER}"/>')
    built([("d", island) for island in ground.ISLANDS])
    out.append(f'<g class="canals" stroke="{WATER}">')
    for breadth in sorted({breadth for breadth, _ in ground.CANALS}):
        lines = [line for w, line in ground.CANALS if w == breadth]
        out.append(f'<path d="{_smooth(lines)}" stroke-width="{breadth:g}"/>')
    out.append(f'</g><path class="rail" d="{_smooth(ground.RAIL)}" stroke="#b3a68c" stroke-width="3"/>')
    out.append(f'<path class="sleepers" d="{_smooth(ground.RAIL)}" stroke="{STREET}" stroke-width="1.6" stroke-dasharray="7 6"/>')
    out.append(f'<path class="roads" d="{_smooth(ground.ROADS)}" stroke="{ROAD}" stroke-width="4"/>')
    out.append(f'<path class="casing" d="{_smooth(ground.MOTORWAYS)}" stroke="#d8cdb6" stroke-width="9"/>')
    out.append(f'<path class="motorways" d="{_smooth(ground.MOTORWAYS)}" stroke="{ROAD}" stroke-width="6.5"/>')
    styles = {
        "district": 'fill="#40391f" font-weight="700" letter-spacing="5"',
        "place": 'fill="#40391f"',
        "water": f'fill="#1c4048" font-style="italic" font-family="{SERIF}" letter-spacing="1"',
    }
    styles["park"] = styles["water"]
    for kind in styles:
        out.append(f'<g class="names {kind}" {styles[kind]} text-anchor="middle" stroke="{LAND}" stroke-width="0" paint-order="stroke">')
        for key, name, lat, lon, size, turned_by in ground.NAMES:
            if key == kind:
                x, y = _units(lat, lon)
                turned = f" rotate({turned_by:g})" if turned_by else ""
                out.append(f'<text transform="translate({x:.0f} {y:.0f}){turned}" font-size="{size:g}">{name}</text>')
        out.append("</g>")
    out.append("</svg>\n")
    return "".join(out)


def areas_text() -> str:
    """One feature a line, so that a change shows as a change of that line."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in areas()["features"])
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


if __name__ == "__main__":
    AREAS_FILE.write_text(areas_text(), encoding="utf-8")
    SKETCH_FILE.write_text(sketch(), encoding="utf-8")
    for path in (AREAS_FILE, SKETCH_FILE):
        print(f"{path}: {path.stat().st_size / 1000:.1f} kB")
