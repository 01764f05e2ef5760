import uuid
from datetime import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import Invitation, User
from fieldlab.areas.models import Level
from fieldlab.lib.geo import Point, PointField
from initiatives.querysets import InitiativeQuerySet


class Kind(models.TextChoices):
    RESIDENTS_GROUP = "residents_group", _("Residents' group")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    COMMUNITY_CENTRE = "community_centre", _("Community centre")
    SELF_MANAGED = "self_managed", _("Self-managed place")
    COOPERATIVE = "cooperative", _("Co-operative")
    INFORMAL_GROUP = "informal_group", _("Informal group")


class Activity(models.TextChoices):
    """What people mainly do there; each has its own cut-paper scene."""

    SEWING = "sewing", _("Sewing and clothes")
    KITCHEN = "kitchen", _("Cooking and eating")
    BIKES = "bikes", _("Bicycles")
    GARDEN = "garden", _("Gardening")
    HOUSE = "house", _("Meeting and coffee")
    TABLE = "table", _("Talking and making plans")
    REPAIR = "repair", _("Repairing and making")
    LANGUAGE = "language", _("Language and learning")
    LAUNDRY = "laundry", _("Washing and ironing")
    MUSIC = "music", _("Music and theatre")


class Access(models.TextChoices):
    WALK_IN = "walk_in", _("Yes, when we are open")
    APPOINTMENT = "appointment", _("Only by appointment")
    NO_FIXED_PLACE = "no_fixed_place", _("We have no fixed place")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for the neighbourhood's check")
    CHANGES_REQUESTED = "changes_requested", _("changes asked")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


# Personal facts of the contact stay out of the append-only history: they must be erasable.
NOT_IN_HISTORY = ["draft_key", "contact_name", "phone", "email"]
# As text, because a `point` has no `=`, which comparing rows needs
CHANGED = pgtrigger.Condition("OLD::text IS DISTINCT FROM NEW::text")


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

    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
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
        ]
        indexes = [
            GistIndex(fields=["location"], name="initiative_location_gist"),
            models.Index(fields=["status", "submitted_at"], name="initiative_status_submitted"),
        ]

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
    def public_phone(self) -> str:
        return self.phone if self.phone_public else ""

    @property
    def public_email(self) -> str:
        return self.email if self.email_public else ""


class InitiativeMember(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="initiative_memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("team member")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "user"],
                name="initiative_member_once",
                violation_error_message=_("This person is already in the team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class MemberInvitation(Invitation):
    """An invitation to the team of an initiative; an owner's also goes out by itself to whoever registered without an account."""

    slug = "team"
    role = _("team member of an initiative")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="invitations")
    member_role = models.CharField(_("role"), max_length=8, choices=InitiativeMember.Role, default=InitiativeMember.Role.EDITOR)

    class Meta(Invitation.Meta):
        verbose_name = _("invitation of a team member")
        constraints = [
            *Invitation.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="member_invitation_open_once",
                violation_error_message=_("This person is already invited."),
            ),
        ]

    def purpose(self) -> str:
        return str(_("You keep the page of %(initiative)s up to date.") % {"initiative": self.initiative.name})

    def grant(self, user: User, at: datetime) -> None:
        member, made = InitiativeMember.objects.get_or_create(
            initiative=self.initiative, user=user, defaults={"role": self.member_role, "since": at}
        )
        if not made and self.member_role == InitiativeMember.Role.OWNER and member.role != self.member_role:
            member.role = self.member_role
            member.save(update_fields=["role"])


class BoundarySpanner(models.Model):
    """Somebody trusted in a district, who checks that district's entries."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boundary_spanner_of")
    district = models.ForeignKey(
        "areas.Area", on_delete=models.PROTECT, related_name="boundary_spanners", limit_choices_to={"level": Level.DISTRICT}
    )

    class Meta:
        verbose_name = _("boundary spanner")
        constraints = [models.UniqueConstraint(fields=["user", "district"], name="boundary_spanner_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.district})"


class AreaContact(models.Model):
    """Who at the municipality to call about an area; a public entry."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="area_contacts")
    name = models.CharField(_("name"), max_length=80)
    function = models.CharField(_("function"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120)
    areas = models.ManyToManyField("areas.Area", related_name="contacts", verbose_name=_("areas"))
    topics = models.CharField(_("what for"), max_length=240, blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = _("municipal contact")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="area_contact_reachable",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="area_contact_phone",
                violation_error_message=_("A telephone number has ten figures, or starts with +."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ModerationDecision(models.Model):
    """What was decided about an entry, by whom and why. Never changed, never deleted."""

    class Decision(models.TextChoices):
        PUBLISHED = "published", _("published")
        CHANGES_REQUESTED = "changes_requested", _("changes asked")
        ARCHIVED = "archived", _("archived")

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    message = models.TextField(_("message"), max_length=2000, blank=True, validators=[MinLengthValidator(3)])
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="published") | ~Q(message=""),
                name="moderation_decision_says_why",
                violation_error_message=_("Say why, or what has to change."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.get_decision_display()}"
