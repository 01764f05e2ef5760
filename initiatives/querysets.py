from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from fieldlab.lib.geo import Degrees, Point

if TYPE_CHECKING:
    from fieldlab.areas.models import Area
    from initiatives.models import AreaContact, Initiative, Introduction  # noqa: F401 - named in a string

# How many are fetched in order of degrees before they are put in order of metres: at 52° north a degree east is only
# 0.6 of a degree north, so the order differs, but not by more than this for the few that a page shows.
NEAR = 60
# "Plek nu" is believed this long
ROOM_HOLDS = timedelta(days=30)
# Its team is asked whether everything is still right this long after it last said so, and once more after a fortnight
ASK_AFTER, REMIND_AFTER = timedelta(days=182), timedelta(days=14)
# From then on its page says that nobody did, and its moderators see it
STALE_AFTER = timedelta(days=365)


def lies_in(areas: Any) -> Q:
    """The neighbourhood itself, its quarter or its district is among `areas` (a queryset or a list of areas or keys)."""
    return Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def published(self) -> "InitiativeQuerySet":
        return self.filter(status="published")

    def awaiting_moderation(self) -> "InitiativeQuerySet":
        """Submitted, the longest waiting first."""
        return self.filter(status="submitted").order_by("submitted_at", "pk")

    def changed_since_checked(self) -> "InitiativeQuerySet":
        """Published, and changed after a moderator last looked; `changed_since` is when that began, the longest ago first."""
        events = apps.get_model("initiatives", "InitiativeEvent")._default_manager
        later = events.filter(pgh_obj_id=OuterRef("pk"), revision__gt=OuterRef("checked_revision")).order_by()
        began = later.values("pgh_obj_id").annotate(began=Min("pgh_created_at")).values("began")
        changed = self.published().filter(checked_revision__lt=F("revision"))
        return changed.annotate(changed_since=Coalesce(Subquery(began), F("updated_at"))).order_by("changed_since", "pk")

    def stale(self, at: datetime) -> "InitiativeQuerySet":
        """Published, and for a year nobody said that it is still right."""
        return self._last_confirmed_by(at - STALE_AFTER)

    def to_ask(self, at: datetime) -> "InitiativeQuerySet":
        """Those whose team is to be asked now whether everything is still right."""
        return self._last_confirmed_by(at - ASK_AFTER).filter(Q(asked_at=None) | Q(asked_at__lt=F("last_confirmed")))

    def to_remind(self, at: datetime) -> "InitiativeQuerySet":
        """Those asked a fortnight ago that did not answer and were not reminded."""
        asked = self._last_confirmed_by(at - ASK_AFTER).filter(asked_at__gte=F("last_confirmed"), asked_at__lte=at - REMIND_AFTER)
        return asked.filter(Q(reminded_at=None) | Q(reminded_at__lt=F("asked_at")))

    def waiting_by_district(self, at: datetime) -> list[dict[str, Any]]:
        """A row for each district with something: `code`, `district`, how many are `new`, `changed` and `stale`, and their `total`."""
        live = Q(status="published")
        dated = self.order_by().alias(_confirmed=Coalesce("confirmed_at", "published_at"))
        counted = dated.values(code=F("area__parent__parent__code"), district=F("area__parent__parent__name"))
        counted = counted.annotate(
            new=Count("pk", filter=Q(status="submitted")),
            changed=Count("pk", filter=live & Q(checked_revision__lt=F("revision"))),
            stale=Count("pk", filter=live & Q(_confirmed__lte=at - STALE_AFTER)),
        )
        counted = counted.annotate(total=F("new") + F("changed") + F("stale")).filter(total__gt=0)
        return [{**row} for row in counted.order_by("district", "code")]

    def _last_confirmed_by(self, limit: datetime) -> "InitiativeQuerySet":
        confirmed = self.published().annotate(last_confirmed=Coalesce("confirmed_at", "published_at"))
        return confirmed.filter(last_confirmed__lte=limit).order_by("last_confirmed", "pk")

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
        """With its photo, and neighbourhood, quarter and district without their long boundaries, in the same query."""
        with_areas = self.select_related("photo", "area__parent__parent")
        return with_areas.defer("area__boundary", "area__parent__boundary", "area__parent__parent__boundary")

    def near(self, point: Point) -> list["Initiative"]:
        """The nearest with a place on the map, in order of metres; each has `.metres` set. At most NEAR."""
        found = list(self.filter(location__isnull=False).order_by(Degrees("location", point), "pk")[:NEAR])
        for initiative in found:
            initiative.metres = point.metres_to(initiative.location or point)
        return sorted(found, key=lambda initiative: initiative.metres)


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def open(self) -> "IntroductionQuerySet":
        """Told, and waiting for an answer."""
        return self.filter(told_at__isnull=False, answered_at=None, closed_at=None)

    def at_the_door(self) -> "IntroductionQuerySet":
        """Open ones of askers that are there still: what was taken off the site takes nobody's turn."""
        return self.open().filter(asker__status__in=["submitted", "changes_requested", "published"])

    def unanswered_by(self, user: Any) -> "IntroductionQuerySet":
        """Those that a team of this user's may answer now."""
        mine = user.initiative_memberships.values("initiative")
        return self.open().filter(other__in=mine, other__status="published").order_by("told_at", "pk")

    def between(self, one: "Initiative", other: "Initiative") -> "IntroductionQuerySet":
        """Whoever of the two asked."""
        return self.filter(Q(asker=one, other=other) | Q(asker=other, other=one))


class AreaContactQuerySet(models.QuerySet["AreaContact"]):
    """Municipal contacts are public entries."""

    def visible_to(self, user: Any) -> "AreaContactQuerySet":
        return self

    def kept_by(self, user: Any) -> "AreaContactQuerySet":
        """Those this user may change: one's own, or all for a coordinator."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_coordinator else self.filter(user=user)
