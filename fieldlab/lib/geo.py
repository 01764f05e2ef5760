"""Places on the map: PostgreSQL's own `point` (longitude, latitude in WGS84 degrees), no PostGIS."""

from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, FloatField, Func, Value
from django.utils.translation import gettext_lazy as _

EARTH_RADIUS_METRES = 6_371_008.8


class Point(NamedTuple):
    """Longitude and latitude in degrees, WGS84."""

    lon: float
    lat: float

    def metres_to(self, other: "Point") -> float:
        """Great-circle distance in metres (haversine, mean Earth radius)."""
        dlat, dlon = radians(other.lat - self.lat), radians(other.lon - self.lon)
        h = sin(dlat / 2) ** 2 + cos(radians(self.lat)) * cos(radians(other.lat)) * sin(dlon / 2) ** 2
        return 2 * EARTH_RADIUS_METRES * asin(sqrt(min(1.0, h)))


class PointField(models.Field[Point | None, Point | None]):
    """A native `point`; index it with GiST for `<->`."""

    description = _("Point (longitude, latitude)")

    def db_type(self, connection: Any) -> str:
        return "point"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Point | None:
        if value is None:
            return None
        lon, lat = value.strip("()").split(",")
        return Point(float(lon), float(lat))

    def to_python(self, value: Any) -> Point | None:
        if value is None or isinstance(value, Point):
            return value
        try:
            lon, lat = value if isinstance(value, (tuple, list)) else str(value).strip("()").split(",")
            return Point(float(lon), float(lat))
        except (TypeError, ValueError) as error:
            raise ValidationError(_("This is not a place on the map.")) from error

    def get_prep_value(self, value: Any) -> str | None:
        point = self.to_python(value)
        return None if point is None else f"({point.lon!r},{point.lat!r})"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::point"

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class Degrees(Func):
    """`column <-> point`: distance in degrees, which a GiST index answers in order. Not metres: take more and sort again."""

    arg_joiner = " <-> "
    template = "(%(expressions)s)"
    output_field = FloatField()

    def __init__(self, column: str, point: Point) -> None:
        super().__init__(F(column), Value(point, output_field=PointField()))
