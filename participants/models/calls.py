import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.models import Area
from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key, SealedField
from participants.models.keys import HoldsKey
from participants.models.people import Participant
from participants.querysets import CallRequestQuerySet

# Without a yes it is gone after this
REQUEST_LASTS = timedelta(days=14)


class BestTime(models.TextChoices):
    """When somebody wants to be called."""

    ANY = "any", _("it does not matter")
    MORNING = "morning", _("in the morning")
    AFTERNOON = "afternoon", _("in the afternoon")
    EVENING = "evening", _("in the evening")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who wants to be called, in plain text. A name is not needed."""

    phone: str
    first_name: str = ""
    language: str = ""


class CallRequest(HoldsKey):
    """Somebody who wants to be called, and is no participant: a number, perhaps a first name. No history, and gone after a fortnight.

    Typed by themselves, or by an initiative on their behalf. It goes to an initiative, or to the professionals of the area.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = SealedField(_("first name"))
    phone = SealedField(_("telephone number"))
    language = SealedField(_("language"))
    best_time = models.CharField(_("when"), max_length=12, choices=BestTime, default=BestTime.ANY)
    area = models.ForeignKey(Area, verbose_name=_("area"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # To whom it goes; empty: the professionals of the area
    initiative = models.ForeignKey("initiatives.Initiative", verbose_name=_("for"), null=True, on_delete=models.CASCADE, related_name="+")
    # Who typed it for somebody else
    brought_by = models.ForeignKey(
        "initiatives.Initiative", verbose_name=_("brought in by"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    ends_at = models.DateTimeField(_("erased at"))
    # Not before then: they asked for later, or did not answer
    call_after = models.DateTimeField(_("call after"), null=True)
    spoken_at = models.DateTimeField(_("spoken at"), null=True)

    objects = CallRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be called")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["ends_at"], name="call_request_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("asked_at")) & Q(ends_at__lte=F("asked_at") + REQUEST_LASTS),
                name="call_request_ends_in_time",
                violation_error_message=_("A request to be called is erased after a fortnight."),
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=False) | Q(initiative__isnull=False),
                name="call_request_goes_somewhere",
                violation_error_message=_("Choose who should call: an area or a place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    def seal(self, caller: Mapping[str, Any], key: Key) -> None:
        encryption.seal(self, key, caller)

    def open(self) -> Caller:
        """Who it is. Raises DecryptionError."""
        return Caller(**encryption.unseal(self, self.unwrap(), ["phone", "first_name", "language"]))


class CallResult(models.TextChoices):
    SPOKEN = "spoken", _("spoken")
    NO_ANSWER = "no_answer", _("no answer")
    LATER = "later", _("later")
    APPOINTMENT = "appointment", _("appointment")
    NOT_NEEDED = "not_needed", _("not needed any more")


class Call(models.Model):
    """One telephone call, told by one tap. It is about a request or a participant, and says nothing of what was talked about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(CallRequest, null=True, on_delete=models.CASCADE, related_name="calls")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="calls")
    # What the call was for, if it was for one of these
    appointment = models.ForeignKey("participants.Appointment", null=True, on_delete=models.CASCADE, related_name="calls")
    hand_over = models.ForeignKey("participants.HandOver", null=True, on_delete=models.CASCADE, related_name="calls")
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who called"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    result = models.CharField(_("result"), max_length=12, choices=CallResult)
    # "Later" and "no answer": not on the list before then
    again_at = models.DateTimeField(_("again at"), null=True)

    class Meta:
        verbose_name = _("telephone call")
        ordering = ["-at", "pk"]
        indexes = [
            models.Index(fields=["participant", "-at"], name="call_of_participant"),
            models.Index(fields=["request", "-at"], name="call_of_request"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, participant=None, appointment=None, hand_over=None)
                | Q(request=None, participant__isnull=False),
                name="call_about_one",
                violation_error_message=_("A call is about one person."),
            ),
            models.CheckConstraint(
                condition=Q(again_at=None) | Q(again_at__gt=F("at"), result__in=["no_answer", "later"]),
                name="call_again_later",
                violation_error_message=_("Calling again comes later."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()
