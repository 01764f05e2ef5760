from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from fieldlab.lib.geo import Degrees, Point

if TYPE_CHECKING:
    from fieldlab.areas.models import Area
    from initiatives.models import Initiative

# How many are fetched in order of degrees before they are put in order of metres: at 52° north a degree east is only
# 0.6 of a degree north, so the order differs, but not by more than this for the few that a page shows.
NEAR = 60
# "Plek nu" is believed this long
ROOM_HOLDS = timedelta(days=30)


def lies_in(areas: Any) -> Q:
    """The neighbourhood itself, its quarter or its district is among `areas` (a queryset or a list of areas or keys)."""
    return Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def published(self) -> "InitiativeQuerySet":
        return self.filter(status="published")

    def awaiting_moderation(self) -> "InitiativeQuerySet":
        """Submitted, the longest waiting first."""
        return self.filter(status="submitted").order_by("submitted_at", "pk")

    def moderated_by(self, user: Any) -> "InitiativeQuerySet":
        """Entries past the draft that this user may decide about: their districts', or all for a coordinator."""
        if not user.is_authenticated:
            return self.none()
        past_draft = self.exclude(status="draft")
        return past_draft if user.is_coordinator else past_draft.filter(lies_in(user.boundary_spanner_of.values("district")))

    def of_member(self, user: Any) -> "InitiativeQuerySet":
        return self.filter(pk__in=user.initiative_memberships.values("initiative")) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> "InitiativeQuerySet":
        """Published ones; besides those one's own, and what one moderates."""
        visible = Q(status="published")
        if user.is_authenticated:
            visible |= Q(pk__in=user.initiative_memberships.values("initiative")) | Q(status="draft", registered_by=user)
            visible |= Q(pk__in=self.model.objects.moderated_by(user).values("pk"))
        return self.filter(visible)

    def in_area(self, area: "Area") -> "InitiativeQuerySet":
        return self.filter(lies_in([area.pk]))

    def with_area(self) -> "InitiativeQuerySet":
        """With neighbourhood, quarter and district in the same query, but not their long boundaries."""
        with_areas = self.select_related("area__parent__parent")
        return with_areas.defer("area__boundary", "area__parent__boundary", "area__parent__parent__boundary")

    def near(self, point: Point) -> list["Initiative"]:
        """The nearest with a place on the map, in order of metres; each has `.metres` set. At most NEAR."""
        found = list(self.filter(location__isnull=False).order_by(Degrees("location", point), "pk")[:NEAR])
        for initiative in found:
            initiative.metres = point.metres_to(initiative.location or point)
        return sorted(found, key=lambda initiative: initiative.metres)
