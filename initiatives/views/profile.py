"""An initiative's own page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.models import Initiative
from initiatives.permissions import can_edit, can_manage_team, can_moderate

CHANGING = "initiative_change"


@login_not_required
@require_safe
def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Initiative.objects.visible_to(request.user).with_area(), slug=slug)
    context = {
        "initiative": found,
        "similar": similar_nearby(found),
        "may_edit": can_edit(request.user, found),
        "may_manage_team": can_manage_team(request.user, found),
        "may_moderate": can_moderate(request.user, found),
    }
    return render(request, "initiatives/profile.html", context)


def similar_nearby(initiative: Initiative) -> list[Initiative]:
    """At most three others: those with the same activity first, the nearest first."""
    point = initiative.shown_point
    if point is None:
        return []
    near = Initiative.objects.published().exclude(pk=initiative.pk).with_area().near(point)
    return sorted(near, key=lambda other: (other.activity != initiative.activity or other.metres > 3000, other.metres))[:3]
