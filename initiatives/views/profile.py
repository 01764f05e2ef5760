"""An initiative's own page."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldlab.areas.models import Area
from initiatives import channels
from initiatives.models import Initiative
from initiatives.permissions import can_edit, can_moderate, can_see_members_only, in_team
from initiatives.structured_data import describe, picture_url, script

SIMILAR = 3
# Who does the same counts as if it were this much nearer; the first metres make no difference
SAME_ACTIVITY, SAME_OFFER, SAME_THEME, NEXT_DOOR = 2.0, 0.5, 0.25, 200


@login_not_required
@require_safe
def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Initiative.objects.visible_to(request.user).with_area(), slug=slug)
    own, may_moderate, now = in_team(request.user, found), can_moderate(request.user, found), timezone.now()
    context = {
        "initiative": found,
        "now": now,
        "room": found.room_now(now),
        "stale": found.is_stale(now),
        "similar": similar_nearby(found),
        "comes_to": Area.objects.in_force().without_boundaries().filter(code__in=found.service_areas) if found.service_areas else [],
        "page_url": settings.SITE_URL + found.get_absolute_url(),
        "picture_url": picture_url(found),
        "structured": script(describe(found, now)),
        **_ways_to_reach(found, members_only=own or may_moderate or can_see_members_only(request.user)),
        "own": own,
        "may_moderate": may_moderate,
        "may_edit": own or can_edit(request.user, found),
    }
    return render(request, "initiatives/profile.html", context)


def _ways_to_reach(initiative: Initiative, *, members_only: bool) -> dict[str, Any]:
    """Website and channels that this visitor may see, those that not everybody may see marked so by `.public`."""
    found = channels.read(initiative.channels)
    return {
        "website": initiative.website if initiative.website_public or members_only else "",
        "channels": [channel for channel in found if channel.public or members_only],
    }


def similar_nearby(initiative: Initiative) -> list[Initiative]:
    """At most three others: the nearer, and the more they do the same, the sooner. Each has `.metres` set."""
    point = initiative.shown_point
    if point is None:
        return []
    near = Initiative.objects.published().exclude(pk=initiative.pk).with_area().near(point)
    return sorted(near, key=lambda other: _distance(initiative, other))[:SIMILAR]


def _distance(initiative: Initiative, other: Initiative) -> float:
    """Metres, the fewer the more they have in common."""
    alike = (
        SAME_ACTIVITY * (other.activity == initiative.activity)
        + SAME_OFFER * len({*other.offers} & {*initiative.offers})
        + SAME_THEME * len({*other.themes} & {*initiative.themes})
    )
    return (other.metres + NEXT_DOOR) / (1 + alike)
