from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fieldlab.areas.actions import AddressServiceUnavailable
from fieldlab.lib.geo import Point
from fieldlab.lib.limits import too_often
from fieldlab.lib.look.glyphs import kind_glyph
from initiatives.map_document import current_address
from initiatives.models import AreaContact, Kind
from initiatives.search import (
    Asked,
    Found,
    Kept,
    Moment,
    address_of,
    contacts_for,
    find,
    look_up,
    matching,
    moment,
    needs_looking_up,
    other_contacts,
    panel,
    querystring,
    read_question,
)

__all__ = ["map_page", "read_question"]

NEAR_HITS = 6  # how many of the nearest the map takes in view around a place
MOST_INLINE = 500  # so many keys stand in the page; of more the map's script asks for what is in view
LOOK_UPS_A_MINUTE = 20
GLYPHS = {kind: kind_glyph(kind) for kind in Kind.values}


@login_not_required
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The list and the map of what was asked; the address holds the question."""
    asked = read_question(request.GET)
    trouble = ""
    if needs_looking_up(asked):
        point, trouble = _look_up(request, asked.place)
        if point:
            return redirect(address_of(asked, near=point, place=""))
    at = timezone.now()
    now = moment(at)
    kept_at = now if shared(asked) and not trouble else None
    answer = _kept.get((asked, get_language()), kept_at, lambda: make(request, asked, trouble, at, now))
    return render(request, "initiatives/map.html", {"answer": answer, "asked": asked, "document": current_address(), "glyphs": GLYPHS})


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of the page that the question decides, as they are shown. `place_wrong` when the place is not known."""

    heading: SafeString
    filters: SafeString
    results: SafeString
    hidden: list[tuple[str, str]]
    place_wrong: bool


_kept: Kept[tuple[Asked, str | None], Answer] = Kept(64)  # of some 60 kB each


def shared(asked: Asked) -> bool:
    """Whether others will ask the same: no words, no place but a postcode of four figures, no piece of the map of one's own."""
    return not (asked.words or asked.near or asked.box or asked.unknown) and (not asked.place or asked.place.isdigit())


def make(request: HttpRequest, asked: Asked, trouble: str, at: datetime, now: Moment | None) -> Answer:
    found = find(asked, at=at, now=now)
    near = near_what(found)
    here = asked.area or found.around
    contacts_here = contacts_for(here, found.reading.tree) if here else []
    contacts = other_contacts(contacts_here) if asked.contacts else []
    unknown_postcode = bool(asked.place) and not trouble and found.centre is None
    context = {
        "asked": asked,
        "found": found,
        "page": found.page,
        "hits": found.hits,
        "near": near,
        "panel": panel(asked, found.counts, found.reading.tree, near),
        "contacts_here": contacts_here,
        "contacts": contacts,
        "here": here,
        "trouble": trouble,
        "unknown_postcode": unknown_postcode,
        "map_data": map_data(found, [*contacts_here, *contacts] if asked.contacts else None),
        "previous": address_of(asked, page=found.page.number - 1),
        "next": address_of(asked, page=found.page.number + 1),
    }
    heading = SafeString(" ".join(render_to_string("initiatives/_map_heading.html", context, request).split()))
    return Answer(
        heading=heading,
        filters=render_to_string("initiatives/_map_filters.html", context, request),
        results=render_to_string("initiatives/_map_hits.html", {**context, "heading": heading}, request),
        hidden=hidden(asked),
        place_wrong=bool(trouble) or unknown_postcode,
    )


# --- What is near, and the map's script


def near_what(found: Found) -> str:
    """What to call the place that was asked for: the postcode, or the neighbourhood it is in."""
    if found.centre is None:
        return ""
    named = "" if found.asked.near else found.asked.place
    return named or (found.around.name if found.around else _("this place"))


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """What the form must pass on though nobody typed it: the point that an address became, and the piece of the map."""
    return [(name, value) for name, value in parse_qsl(querystring(asked)) if name in ("bij", "vak")]


def _look_up(request: HttpRequest, typed: str) -> tuple[Point | None, str]:
    """About where this place is, or what to say when that is not known. The typed words go no further."""
    if too_often(request, "map-places", most=LOOK_UPS_A_MINUTE, seconds=60):
        return None, _("Many addresses were asked from this place just now. Wait a minute, or type a postcode.")
    try:
        point = look_up(typed)
    except AddressServiceUnavailable:
        return None, _("Looking up addresses does not work now. That is not your fault. Type a postcode, four figures are enough.")
    return point, "" if point else _("We do not know this address. Check it, or type a postcode. Four figures are enough, such as 1094.")


def map_data(found: Found, contacts: list[AreaContact] | None = None) -> dict[str, Any]:
    """For the map's script.

    `hits` are this page's [key, number, longitude, latitude], of which the first `near` stand by themselves; `view` is what to take in
    view; `only` the keys of all that match, None when everything does or when they are too many: then `filters` is what to ask the
    viewport with, and `total` how many there are. `contacts`, when asked for, are [key, longitude, latitude, name, area] in each area.
    """
    asked, centre = found.asked, found.centre
    points = [hit.point for hit in found.hits if hit.point]
    area = asked.area or found.around
    near = points[:NEAR_HITS] if centre and found.page.number == 1 else points
    few = asked.filtered and found.total <= MOST_INLINE
    return {
        "hits": [[hit.initiative.pk, hit.number, *_rounded(hit.point)] for hit in found.hits if hit.point],
        "near": NEAR_HITS if centre else 0,
        "only": list(matching(asked, reading=found.reading).values_list("pk", flat=True)) if few else None,
        "filters": querystring(replace(asked, near=None, place="", contacts=False, page=1)) if asked.filtered else "",
        "contacts": contacts
        and [[each.pk, *_rounded(part.centre), each.name, part.name] for each in contacts for part in each.areas.all() if part.centre],
        "total": found.total,
        "view": [_rounded(point) for point in [*near, *([centre] if centre else [])]],
        "box": asked.box,
        "asked": asked.filtered or bool(centre),
        "area": [area.level, area.code] if area else None,
    }


def _rounded(point: Point) -> tuple[float, float]:
    return round(point.lon, 5), round(point.lat, 5)
