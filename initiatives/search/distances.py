"""Near: the nearest first, in metres, and how far that is to walk."""

from dataclasses import dataclass
from math import ceil, cos, degrees, radians

from django.db.models import BooleanField, F, FloatField, Func, QuerySet, TextField, Value
from django.utils.translation import ngettext

from fieldlab.lib.geo import EARTH_RADIUS_METRES, Degrees, Point
from initiatives.models import SearchEntry
from initiatives.search.asked import Box

WALK = 80  # metres a minute
FARTHEST_WALK = 60  # minutes; further away is told in kilometres
# Further on in the list everything is sorted: nobody reads on so far, and the index no longer helps
SORTED_BY_INDEX = 1000
_ROUNDING = 1.01


class _Point(Func):
    function = "point"
    output_field = TextField()


class InBox(Func):
    template = "%(expressions)s"
    arg_joiner = " <@ "
    output_field = BooleanField()

    def __init__(self, column: str, box: Box) -> None:
        corners = _Point(Value(box.west), Value(box.south)), _Point(Value(box.east), Value(box.north))
        super().__init__(F(column), Func(*corners, function="box", output_field=TextField()))


class InCircle(Func):
    template = "%(expressions)s"
    arg_joiner = " <@ "
    output_field = BooleanField()

    def __init__(self, column: str, centre: Point, radius: float) -> None:
        super().__init__(F(column), Func(_Point(*map(Value, centre)), Value(radius), function="circle", output_field=TextField()))


class Haversine(Func):
    """Grows with the distance in metres to one point, and is the same for all at the same distance."""

    template = (
        "power(sin(radians((%(expressions)s)[1] - %(lat)s) / 2), 2) + cos(radians(%(lat)s)) * cos(radians((%(expressions)s)[1]))"
        " * power(sin(radians((%(expressions)s)[0] - %(lon)s) / 2), 2)"
    )
    output_field = FloatField()

    def __init__(self, column: str, point: Point) -> None:
        lon, lat = (f"({float(side)!r}::float8)" for side in point)
        super().__init__(F(column), lon=lon, lat=lat)


def nearest(entries: QuerySet[SearchEntry], centre: Point, start: int, stop: int) -> list[int]:
    """The keys of the entries that come as number `start` up to `stop` in order of metres; those without a place come last.

    The index knows the order in degrees, where a degree east counts as one north. The first `stop` in that order lie within some
    number of metres; whatever lies within so many metres lies in a circle of degrees around it; that circle is sorted in metres.
    So every page is exact, and reads about three times what it shows and what stood before it.
    """
    in_metres = entries.order_by(Haversine("point", centre).asc(nulls_last=True), "pk")
    if 0 < stop <= SORTED_BY_INDEX:
        placed = entries.filter(point__isnull=False)
        points = list(placed.order_by(Degrees("point", centre)).values_list("point", flat=True)[:stop])
        if len(points) == stop:
            reach = degrees(max(centre.metres_to(point) for point in points if point) / EARTH_RADIUS_METRES)
            narrowest = cos(radians(min(89.0, abs(centre.lat) + reach)))
            circle = InCircle("point", centre, reach / narrowest * _ROUNDING + 1e-9)
            in_metres = placed.filter(circle).order_by(Haversine("point", centre), "pk")
    return list(in_metres.values_list("pk", flat=True)[start:stop])


@dataclass(frozen=True, slots=True)
class Distance:
    """As the crow flies. `minutes` to walk, or 0 when it is farther than people walk; then `kilometres` tells it."""

    minutes: int
    kilometres: int

    @property
    def words(self) -> str:
        if self.minutes:
            return ngettext("%(counter)s minute on foot", "%(counter)s minutes on foot", self.minutes) % {"counter": self.minutes}
        return ngettext("%(counter)s kilometre", "%(counter)s kilometres", self.kilometres) % {"counter": self.kilometres}


def distance(centre: Point | None, point: Point | None) -> Distance | None:
    if centre is None or point is None:
        return None
    metres = centre.metres_to(point)
    minutes = max(1, ceil(metres / WALK))
    return Distance(minutes if minutes <= FARTHEST_WALK else 0, ceil(metres / 1000))
