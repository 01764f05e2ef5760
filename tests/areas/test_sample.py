import json

import shapely
from shapely.geometry import shape

from fieldlab.areas.boundaries import read
from fieldlab.areas.drawn import draw
from fieldlab.areas.sample import POSTCODES


def shapes():
    return {f["properties"]["code"]: shape(f["geometry"]) for f in json.loads(draw.AREAS_FILE.read_text())["features"]}


def test_the_files_are_what_the_drawing_makes():
    assert draw.AREAS_FILE.read_text(encoding="utf-8") == draw.areas_text()
    assert draw.SKETCH_FILE.read_text(encoding="utf-8") == draw.sketch()


def test_neighbours_share_their_borders_without_gaps_or_overlaps():
    drawn = list(shapes().values())
    assert shapely.coverage_is_valid(drawn)
    assert not read(json.loads(draw.AREAS_FILE.read_text())).broken


def test_every_postcode_of_the_sample_lies_in_a_neighbourhood():
    everything = shapely.union_all(list(shapes().values()))
    assert [code for code, (lat, lon) in POSTCODES.items() if not everything.contains(shapely.Point(lon, lat))] == []


def test_the_files_stay_small():
    assert draw.AREAS_FILE.stat().st_size < 60_000
    assert draw.SKETCH_FILE.stat().st_size < 30_000
