from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from fieldlab.areas.models import Area  # noqa: F401 - named in a string


class AreaQuerySet(models.QuerySet["Area"]):
    def visible_to(self, user: Any) -> "AreaQuerySet":
        """Areas are public."""
        return self

    def in_force(self) -> "AreaQuerySet":
        return self.filter(vanished_at=None)

    def districts(self) -> "AreaQuerySet":
        return self.filter(level="district")

    def quarters(self) -> "AreaQuerySet":
        return self.filter(level="quarter")

    def neighbourhoods(self) -> "AreaQuerySet":
        return self.filter(level="neighbourhood")

    def without_boundaries(self) -> "AreaQuerySet":
        """With the quarter and the district of each in the same query, and without the boundaries, which are long."""
        return self.select_related("parent__parent").defer("boundary", "parent__boundary", "parent__parent__boundary")

    def version(self) -> tuple[int, int, str]:
        """What changes whenever an import changes an area: for caches in the memory of each process, and for validators (ETag)."""
        facts = self.model._default_manager.aggregate(count=models.Count("id"), last=models.Max("id"), at=models.Max("changed_at"))
        return facts["count"], facts["last"] or 0, facts["at"].isoformat() if facts["at"] else ""
