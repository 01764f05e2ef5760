"""Which neighbourhood holds a point, against a judge that counts crossings with nothing but arithmetic."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldlab.areas import sample
from fieldlab.areas.actions import area_at, areas_at, import_areas, read
from fieldlab.areas.index import neighbourhoods
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from tests.areas.geojson import city, collection, square

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
RINGS = {f["properties"]["code"]: f["geometry"]["coordinates"][0] for f in json.loads(sample.FILE.read_text())["features"]}

longitudes = st.floats(4.72, 5.10)
latitudes = st.floats(52.27, 52.44)
codes = st.sampled_from(sorted(RINGS))


@pytest.fixture
def areas(db):
    sample.load(AT)


def crossings_say_inside(point: Point, ring: list[list[float]]) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > point.lat) != (y2 > point.lat) and point.lon < x1 + (point.lat - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def distance_to_border(point: Point, ring: list[list[float]]) -> float:
    def to_segment(x1, y1, x2, y2):
        dx, dy = x2 - x1, y2 - y1
        t = max(0.0, min(1.0, ((point.lon - x1) * dx + (point.lat - y1) * dy) / (dx * dx + dy * dy)))
        return ((point.lon - x1 - t * dx) ** 2 + (point.lat - y1 - t * dy) ** 2) ** 0.5

    return min(to_segment(*a, *b) for a, b in pairwise(ring))


ON_THE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)


@ON_THE_DATABASE
@given(longitudes, latitudes)
def test_any_place_is_in_the_neighbourhood_whose_border_surrounds_it(areas, lon, lat):
    point = Point(lon, lat)
    if min(distance_to_border(point, ring) for ring in RINGS.values()) < 1e-9:
        return
    surrounding = [code for code, ring in RINGS.items() if crossings_say_inside(point, ring)]
    found = area_at(point)
    assert len(surrounding) <= 1
    assert (found.code if found else None) == (surrounding[0] if surrounding else None)


@ON_THE_DATABASE
@given(codes, st.data())
def test_a_corner_belongs_to_one_neighbourhood_always_the_same(areas, code, data):
    point = Point(*data.draw(st.sampled_from(RINGS[code])))
    touching = sorted(other for other, ring in RINGS.items() if [point.lon, point.lat] in ring)
    assert area_at(point).code == touching[0]


@ON_THE_DATABASE
@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_any_numbers_get_an_answer(areas, lon, lat):
    area_at(Point(lon, lat))


@ON_THE_DATABASE
@given(st.lists(st.tuples(longitudes, latitudes), max_size=20))
def test_many_at_once_are_the_same_as_one_by_one(areas, places):
    points = [Point(*place) for place in places]
    assert areas_at(points) == [area_at(point) for point in points]


def test_two_queries_however_many_places(areas, django_assert_num_queries):
    areas_at([Point(4.94, 52.363)])
    with django_assert_num_queries(2):
        areas_at([Point(4.80 + i / 1000, 52.363) for i in range(200)])


def test_a_new_import_renews_the_index_of_every_process(db):
    import_areas(reading=read(collection(city("AA01", "Een", square(0, 0)))), at=AT)
    old = neighbourhoods()
    assert neighbourhoods() is old
    assert area_at(Point(4.905, 52.365)).name == "Een"
    import_areas(reading=read(collection(city("AA01", "Een", square(1, 0)))), at=AT + timedelta(seconds=1))
    assert neighbourhoods() is not old
    assert area_at(Point(4.905, 52.365)) is None


def test_without_areas_there_is_no_answer_and_no_fault(db):
    assert Area.objects.count() == 0
    assert area_at(Point(4.9, 52.36)) is None
