from dataclasses import asdict
from typing import Any

import shapely
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import mapping, shape

from fieldlab.areas import actions
from fieldlab.areas.models import Area, Level
from fieldlab.lib.limits import too_often
from fieldlab.lib.public_json import public_json

# How much a line may leave its place, in degrees: what cannot be seen where the level is shown
TOLERANCE = {Level.DISTRICT: 0.0004, Level.QUARTER: 0.0002, Level.NEIGHBOURHOOD: 0.0001}
ASKS_A_MINUTE = 60


@login_not_required
@require_safe
def area_boundaries(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the districts, or of the level asked for, drawn with fewer points."""
    level = request.GET.get("level", Level.DISTRICT)
    if level not in Level.values:
        raise Http404
    level = Level(level)
    version = Area.objects.all().version()
    return public_json(request, name=f"boundaries-{level}", version=version, build=lambda: _boundaries(level), max_age=3600)


def _boundaries(level: Level) -> dict[str, Any]:
    areas = list(Area.objects.in_force().filter(level=level, boundary__isnull=False).order_by("code"))
    # Together, so that neighbours keep one border between them.
    shapes = shapely.coverage_simplify([shape(area.boundary) for area in areas if area.boundary], TOLERANCE[level])
    features = [
        {"type": "Feature", "properties": {"code": area.code, "name": area.name}, "geometry": mapping(shapely.set_precision(drawn, 1e-5))}
        for area, drawn in zip(areas, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


@login_not_required
@require_safe
def address_suggestions(request: HttpRequest) -> HttpResponse:
    """`?q=` answers with addresses that it may become, `?id=` with one address; a `message` says what is wrong, for people."""
    answer: dict[str, Any] = {"suggestions": [], "address": None, "message": ""}
    try:
        if too_often(request, "address-asks", most=ASKS_A_MINUTE, seconds=60):
            return _private(JsonResponse(answer | {"message": _("Wait a moment, then type on.")}, status=429))
        if address_id := request.GET.get("id"):
            address = actions.lookup_address(address_id)
            answer["address"] = address and asdict(address) | {"point": address.point._asdict()}
        else:
            answer["suggestions"] = [asdict(suggestion) for suggestion in actions.suggest_addresses(request.GET.get("q", ""))]
    except actions.AddressServiceUnavailable as error:
        answer["message"] = error.message
    return _private(JsonResponse(answer))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
