import uuid
from datetime import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fieldlab.areas.models import Level
from fieldlab.lib.geo import Point, PointField
from fieldlab.lib.opening import OpeningHours
from initiatives.models.choices import (
    Access,
    Accessibility,
    Activity,
    Audience,
    Kind,
    Language,
    Offer,
    Phase,
    Room,
    Status,
    Theme,
)
from initiatives.models.search import KEEP_SEARCH_ENTRY, Plain
from initiatives.querysets import ROOM_HOLDS, STALE_AFTER, InitiativeQuerySet

# Personal facts of the contact stay out of the append-only history: they must be erasable.
NOT_IN_HISTORY = ["draft_key", "contact_name", "phone", "email", "channels"]
# As text, because a `point` has no `=`, which comparing rows needs
CHANGED = pgtrigger.Condition("OLD::text IS DISTINCT FROM NEW::text")


def _words(verbose_name: StrOrPromise, choices: type[models.TextChoices]) -> "ArrayField[list[str], list[str]]":
    """Some of these choices, in their order, none twice."""
    word = models.CharField(max_length=24, choices=choices.choices)
    return ArrayField(word, verbose_name=verbose_name, default=list, db_default=Value([], output_field=ArrayField(word)), blank=True)


def _known(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": list(choices.values)}),
        name=f"initiative_{field}_known",
        violation_error_message=_("One of these choices does not exist."),
    )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=CHANGED),
    pghistory.DeleteEvent(),
    exclude=NOT_IN_HISTORY,
    append_only=True,
    context_field=pghistory.ContextJSONField(),
    context_id_field=pghistory.ContextUUIDField(),
)
class Initiative(models.Model):
    """A place or group in a neighbourhood. Only a draft may be incomplete; the constraints below say what complete is."""

    # Given when it is first submitted, never changed after
    slug = models.SlugField(_("address on this site"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind, blank=True)
    activity = models.CharField(_("activity"), max_length=16, choices=Activity, blank=True)
    summary = models.CharField(_("what you do"), max_length=160, blank=True)
    description = models.TextField(_("more about you"), max_length=4000, blank=True)

    offers = _words(_("what people find there"), Offer)
    themes = _words(_("what it is about"), Theme)
    audiences = _words(_("for whom in the first place"), Audience)
    languages = _words(_("languages"), Language)
    accessibility = _words(_("accessibility"), Accessibility)
    phase = models.CharField(_("phase of life"), max_length=12, choices=Phase, blank=True, db_default="")
    room = models.CharField(_("room for new people"), max_length=12, choices=Room, blank=True, db_default="")
    room_at = models.DateTimeField(_("room said at"), null=True, blank=True)
    # Wall-clock time; its shape is that of `fieldlab.lib.opening.OpeningHours.to_json`
    opening_hours = models.JSONField(_("opening hours"), default=dict, db_default=Value({}, output_field=models.JSONField()), blank=True)
    photo = models.ForeignKey("Photo", verbose_name=_("photo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    access = models.CharField(_("can people walk in"), max_length=16, choices=Access, blank=True)
    street = models.CharField(_("street"), max_length=80, blank=True)
    house_number = models.CharField(_("house number"), max_length=12, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    # Null when there is no fixed place, or when only the neighbourhood is known
    location = PointField(_("place on the map"), null=True, blank=True)
    area = models.ForeignKey(
        "areas.Area",
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="initiatives",
        limit_choices_to={"level": Level.NEIGHBOURHOOD},
    )
    # Codes of districts, quarters and neighbourhoods it comes to, besides the one it is in
    service_areas = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("comes to people in"),
        default=list,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=16))),
        blank=True,
    )

    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    # [{"kind": "facebook", "address": "https://…", "public": true}, …], see `initiatives.channels`
    channels = models.JSONField(
        _("other ways to reach you"), default=list, db_default=Value([], output_field=models.JSONField()), blank=True
    )
    website_public = models.BooleanField(_("everybody may see the website"), default=True, db_default=True)
    # Nothing of a person is public before they say so
    phone_public = models.BooleanField(_("everybody may see the telephone number"), default=False)
    email_public = models.BooleanField(_("everybody may see the e-mail address"), default=False)

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("registered by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_phone = models.BooleanField(_("typed by a coordinator during a telephone call"), default=False)
    # Whoever holds this unguessable key may go on with the draft; it opens nothing else
    draft_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Rises with every edit, so that a second editor is noticed
    revision = models.PositiveIntegerField(default=1)

    created_at = models.DateTimeField(_("made at"))
    updated_at = models.DateTimeField(_("changed at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed at"), null=True, blank=True)
    # When its team was last asked whether everything is still right, since it was last confirmed
    asked_at = models.DateTimeField(_("asked to confirm at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded to confirm at"), null=True, blank=True)
    # The revision that a moderator last saw and found right; what changed after it is theirs to look through
    checked_revision = models.PositiveIntegerField(_("checked revision"), null=True, blank=True)

    objects = InitiativeQuerySet.as_manager()

    # Metres to the point asked for, set by `near()`
    metres: float

    class Meta:
        verbose_name = _("initiative")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft")
                | (
                    ~Q(name="")
                    & ~Q(kind="")
                    & ~Q(activity="")
                    & ~Q(summary="")
                    & ~Q(access="")
                    & Q(area__isnull=False)
                    & Q(slug__isnull=False)
                    & Q(submitted_at__isnull=False)
                ),
                name="initiative_complete",
                violation_error_message=_("Only a draft may be incomplete: name, kind, what you do and neighbourhood are needed."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(phone="") | ~Q(email=""),
                name="initiative_reachable",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
            models.CheckConstraint(
                condition=~Q(access="no_fixed_place") | Q(street="", house_number="", postcode="", location__isnull=True),
                name="initiative_no_fixed_place",
                violation_error_message=_("Without a fixed place there is no address."),
            ),
            models.CheckConstraint(
                condition=Q(postcode="") | Q(postcode__regex=r"^[1-9][0-9]{3} [A-Z]{2}$"),
                name="initiative_postcode",
                violation_error_message=_("A postcode is four figures and two letters."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="initiative_phone",
                violation_error_message=_("A telephone number has ten figures, or starts with +."),
            ),
            models.CheckConstraint(
                # It becomes a link on a public page, whoever wrote it
                condition=Q(website="") | Q(website__regex=r"^https?://"),
                name="initiative_website_scheme",
                violation_error_message=_("A website starts with https://."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="initiative_published_at",
                violation_error_message=_("A published initiative has a date of publication."),
            ),
            models.CheckConstraint(
                condition=(Q(submitted_at__isnull=True) | Q(submitted_at__gte=F("created_at")))
                & (Q(published_at__isnull=True) | Q(published_at__gte=F("submitted_at")))
                & (Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=F("created_at"))),
                name="initiative_times_in_order",
                violation_error_message=_("Made, submitted and published come in this order."),
            ),
            _known("offers", Offer),
            _known("themes", Theme),
            _known("audiences", Audience),
            _known("languages", Language),
            _known("accessibility", Accessibility),
            models.CheckConstraint(
                condition=Q(room="", room_at__isnull=True) | (~Q(room="") & Q(room_at__isnull=False)),
                name="initiative_room_dated",
                violation_error_message=_("Whether there is room is always told with its date."),
            ),
            models.CheckConstraint(
                condition=Q(checked_revision__isnull=True) | Q(checked_revision__lte=F("revision")),
                name="initiative_checked_revision",
                violation_error_message=_("A revision is checked after it is made."),
            ),
        ]
        indexes = [
            GistIndex(fields=["location"], name="initiative_location_gist"),
            models.Index(fields=["status", "submitted_at"], name="initiative_status_submitted"),
            GistIndex(OpClass(Plain("name"), name="gist_trgm_ops"), name="initiative_name_alike"),
            models.Index(fields=["phone"], name="initiative_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="initiative_email", condition=~Q(email="")),
            models.Index(fields=["website"], name="initiative_website", condition=~Q(website="")),
        ]
        triggers = [KEEP_SEARCH_ENTRY]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiative", args=[self.slug])

    @property
    def cover_seed(self) -> str:
        """What its picture is cut from; the same before and after it gets its slug."""
        return self.slug or slugify(self.name)

    @property
    def street_and_number(self) -> str:
        return f"{self.street} {self.house_number}".strip()

    @property
    def address(self) -> str:
        """On one line; empty without a fixed place."""
        return ", ".join(filter(None, [self.street_and_number, f"{self.postcode} {self.city}".strip() if self.street else self.postcode]))

    @property
    def shown_point(self) -> Point | None:
        """Where the map puts it: its own place, or the middle of its neighbourhood."""
        return self.location or (self.area.centre if self.area else None)

    @property
    def hours(self) -> OpeningHours:
        return OpeningHours.from_json(self.opening_hours)

    def room_now(self, at: datetime) -> str:
        """What was last said about room for new people; empty when that is too long ago to rely on."""
        return self.room if self.room_at and at - self.room_at <= ROOM_HOLDS else ""

    def is_stale(self, at: datetime) -> bool:
        """Nobody has said for long that it is still right; agrees with `stale()` of its queryset."""
        last = self.confirmed_at or self.published_at
        return self.status == Status.PUBLISHED and last is not None and last <= at - STALE_AFTER

    @property
    def changed_since_checked(self) -> bool:
        return self.checked_revision is not None and self.revision > self.checked_revision

    @property
    def public_phone(self) -> str:
        return self.phone if self.phone_public else ""

    @property
    def public_email(self) -> str:
        return self.email if self.email_public else ""
