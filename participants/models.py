import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import NetworkRole, RoleInvitation, User
from fieldlab.areas.models import Area
from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key, Sealed, SealedField
from participants.querysets import ParticipantAccessQuerySet, ParticipantQuerySet


class ReachedBy(models.TextChoices):
    """How somebody found us."""

    INITIATIVE = "initiative", _("an initiative in the neighbourhood")
    FRIEND = "friend", _("a friend, neighbour or relative")
    PROFESSIONAL = "professional", _("somebody who helps them")
    CITY = "city", _("the city")
    WEBSITE = "website", _("this website")
    OTHER = "other", _("another way")


@dataclass(frozen=True, kw_only=True)
class Details:
    """Who a participant is, in plain text: only while somebody reads it. Everything but a first name may be unknown."""

    first_name: str
    last_name: str = ""
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    languages: tuple[str, ...] = ()
    interpreter: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


DETAILS = [field.name for field in fields(Details)]


# What would tell in plain text who it was stays out of history, which is never changed.
@pghistory.track(exclude=["code", "user", "created_by"])
class Participant(models.Model):
    """Somebody who takes part. No benefit, income, health or debt is recorded, here or anywhere.

    Who it is stands sealed under the participant's own key. Erasing destroys the key and empties the row: what is left, here and in
    history, is that somebody from this neighbourhood took part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # For paper and the telephone, where a name would be too much, such as "K7M-2QF"
    code = models.CharField(_("code"), max_length=7, unique=True, null=True, editable=False)  # noqa: DJ001 unique, and gone once erased
    first_name = SealedField(_("first name"), null=True)
    last_name = SealedField(_("last name"), null=True)
    phone = SealedField(_("telephone number"), null=True)
    email = SealedField(_("e-mail address"), null=True)
    birth_year = SealedField(_("year of birth"), null=True)
    languages = SealedField(_("languages"), null=True)
    interpreter = SealedField(_("needs an interpreter"), null=True)
    neighbourhood = models.ForeignKey(
        Area, verbose_name=_("neighbourhood"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reached_by = models.CharField(_("how they found us"), max_length=16, choices=ReachedBy)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), null=True, blank=True, on_delete=models.PROTECT, related_name="participant"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("added at"), editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None, code__isnull=False, **{f"{name}__isnull": False for name in DETAILS})
                | Q(erased_at__isnull=False, code=None, user=None, created_by=None, **dict.fromkeys(DETAILS)),
                name="participant_whole_or_erased",
                violation_error_message=_("A participant is there in full, or erased in full."),
            ),
        ]

    def __str__(self) -> str:
        return self.code or "-"

    def seal(self, details: Mapping[str, Any], key: Key) -> None:
        """Set some or all of DETAILS, by name."""
        encryption.seal(self, key, details)

    def open(self) -> Details:
        """Who it is. Pages ask the action open_participant, which logs. Raises DecryptionError."""
        values = encryption.unseal(self, self.key.unwrap(), DETAILS)
        return Details(**values | {"languages": tuple(values["languages"])})


class ParticipantKey(models.Model):
    """The data key of one participant, wrapped by a master key. Without it nothing sealed for them opens, in history neither."""

    participant = models.OneToOneField(Participant, primary_key=True, on_delete=models.PROTECT, related_name="key")
    wrapped = SealedField(_("wrapped key"))
    # Which of ENCRYPTION_KEYS wraps it, so that rotation finds what is left to do
    master = models.CharField(_("master key"), max_length=255, db_index=True)

    class Meta:
        verbose_name = _("key of a participant")

    def __str__(self) -> str:
        return self.master

    @property
    def _place(self) -> bytes:
        return encryption.place(self._meta.db_table, self.participant_id, "wrapped")

    def wrap(self, key: Key) -> None:
        self.wrapped = wrapped = encryption.wrap(key, self._place)
        self.master = wrapped.key_id.decode()

    def unwrap(self) -> Key:
        wrapped: Sealed = self.wrapped  # type: ignore[assignment]
        return encryption.unwrap(self.participant_id.bytes, wrapped, self._place)


class AccessReason(models.TextChoices):
    """Why somebody may see a participant. A choice, so that nothing personal stands in it."""

    INTAKE = "intake", _("first talk")
    SUPPORT = "support", _("support along the way")
    HANDOVER = "handover", _("took over from a colleague")
    REPLACEMENT = "replacement", _("stands in for a colleague")


@pghistory.track()
class ParticipantAccess(models.Model):
    """From when until when somebody may see a participant, and who said so. The one table that the walls ask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=16, choices=AccessReason)
    # Empty: given by the participant or by the platform
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("given by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ParticipantAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to a participant")
        verbose_name_plural = _("access to participants")
        ordering = ["valid_from", "pk"]
        constraints = [
            ExclusionConstraint(
                name="participant_access_once_at_a_time",
                expressions=[
                    ("participant", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (Func(F("valid_from"), F("until"), function="tstzrange", output_field=DateTimeRangeField()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already has access at that time."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("valid_from")),
                name="participant_access_ends_after_it_begins",
                violation_error_message=_("Access ends after it begins."),
            ),
        ]
        triggers = [
            # Who wants to see somebody again is given access anew, by somebody who may give it.
            pgtrigger.Trigger(
                name="ended_stays_ended",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("until"),
                condition=pgtrigger.Condition("OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)"),
                func="""
                    IF OLD.until <= statement_timestamp() THEN
                        RAISE EXCEPTION 'access that has ended is not opened again'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_access_ended_stays_ended';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class Professional(NetworkRole):
    """A participation professional. Their employer is the account's."""

    areas = models.ManyToManyField(Area, verbose_name=_("works in"), related_name="+", blank=True)

    class Meta(NetworkRole.Meta):
        verbose_name = _("participation professional")


class ProfessionalInvitation(RoleInvitation):
    slug = "professional"
    role = _("participation professional")
    needs_second_factor = True
    gives = Professional

    district = models.ForeignKey(Area, verbose_name=_("works in"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a professional")

    def purpose(self) -> str:
        return str(_("You help people who want to do something of their own. You only see the people whom you help."))

    def grant(self, user: User, at: datetime) -> None:
        super().grant(user, at)
        if self.district is not None:
            Professional.objects.get(user=user).areas.add(self.district)
