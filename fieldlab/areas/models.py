from django.contrib.postgres.indexes import GistIndex
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.querysets import AreaQuerySet
from fieldlab.lib.geo import PointField


class Level(models.TextChoices):
    DISTRICT = "district", _("district")
    QUARTER = "quarter", _("quarter")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")


class Area(models.Model):
    """A district (stadsdeel) holds quarters (wijken), a quarter holds neighbourhoods (buurten).

    Outside Amsterdam, where a municipality has no districts of its own, the municipality takes that place.
    """

    Level = Level

    level = models.CharField(_("level"), max_length=16, choices=Level)
    code = models.CharField(_("code"), max_length=16, help_text=_("The city's own code, such as AA01."))
    cbs_code = models.CharField(_("CBS code"), max_length=16, blank=True, help_text=_("Statistics Netherlands' code, such as BU0363AA01."))
    # The city's identification outlives a change of code; files of Statistics Netherlands have none.
    city_id = models.CharField(_("the city's identification"), max_length=32, blank=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", verbose_name=_("lies in"), null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    # GeoJSON MultiPolygon in WGS84; null for an area that only groups others
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    # A point inside the boundary, for a label and for "near this neighbourhood"
    centre = PointField(_("centre"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))
    # Set when a later import no longer has the area; nothing is deleted by an import.
    vanished_at = models.DateTimeField(_("vanished at"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        ordering = ["name", "code"]
        constraints = [
            # Deferred, because a new official list may let two areas exchange their codes.
            models.UniqueConstraint(fields=["level", "code"], name="area_level_code_unique", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(
                condition=models.Q(level="district", parent__isnull=True) | (~models.Q(level="district") & models.Q(parent__isnull=False)),
                name="area_parent_by_level",
                violation_error_message=_("A district lies in nothing; a quarter and a neighbourhood lie in another area."),
            ),
        ]
        indexes = [GistIndex(fields=["centre"], name="area_centre_gist")]

    def __str__(self) -> str:
        return self.name


class Postcode4(models.Model):
    """The middle of the area of a postcode's four digits; learned from the address service, kept so that the map needs it once."""

    digits = models.CharField(_("postcode"), primary_key=True, max_length=4, validators=[RegexValidator(r"\A[1-9][0-9]{3}\Z")])
    centre = PointField(_("centre"))
    learned_at = models.DateTimeField(_("learned at"))

    class Meta:
        verbose_name = _("four-digit postcode")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digits__regex=r"^[1-9][0-9]{3}$"),
                name="postcode4_four_digits",
                violation_error_message=_("A postcode starts with four digits, such as 1094."),
            )
        ]

    def __str__(self) -> str:
        return self.digits
