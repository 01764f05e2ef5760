"""The sheet for the notice board, of an area and of a question on the map."""

import hashlib
import json
from contextlib import suppress
from datetime import datetime

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fieldlab.lib.geo import Point
from fieldlab.lib.limits import too_often
from initiatives.models import Initiative, SearchEntry
from initiatives.search import Asked, address_of, comes_to, matching, read_question
from initiatives.search.distances import nearest
from initiatives.sheet import MOST, sheet_facts, sheet_pdf
from initiatives.views.area import area_in_force

KEPT = 3600  # each is 50 kB: what one address can have made in this time fits in memory
MADE_A_MINUTE = 20


@login_not_required
@require_safe
def area_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """What there is in an area: what is nearest to its middle when it is more than a page holds."""
    area = area_in_force(code)
    entries = SearchEntry.objects.filter(comes_to(area))
    return _sheet(request, entries, title=area.name, near=area.centre, asked=Asked(area=area))


@login_not_required
@require_safe
def map_sheet(request: HttpRequest) -> HttpResponse:
    """What was asked on the map, in the order of the list there."""
    asked = read_question(request.GET)
    title = asked.area.name if asked.area else _("Nearby") if asked.near else settings.SITE_NAME
    near = asked.near or (asked.area.centre if asked.area else None)
    return _sheet(request, matching(asked), title=title, near=near, asked=asked)


def _sheet(request: HttpRequest, entries: QuerySet[SearchEntry], *, title: str, near: Point | None, asked: Asked) -> HttpResponse:
    """Made once for the same words; to who has it already only that it is the same."""
    at = timezone.now()
    facts = sheet_facts(
        title=title,
        address=settings.SITE_URL + address_of(asked),
        initiatives=_chosen(entries, near),
        total=entries.count(),
        at=at,
    )
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
    made = _kept(key)
    if made is None:
        if too_often(request, "sheets", most=MADE_A_MINUTE, seconds=60):
            return render(request, "initiatives/sheet_wait.html", status=429)
        made = _made(key, facts, at)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{slugify(title) or 'blad'}-{timezone.localdate(at)}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    response["Cache-Control"], response["ETag"] = "public, max-age=300", quote_etag(key)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _chosen(entries: QuerySet[SearchEntry], near: Point | None) -> list[Initiative]:
    """As many as may fit: the nearest, or the first by name."""
    keys = nearest(entries, near, 0, MOST) if near else list(entries.order_by("name", "pk").values_list("pk", flat=True)[:MOST])
    found = Initiative.objects.published().with_area().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _kept(key: str) -> bytes | None:
    try:
        kept: bytes | None = cache.get(f"sheet:{key}")
    except redis.RedisError:
        return None
    return kept


def _made(key: str, facts: dict[str, object], at: datetime) -> bytes:
    made = sheet_pdf(facts, at=at)
    with suppress(redis.RedisError):  # then it is made again
        cache.set(f"sheet:{key}", made, KEPT)
    return made
