from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from fieldlab.areas.models import Area


class AreaQuerySet(models.QuerySet["Area"]):
    def visible_to(self, user: Any) -> "AreaQuerySet":
        """Areas are public."""
        return self

    def in_force(self) -> "AreaQuerySet":
        return self.filter(vanished_at=None)

    def districts(self) -> "AreaQuerySet":
        return self.filter(level="district")

    def neighbourhoods(self) -> "AreaQuerySet":
        return self.filter(level="neighbourhood")
