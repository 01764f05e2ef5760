"""What the map's script asks for: all places in one document, a piece of the map, or one place of it."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldlab.lib.errors import DomainError
from fieldlab.lib.public_json import Packed, pack, send_packed
from initiatives.map_document import current_address
from initiatives.models import MapDocument
from initiatives.search import one, read_question
from initiatives.search.viewport import read_view, seen

VERSION = "[0-9a-f]{16}"
IN_MEMORY = 4  # versions in each process; a third of a megabyte each at 10,000 places
FOR_EVER = "public, max-age=31536000, immutable"
A_MOMENT = "public, max-age=1"
MOST_LEFT_OUT = 60

_last_known = ""


@login_not_required
@require_safe
def map_points(request: HttpRequest) -> HttpResponse:
    """To the newest document; while the database is away, to the last one that this process knew."""
    global _last_known
    try:
        _last_known = current_address()
    except Error:
        if not _last_known:
            raise
    return HttpResponseRedirect(_last_known, headers={"Cache-Control": A_MOMENT})


@login_not_required
@require_safe
def map_document(request: HttpRequest, version: str) -> HttpResponse:
    """One version of all places, which never changes. Whoever still has an older page open is sent to the newest."""
    if not re.fullmatch(VERSION, version):
        raise Http404
    try:
        return send_packed(request, _stored(version), cache_control=FOR_EVER)
    except MapDocument.DoesNotExist:
        return HttpResponseRedirect(current_address(), headers={"Cache-Control": "no-store"})


class MapDocumentMiddleware:
    """Answers for the document like whitenoise for a file: it needs no session, language or token, and so can be in any shared cache."""

    _path = re.compile(rf"/kaart/punten/({VERSION})\.json")
    _match = ResolverMatch(map_document, (), {}, url_name="map_document")  # for the access line

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if asked := self._path.fullmatch(request.path_info):
            request.resolver_match = self._match
            return map_document(request, asked[1])
        return self.get_response(request)


@lru_cache(maxsize=IN_MEMORY)
def _stored(version: str) -> Packed:
    document = MapDocument.objects.get(pk=version)
    return Packed(version, bytes(document.plain), bytes(document.gzip), bytes(document.brotli))


@login_not_required
@require_safe
def map_viewport(request: HttpRequest) -> HttpResponse:
    """`beeld` (or else `vak`) is what is in view, `zoom` how near, `zonder` keys to leave out; the rest is the map page's question."""
    get = request.GET
    try:
        view = read_view(get.get("beeld") or get.get("vak", ""), get.get("zoom", ""))
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=400)
    without = [int(key) for key in get.get("zonder", "")[:1000].split(",") if key.isascii() and key.isdigit() and len(key) < 19]
    data = seen(read_question(get), view, without=without[:MOST_LEFT_OUT], at=timezone.now())
    return send_packed(request, pack(data), cache_control="public, max-age=5")


@login_not_required
@require_safe
def map_place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place as the list would show it."""
    hit = one(pk, at=timezone.now())
    if hit is None:
        raise Http404
    return render(request, "initiatives/_map_hit.html", {"hit": hit})
