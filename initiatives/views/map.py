from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fieldlab.areas.actions import area_at
from fieldlab.areas.models import Area
from fieldlab.lib.look.glyphs import kind_glyph
from fieldlab.lib.public_json import public_json
from initiatives.models import Activity, Initiative, Kind
from initiatives.search import LONGEST_QUERY, Asked, Found, Row, distance, find, marked, with_marks

PER_PAGE = 40
NEAR_HITS = 6  # how many of the nearest the map takes in view around a postcode


@login_not_required
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The list and the map of what was asked; the address holds the question."""
    asked = read_question(request.GET)
    found = find(asked)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    hits = hits_of(page, asked, found)
    context = {
        "asked": asked,
        "found": found,
        "page": page,
        "hits": hits,
        "map_data": map_data(hits, found, page, asked),
        "glyphs": {kind: kind_glyph(kind) for kind in Kind.values},
        "unknown_postcode": bool(asked.postcode) and found.centre is None,
    }
    return render(request, "initiatives/map.html", context)


def read_question(get: QueryDict) -> Asked:
    """Unknown filters are left out and marked; anything may be in the address."""
    kinds, activities = get.getlist("kind"), get.getlist("activity")
    code = get.get("area", "")
    area = Area.objects.in_force().without_boundaries().filter(code=code).first() if code.isalnum() else None
    return Asked(
        words=" ".join(get.get("q", "").replace("\x00", " ").split())[:LONGEST_QUERY],
        postcode=" ".join(get.get("postcode", "").replace("\x00", " ").split())[:12],
        kinds=tuple(kind for kind in Kind.values if kind in kinds),
        activities=tuple(activity for activity in Activity.values if activity in activities),
        area=area,
        unknown=bool({*kinds} - {*Kind.values, ""} or {*activities} - {*Activity.values, ""} or (code and not area)),
    )


def hits_of(page: Page[Row], asked: Asked, found: Found) -> list[dict[str, Any]]:
    """The initiatives of this page, numbered, with their hits marked and how far they are."""
    rows = list(page)
    initiatives = with_marks(Initiative.objects.with_area(), asked.words).in_bulk([row.pk for row in rows])
    return [
        {
            "number": number,
            "initiative": initiatives[row.pk],
            "name": marked(initiatives[row.pk].marked_name),
            "summary": marked(initiatives[row.pk].marked_summary),
            "distance": distance(found.centre, row.point),
            "point": row.point,
        }
        for number, row in enumerate(rows, page.start_index())
        if row.pk in initiatives
    ]


def map_data(hits: list[dict[str, Any]], found: Found, page: Page[Row], asked: Asked) -> dict[str, Any]:
    """For the map's script: this page's hits with their numbers, which others match, and what to take in view."""
    points = [hit["point"] for hit in hits if hit["point"]]
    area = asked.area or (found.centre and area_at(found.centre))
    near = points[:NEAR_HITS] if found.centre and page.number == 1 else points
    return {
        "hits": [[hit["initiative"].pk, hit["number"]] for hit in hits if hit["point"]],
        "only": [row.pk for row in found.rows] if asked.filtered else None,
        "view": [_rounded(point) for point in [*near, *([found.centre] if found.centre else [])]],
        "asked": asked.filtered or bool(found.centre),
        "area": [area.level, area.code] if area else None,
    }


@login_not_required
@require_safe
def map_points(request: HttpRequest) -> HttpResponse:
    """Every published initiative as [key, longitude, latitude, kind, slug, name, area]; kind and area count into the lists beside it."""
    published = Initiative.objects.published()
    version = (published.aggregate(Count("pk"), Sum("pk"), Max("updated_at"), Max("revision")), Area.objects.all().version())
    return public_json(request, name="points", version=version, build=_points, max_age=60)


def _points() -> dict[str, Any]:
    kinds, areas, points = list(Kind.values), dict[str, int](), []
    for initiative in Initiative.objects.published().with_area().order_by("pk"):
        if initiative.shown_point:
            area = areas.setdefault(initiative.area.name if initiative.area else "", len(areas))
            place = _rounded(initiative.shown_point)
            points.append([initiative.pk, *place, kinds.index(initiative.kind), initiative.slug, initiative.name, area])
    return {"kinds": kinds, "areas": list(areas), "points": points}


def _rounded(point: Any) -> tuple[float, float]:
    return round(point.lon, 5), round(point.lat, 5)
