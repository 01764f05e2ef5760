import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.models import Area
from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key, SealedField
from participants.models.keys import HoldsKey
from participants.querysets import ParticipantAccessQuerySet, ParticipantQuerySet


class ReachedBy(models.TextChoices):
    """How somebody found us."""

    INITIATIVE = "initiative", _("an initiative in the neighbourhood")
    FRIEND = "friend", _("a friend, neighbour or relative")
    PROFESSIONAL = "professional", _("somebody who helps them")
    CITY = "city", _("the city")
    WEBSITE = "website", _("this website")
    OTHER = "other", _("another way")


class Reach(models.TextChoices):
    """How somebody wants to hear from us."""

    CALL = "call", _("by telephone")
    SMS = "sms", _("by text message")
    EMAIL = "email", _("by e-mail")
    INITIATIVE = "initiative", _("through the place where I come")


@dataclass(frozen=True, kw_only=True)
class Details:
    """Who a participant is, in plain text: only while somebody reads it. Everything but a first name may be unknown.

    `languages` are codes of initiatives.models.Language, `reach` is a Reach, `best_time` is in their own words.
    """

    first_name: str
    last_name: str = ""
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    languages: tuple[str, ...] = ()
    interpreter: bool = False
    quiet_room: bool = False
    reach: str = Reach.CALL
    best_time: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """For a list on a screen that others may see: "Samira H.", and of "de Graaf" the G."""
        initial = next((letter for letter in self.last_name if letter.isupper()), self.last_name[:1])
        return f"{self.first_name} {initial}." if initial else self.first_name


DETAILS = [field.name for field in fields(Details)]
# What came later may be unsaid: then it is as Details has it.
ALWAYS_SAID = ["first_name", "last_name", "phone", "email", "birth_year", "languages", "interpreter"]


# What would tell in plain text who it was stays out of history, which is never changed.
@pghistory.track(exclude=["code", "user", "created_by"])
class Participant(models.Model):
    """Somebody who takes part, and said yes to that. No benefit, income, health or debt is recorded, here or anywhere.

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
    quiet_room = SealedField(_("wants a quiet room"), null=True)
    reach = SealedField(_("how to be reached"), null=True)
    best_time = SealedField(_("when to be reached"), null=True)
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
    # Details are kept for two years after it
    last_contact_at = models.DateTimeField(_("last contact at"), null=True, editable=False)
    # When they were told that their details would be erased; empty again at the next contact
    told_of_erasure_at = models.DateTimeField(_("told of erasure at"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None, code__isnull=False, **{f"{name}__isnull": False for name in ALWAYS_SAID})
                | Q(erased_at__isnull=False, code=None, user=None, created_by=None, **dict.fromkeys(DETAILS)),
                name="participant_whole_or_erased",
                violation_error_message=_("A participant is there in full, or erased in full."),
            ),
        ]
        indexes = [models.Index(fields=["last_contact_at"], name="participant_last_contact", condition=Q(erased_at=None))]

    def __str__(self) -> str:
        return self.code or "-"

    def seal(self, details: Mapping[str, Any], key: Key) -> None:
        """Set some or all of DETAILS, by name."""
        encryption.seal(self, key, details)

    def open(self) -> Details:
        """Who it is. Pages ask the action open_participant, which logs. Raises DecryptionError."""
        later = [name for name in DETAILS if name not in ALWAYS_SAID and getattr(self, name) is not None]
        values = encryption.unseal(self, self.key.unwrap(), [*ALWAYS_SAID, *later])
        return Details(**values | {"languages": tuple(values["languages"])})


class ParticipantKey(HoldsKey):
    """The data key of one participant. Without it nothing sealed for them opens, in history neither."""

    participant = models.OneToOneField(Participant, primary_key=True, on_delete=models.PROTECT, related_name="key")

    class Meta:
        verbose_name = _("key of a participant")


class AccessReason(models.TextChoices):
    """Why somebody may see a participant. A choice, so that nothing personal stands in it."""

    INTAKE = "intake", _("first talk")
    SUPPORT = "support", _("support along the way")
    HANDOVER = "handover", _("took over from a colleague")
    REPLACEMENT = "replacement", _("stands in for a colleague")
    BREAK_GLASS = "break_glass", _("had to look, and said why")
    BROUGHT_IN = "brought_in", _("brought somebody in")
    RECEIVES = "receives", _("receives somebody")


# Reasons by which one sees name, telephone number and what was agreed, and no more; `readable_participants()` in the database agrees.
CONTACT_ONLY = (AccessReason.BROUGHT_IN, AccessReason.RECEIVES)
_DURING = Func(F("valid_from"), F("until"), function="tstzrange", output_field=DateTimeRangeField())


@pghistory.track()
class ParticipantAccess(models.Model):
    """From when until when somebody, or the team of an initiative, may see a participant, and who said so.

    The one table that the walls ask.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.PROTECT, related_name="+")
    initiative = models.ForeignKey(
        "initiatives.Initiative", verbose_name=_("the team of"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=16, choices=AccessReason)
    # Empty: given by the participant or by the platform
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("given by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    # By the clock of the database, which the walls read too
    valid_from = models.DateTimeField(_("from"), db_default=Now())
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
                    (_DURING, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already has access at that time."),
            ),
            ExclusionConstraint(
                name="participant_access_of_a_team_once_at_a_time",
                expressions=[
                    ("participant", RangeOperators.EQUAL),
                    ("initiative", RangeOperators.EQUAL),
                    (_DURING, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This team already has access at that time."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("valid_from")),
                name="participant_access_ends_after_it_begins",
                violation_error_message=_("Access ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, initiative=None) | Q(user=None, initiative__isnull=False, reason__in=CONTACT_ONLY),
                name="participant_access_of_one_or_a_team",
                violation_error_message=_("A team of an initiative sees no more than how to reach somebody."),
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
                    RAISE EXCEPTION 'access that has an end is not opened again or made longer'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_access_ended_stays_ended';
                """,
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


@pghistory.track(exclude=["why"])
class BrokenGlass(models.Model):
    """A coordinator opened a participant's details though nobody gave them to see: why, and until when. The participant is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="broken_glass")
    coordinator = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    why = SealedField(_("why"), null=True)  # in the coordinator's words; empty once the participant is erased
    at = models.DateTimeField(_("when"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("opened in an emergency")
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("at")),
                name="broken_glass_ends_after_it_begins",
                violation_error_message=_("Access ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class PersonalCode(models.Model):
    """The code on a printed card, which opens "my details" on any computer together with a year of birth or the end of a number.

    The code itself stands only on the card; here is its keyed digest. It ends by itself, after too many wrong answers, or when withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("given by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("given at"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True)
    # Wrong answers since it was last right
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(_("last used at"), null=True)

    class Meta:
        verbose_name = _("code on a card")
        ordering = ["-issued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")),
                name="personal_code_expires_later",
                violation_error_message=_("A code ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%d}"
