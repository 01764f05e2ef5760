from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fieldlab.areas.models import Area, Level
from initiatives.models import AreaContact, Initiative

PER_PAGE = 24


@login_not_required
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """What there is in a district, quarter or neighbourhood, and whom to ask."""
    found = Area.objects.in_force().without_boundaries().filter(code=code).first()
    if found is None:
        raise Http404
    above = [each for each in (found.parent and found.parent.parent, found.parent) if each]
    initiatives = Initiative.objects.published().in_area(found).with_area()
    context = {
        "area": found,
        "above": above,
        "parts": parts_with_counts(found),
        "page": Paginator(initiatives, PER_PAGE).get_page(request.GET.get("page")),
        "contacts": AreaContact.objects.filter(areas__in=[found, *above]).distinct(),
    }
    return render(request, "initiatives/area.html", context)


def parts_with_counts(area: Area) -> Any:
    """The areas directly inside, each with `.published`: how many initiatives are on the site."""
    if area.level == Level.NEIGHBOURHOOD:
        return []
    below = Count("initiatives", filter=Q(initiatives__status="published"), distinct=True)
    further = Count("children__initiatives", filter=Q(children__initiatives__status="published"), distinct=True)
    return area.children.filter(vanished_at=None).defer("boundary").annotate(published=below + further).order_by("name")
