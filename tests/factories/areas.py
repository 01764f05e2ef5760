import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from fieldlab.areas.models import Area, Level
from fieldlab.lib.geo import Point

# The middle of the first square; each next neighbourhood lies a hundredth of a degree further east.
FIRST = Point(4.90, 52.36)
HALF = 0.005


def square(centre: Point) -> dict[str, object]:
    """A GeoJSON MultiPolygon around `centre`, a hundredth of a degree wide."""
    west, east, south, north = centre.lon - HALF, centre.lon + HALF, centre.lat - HALF, centre.lat + HALF
    return {"type": "MultiPolygon", "coordinates": [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]}


class _AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        abstract = True

    name = factory.Sequence(lambda n: f"Area {n}")
    changed_at = factory.LazyFunction(timezone.now)


class DistrictFactory(_AreaFactory):
    level = Level.DISTRICT
    code = factory.Sequence(lambda n: f"T{n}")


class QuarterFactory(_AreaFactory):
    level = Level.QUARTER
    code = factory.Sequence(lambda n: f"TQ{n}")
    parent = factory.SubFactory(DistrictFactory)


class NeighbourhoodFactory(_AreaFactory):
    """With a square boundary around its centre; squares of one test touch and do not overlap."""

    level = Level.NEIGHBOURHOOD
    code = factory.Sequence(lambda n: f"TQN{n}")
    parent = factory.SubFactory(QuarterFactory)
    centre = factory.Sequence(lambda n: Point(round(FIRST.lon + n * 2 * HALF, 6), FIRST.lat))
    boundary = factory.LazyAttribute(lambda area: square(area.centre))
