from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.querysets import AreaQuerySet
from fieldlab.lib.geo import PointField


class Level(models.TextChoices):
    DISTRICT = "district", _("district")
    QUARTER = "quarter", _("quarter")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")


class Area(models.Model):
    """A district (stadsdeel) holds quarters (wijken), a quarter holds neighbourhoods (buurten)."""

    Level = Level

    level = models.CharField(_("level"), max_length=16, choices=Level)
    code = models.CharField(_("code"), max_length=16, help_text=_("The city's own code, such as AA01."))
    cbs_code = models.CharField(_("CBS code"), max_length=16, blank=True, help_text=_("Statistics Netherlands' code, such as BU0363AA01."))
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", verbose_name=_("lies in"), null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    # GeoJSON MultiPolygon in WGS84; null for an area that only groups others
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    centre = PointField(_("centre"), null=True, blank=True)
    # Set when a later import no longer has the area; nothing is deleted by an import.
    vanished_at = models.DateTimeField(_("vanished at"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="area_level_code_unique"),
            models.CheckConstraint(
                condition=models.Q(level="district", parent__isnull=True) | (~models.Q(level="district") & models.Q(parent__isnull=False)),
                name="area_parent_by_level",
                violation_error_message=_("A district lies in nothing; a quarter and a neighbourhood lie in another area."),
            ),
        ]
        indexes = [GistIndex(fields=["centre"], name="area_centre_gist")]

    def __str__(self) -> str:
        return self.name
