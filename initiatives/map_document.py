"""Every place on the map in one document, made when something changed and compressed once.

A trigger marks every change of a SearchEntry with a MapChange. Whoever publishes takes the marks away and then reads: a mark becomes
visible together with its change, so what belongs to a mark that was taken is in what is read after. A mark that comes later stays.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Func, IntegerField
from django.urls import reverse
from django.utils import timezone

from fieldlab.areas.models import Area
from fieldlab.lib.public_json import pack
from initiatives.models import Kind, MapChange, MapDocument, SearchEntry

# Above this the document only says how many there are, and the map asks for what is in its view.
MOST_IN_ONE = 20_000
KEPT = timedelta(hours=1)  # what somebody has open may still ask for an older version
LOOKED_AGAIN = timedelta(hours=1)  # for what has no mark: the name of an area
LOCK = 7_203_412  # held while publishing; any number that nothing else here uses


class HundredThousandths(Func):
    """Longitude (0) or latitude (1) of a point in hundred thousandths of a degree: about a metre."""

    template = "round((%(expressions)s)[%(axis)s] * 100000)::int"
    output_field = IntegerField()

    def __init__(self, point: str, *, axis: int) -> None:
        super().__init__(F(point), axis=axis)


def current_address() -> str:
    """Where the newest document is; the first reader ever makes it."""
    newest = MapDocument.objects.order_by("-made_at").values_list("version", flat=True).first()
    return reverse("map_document", args=[newest or publish(at=timezone.now())])


def publish_if_due(*, at: datetime) -> bool:
    """Whether it published. Cheap when nothing changed."""
    newest = MapDocument.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    if newest and newest > at - LOOKED_AGAIN and not MapChange.objects.exists():
        return False
    publish(at=at)
    return True


@transaction.atomic
def publish(*, at: datetime) -> str:
    """Store what the map shows now, and forget what nobody asks for any more. Returns its version."""
    with connection.cursor() as cursor:
        # One at a time: else of two the one that read first could be stored last.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    MapChange.objects.all().delete()
    places = SearchEntry.objects.filter(point__isnull=False).count()
    packed = pack(_content() if places <= MOST_IN_ONE else {"places": places})
    newest = MapDocument.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    # Later than the newest whatever the clocks of two machines say; a version that comes back is the newest again
    made_at = max(at, newest + timedelta(microseconds=1)) if newest else at
    if not MapDocument.objects.filter(version=packed.digest).update(made_at=made_at):
        MapDocument.objects.create(
            version=packed.digest, places=places, plain=packed.plain, gzip=packed.gzip, brotli=packed.brotli, made_at=made_at
        )
    MapDocument.objects.filter(made_at__lt=made_at - KEPT).delete()
    return packed.digest


def _content() -> dict[str, Any]:
    """Column by column, which packs well. `keys`, `lon` and `lat` (hundred thousandths of a degree) are differences with the one before;
    `kind` and `area` count into the lists beside them, an area's second value into `districts`.
    """
    rows = (
        SearchEntry.objects.filter(point__isnull=False)
        .order_by("pk")
        .values_list(
            "pk", HundredThousandths("point", axis=0), HundredThousandths("point", axis=1), "kind", "name", "neighbourhood", "district"
        )
    )
    keys, lons, lats, kinds, names, neighbourhoods, districts = zip(*rows, strict=True) if rows else [()] * 7
    kind_at = {kind: index for index, kind in enumerate(Kind.values)}
    district_at = {pk: index for index, pk in enumerate(dict.fromkeys(districts))}
    area_at = {pk: index for index, pk in enumerate(dict.fromkeys(neighbourhoods))}
    lies_in = dict(zip(neighbourhoods, districts, strict=True))
    areas = Area.objects.without_boundaries().in_bulk([*area_at, *district_at])
    return {
        "places": len(keys),
        "kinds": list(kind_at),
        "districts": [[areas[pk].code, areas[pk].name] for pk in district_at],
        "areas": [[areas[pk].name, district_at[lies_in[pk]]] for pk in area_at],
        "keys": _differences(keys),
        "lon": _differences(lons),
        "lat": _differences(lats),
        "kind": [kind_at[kind] for kind in kinds],
        "area": [area_at[pk] for pk in neighbourhoods],
        "names": names,
    }


def _differences(numbers: Iterable[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]
