from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Func, Prefetch, Q, QuerySet, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldlab.areas.models import Area, Level
from initiatives.models import AreaContact, BoundarySpanner, Initiative, Kind, Offer, SearchEntry
from initiatives.search import comes_to
from initiatives.structured_data import describe_area, script

PER_PAGE = 24
BELOW = {Level.DISTRICT: "quarter", Level.QUARTER: "neighbourhood"}
MOST_OFFERS = 6


@login_not_required
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """What there is in a district, quarter or neighbourhood, and whom to ask."""
    found = area_in_force(code)
    above = areas_above(found)
    entries = SearchEntry.objects.filter(comes_to(found))
    page = initiatives_of(entries, found, request.GET.get("page"))
    context = {
        "area": found,
        "above": above,
        "now": timezone.now(),
        "page": page,
        "page_url": settings.SITE_URL + reverse("area", args=[found.code]),
        "kinds": counted(entries.values_list("kind").annotate(Count("pk")).order_by(), Kind),
        "offers": counted(offers_of(entries), Offer)[:MOST_OFFERS],
        "parts": parts_with_counts(found),
        "contacts": contacts_for(found, above),
        "spanners": spanners_of([*above, found][0]),
        "structured": script(describe_area(found, above, list(page))),
    }
    return render(request, "initiatives/area.html", context)


def area_in_force(code: str) -> Area:
    """By its code; of two with the same code the larger."""
    level = Case(When(level=Level.DISTRICT, then=0), When(level=Level.QUARTER, then=1), default=2)
    found = Area.objects.in_force().without_boundaries().filter(code=code).order_by(level).first()
    if found is None:
        raise Http404
    return found


def areas_above(area: Area) -> list[Area]:
    """What it lies in, from the district down."""
    return [each for each in (area.parent and area.parent.parent, area.parent) if each]


def spanners_of(district: Area) -> QuerySet[BoundarySpanner]:
    return BoundarySpanner.objects.filter(district=district, user__is_active=True).select_related("user").order_by("user__name", "pk")


def initiatives_of(entries: QuerySet[SearchEntry], area: Area, number: str | None) -> Page[Any]:
    """A page of initiatives: first those that are in the area, then those that come to people there (`.comes_here`)."""
    here = Case(When(Q(**{str(area.level): area.pk}), then=Value(0)), default=Value(1))
    in_order = entries.annotate(elsewhere=here).order_by("elsewhere", "name", "pk").values_list("pk", "elsewhere")
    page: Page[Any] = Paginator(in_order, PER_PAGE).get_page(number)
    keys = dict(page.object_list)
    by_key: dict[int, Any] = Initiative.objects.published().with_area().in_bulk(keys)
    for key, initiative in by_key.items():
        initiative.comes_here = bool(keys[key])
    page.object_list = [by_key[key] for key in keys if key in by_key]
    return page


def counted(rows: Any, words: Any) -> list[tuple[str, str, int, int]]:
    """(value, label, how many, that as a percentage of the most), the most first."""
    counts = sorted(((value, count) for value, count in rows), key=lambda row: (-row[1], str(words(row[0]).label)))
    return [(value, str(words(value).label), count, round(100 * count / counts[0][1])) for value, count in counts]


def offers_of(entries: QuerySet[SearchEntry]) -> Any:
    offer = Func(F("offers"), function="unnest", output_field=TextField())
    return entries.annotate(offer=offer).values_list("offer").annotate(Count("pk")).order_by()


def contacts_for(area: Area, above: list[Area]) -> list[AreaContact]:
    """Those of the area itself, then those of the quarter and the district it lies in; each once, with `.nearest` area."""
    near_first = [area, *reversed(above)]
    without_boundaries = Prefetch("areas", Area.objects.defer("boundary"))
    found: list[Any] = list(AreaContact.objects.filter(areas__in=near_first).distinct().prefetch_related(without_boundaries))
    for contact in found:
        own = {each.pk for each in contact.areas.all()}
        contact.nearest = next(each for each in near_first if each.pk in own)
    return sorted(found, key=lambda contact: (near_first.index(contact.nearest), contact.name, contact.pk))


def parts_with_counts(area: Area) -> list[Area]:
    """The areas directly inside, each with `.published`: how many initiatives on the site lie in it."""
    level = BELOW.get(Level(area.level))
    if level is None:
        return []
    lying = SearchEntry.objects.filter(**{str(area.level): area.pk})
    counts = dict(lying.order_by().values_list(level).annotate(Count("pk")))
    parts: list[Any] = list(area.children.filter(vanished_at=None).defer("boundary").order_by("name"))
    for part in parts:
        part.published = counts.get(part.pk, 0)
    return parts
