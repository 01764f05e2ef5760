import uuid
from datetime import datetime, timedelta
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.querysets import InvitationQuerySet, NetworkRoleQuerySet, UserManager

INVITATION_LASTS = timedelta(days=14)


@pghistory.track(
    # No name, no e-mail address: what is kept for good holds nothing that must one day be erased.
    fields=["employer", "decides_on_benefits", "is_coordinator", "needs_second_factor", "is_active"],
    model_name="UserEvent",
)
class User(AbstractBaseUser):
    """Somebody who can sign in. What they may do in an app is a row in that app; here stand only the facts that every wall needs."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("There is already an account with this e-mail address.")}
    )
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="nl")
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    # Whoever decides or advises on benefits sees no person, whatever other roles they hold.
    decides_on_benefits = models.BooleanField(_("decides or advises on benefits"), default=False)
    is_coordinator = models.BooleanField(_("network coordinator"), default=False)
    needs_second_factor = models.BooleanField(_("must sign in with a second factor"), default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
                name="user_language_known",
                violation_error_message=_("Choose one of the languages of this site."),
            ),
        ]
        triggers = [
            # Employer and benefits flag are walls: an UPDATE that skips change_employment fails in the database.
            pgtrigger.Trigger(
                name="employment_needs_record",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("employer", "decides_on_benefits"),
                condition=pgtrigger.AnyChange("employer", "decides_on_benefits"),
                declare=[("latest", "RECORD")],
                func="""
                    SELECT * INTO latest FROM accounts_employmentchange WHERE user_id = NEW.id ORDER BY id DESC LIMIT 1;
                    IF latest.id IS NULL
                        OR (latest.employer_before, latest.decides_before) <> (OLD.employer, OLD.decides_on_benefits)
                        OR (latest.employer, latest.decides_on_benefits) <> (NEW.employer, NEW.decides_on_benefits) THEN
                        RAISE EXCEPTION 'employer and benefits flag change only with a record'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_employment_needs_record';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email


class EmploymentChange(models.Model):
    """The record without which employer and benefits flag do not change: who, from what to what, why. Never altered."""

    user = models.ForeignKey(User, verbose_name=_("account"), on_delete=models.PROTECT, related_name="employment_changes")
    actor = models.ForeignKey(User, verbose_name=_("changed by"), null=True, on_delete=models.PROTECT, related_name="+")
    employer_before = models.CharField(max_length=120, blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    decides_before = models.BooleanField()
    decides_on_benefits = models.BooleanField(_("decides or advises on benefits"))
    reason = models.CharField(_("reason"), max_length=240)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of employment")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="employment_change_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="employment_change_has_reason", violation_error_message=_("Say why.")),
            models.CheckConstraint(
                condition=Q(decides_before=False) | Q(decides_on_benefits=True) | (Q(actor__isnull=False) & ~Q(actor=models.F("user"))),
                name="employment_change_lowered_by_another",
                violation_error_message=_("Somebody else must record that you no longer decide on benefits."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}"


class Invitation(models.Model):
    """An invitation to a role, by a link that works once. Each app has its own table of them, and gives its own role.

    A concrete class sets `slug` (the word in the link) and `role` (as in "you are invited as …"), may set
    `needs_second_factor`, and defines `grant`. Its Meta extends Invitation.Meta; more constraints go behind
    `*Invitation.Meta.constraints`.
    """

    slug: ClassVar[str]
    role: ClassVar[str | Promise]
    needs_second_factor: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # SHA-256 in hex; the token itself stands only in the mail.
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="nl")
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    decides_on_benefits = models.BooleanField(_("decides or advises on benefits"))
    # Empty: invited from the command line.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("invited by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("invited at"), editable=False)
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("accepted by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="%(app_label)s_%(class)s_accepted_or_revoked",
                violation_error_message=_("An invitation is either accepted or withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | Q(accepted_at__isnull=False),
                name="%(app_label)s_%(class)s_accepted_at_a_time",
                violation_error_message=_("An accepted invitation has a time."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="%(app_label)s_%(class)s_expires_later",
                violation_error_message=_("An invitation ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="%(app_label)s_%(class)s_email_lower_case",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at

    def purpose(self) -> str:
        """One or two sentences for the mail and the page: what the invited person will do."""
        return ""

    def grant(self, user: User, at: datetime) -> None:
        """Give the role; runs in the transaction that accepts. Giving it twice must be harmless."""
        raise NotImplementedError


class NetworkRole(models.Model):
    """Who somebody is in an app, one row a person. It stays when the role ends, as past work names them; an invitation opens it again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.PROTECT, related_name="%(class)s")
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = NetworkRoleQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("since")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("A role ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class RoleInvitation(Invitation):
    """An invitation to a role in the whole network, which `gives` names: one open invitation for an address."""

    gives: ClassVar[type[NetworkRole]]

    class Meta(Invitation.Meta):
        abstract = True
        constraints = [
            *Invitation.Meta.constraints,
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="%(class)s_once",
                violation_error_message=_("This person is already invited. Send that invitation again."),
            ),
        ]

    def grant(self, user: User, at: datetime) -> None:
        self.gives._default_manager.update_or_create(user=user, defaults={"ended_at": None}, create_defaults={"since": at})


class CoordinatorInvitation(RoleInvitation):
    slug = "coordinator"
    role = _("network coordinator")
    needs_second_factor = True

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a coordinator")

    def purpose(self) -> str:
        return str(_("You help areas without a connector, invite people, and see how the network is doing."))

    def grant(self, user: User, at: datetime) -> None:
        user.is_coordinator = True
        user.save(update_fields=["is_coordinator"])
