from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point, PointField
from fieldlab.lib.opening import OpeningHours
from initiatives.models import Accessibility
from participants.models.professionals import Professional

_FACT = models.CharField(max_length=24, choices=Accessibility.choices)


class TalkPlace(models.Model):
    """Where talks are held: at an initiative, which is offered first, or in a room of the municipality."""

    # Name, address and accessibility are then the initiative's own, as it keeps them
    initiative = models.OneToOneField(
        "initiatives.Initiative", verbose_name=_("initiative"), null=True, blank=True, on_delete=models.CASCADE, related_name="talk_place"
    )
    own_name = models.CharField(_("name"), max_length=80, blank=True)
    own_address = models.CharField(_("address"), max_length=160, blank=True)
    own_area = models.ForeignKey(Area, verbose_name=_("neighbourhood"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own_location = PointField(_("place on the map"), null=True, blank=True)
    own_accessibility = ArrayField(
        _FACT, verbose_name=_("accessibility"), default=list, db_default=Value([], output_field=ArrayField(_FACT)), blank=True
    )
    how_to_find = models.CharField(_("how to find the room"), max_length=160, blank=True)
    # What the place receives for an hour, in euros, and who pays it; nothing is shown as € 0
    fee = models.DecimalField(_("paid to the place for an hour"), max_digits=7, decimal_places=2, default=0, db_default=Value(0))
    paid_by = models.CharField(_("paid by"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("no longer used since"), null=True, blank=True)

    class Meta:
        verbose_name = _("place for talks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative__isnull=False, own_name="", own_address="", own_area=None)
                | (Q(initiative=None, own_area__isnull=False) & ~Q(own_name="") & ~Q(own_address="")),
                name="talk_place_of_an_initiative_or_whole",
                violation_error_message=_("Choose an initiative, or give a name, an address and a neighbourhood."),
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0), name="talk_place_fee", violation_error_message=_("An amount is not below zero.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.initiative.name if self.initiative else self.own_name

    @property
    def address(self) -> str:
        return self.initiative.address if self.initiative else self.own_address

    @property
    def area(self) -> Area | None:
        return self.initiative.area if self.initiative else self.own_area

    @property
    def point(self) -> Point | None:
        return self.initiative.shown_point if self.initiative else self.own_location or (self.own_area.centre if self.own_area else None)

    @property
    def accessibility(self) -> list[str]:
        return list(self.initiative.accessibility if self.initiative else self.own_accessibility)


class TalkRoom(models.Model):
    """A room of a place; one talk at a time."""

    place = models.ForeignKey(TalkPlace, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=60)
    quiet = models.BooleanField(_("a quiet room"), default=False)
    step_free = models.BooleanField(_("no steps"), default=False)
    ended_at = models.DateTimeField(_("no longer used since"), null=True, blank=True)

    class Meta:
        verbose_name = _("room")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], name="talk_room_once", violation_error_message=_("There is already a room with this name.")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Availability(models.Model):
    """When a professional talks at a place: hours of a week and days that differ, on the clock on the wall."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="availabilities")
    place = models.ForeignKey(TalkPlace, on_delete=models.CASCADE, related_name="availabilities")
    # Its shape is that of fieldlab.lib.opening.OpeningHours.to_json
    opening_hours = models.JSONField(_("hours"), default=dict, blank=True)
    # Rises with every edit, so that a second editor is noticed
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("availability")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["professional", "place"], name="availability_once")]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.place_id}"

    @property
    def hours(self) -> OpeningHours:
        return OpeningHours.from_json(self.opening_hours)


class Absence(models.Model):
    """Days on which a professional talks to nobody, wherever; the last one included."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField(_("from"))
    last = models.DateField(_("until and including"))

    class Meta:
        verbose_name = _("absence")
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day comes after the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


class CalendarFeed(models.Model):
    """A professional's private calendar address. The token stands only in the address; here is its SHA-256."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"))
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True)
    read_at = models.DateTimeField(_("last read at"), null=True)

    class Meta:
        verbose_name = _("calendar address")
        constraints = [
            models.UniqueConstraint(
                fields=["professional"],
                condition=Q(revoked_at=None),
                name="calendar_feed_once",
                violation_error_message=_("There is already an address. Withdraw it first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
