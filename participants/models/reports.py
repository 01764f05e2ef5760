import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.encryption import SealedField
from participants.models.appointments import Appointment
from participants.models.people import Participant
from participants.querysets import IntakeReportQuerySet


@pghistory.track(exclude=["guide", "trail"])
class IntakeReport(models.Model):
    """What was talked about, in the participant's words. Until they have read it, it counts for nothing.

    What is typed on the way (`guide`, and sentences) stays out of history, so that what they take away is really gone. What they
    approved is an IntakeReportVersion.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="reports")
    appointment = models.OneToOneField(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="report")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun at"))
    updated_at = models.DateTimeField(_("changed at"))
    # Answers by the name of their question: {"energy": {"words": "…", "pictures": ["hands"], "scale": 4}, …}; null: nothing yet, or erased
    guide = SealedField(_("talk"), null=True)
    # Of each question when it was last saved: revision, screen, that screen's count, and 1 once it was made into sentences
    trail = SealedField(_("saved when"), null=True)
    # Rises with every save, so that a second screen is noticed
    revision = models.PositiveIntegerField(default=1)

    objects = IntakeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a talk")
        ordering = ["-begun_at", "pk"]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d}"


class Verdict(models.TextChoices):
    """What the participant says of a sentence."""

    RIGHT = "right", _("right")
    OTHER = "other", _("different")
    AWAY = "away", _("take away")


class ReportSentence(models.Model):
    """A sentence that is read together. The participant says: right, different, or take it away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(IntakeReport, on_delete=models.CASCADE, related_name="sentences")
    position = models.PositiveSmallIntegerField()
    # The question of the guide whose answer it was made of; empty for one that was typed as a sentence
    question = models.CharField(_("question"), max_length=16, blank=True, db_default="", default="")
    # Null once it was taken away, or the participant erased
    words = SealedField(_("sentence"), null=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    # How they say it themselves
    instead = SealedField(_("in other words"), null=True)

    class Meta:
        verbose_name = _("sentence of a report")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="report_sentence_in_order", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(
                condition=Q(instead=None) | Q(verdict="other"),
                name="report_sentence_instead",
                violation_error_message=_("Other words belong to a sentence that is different."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)


class IntakeReportVersion(models.Model):
    """What the participant approved, as it stood then. Never changed; only the participant's key opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(IntakeReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    # A list of sentences
    sentences = SealedField(_("sentences"))
    approved_at = models.DateTimeField(_("approved at"))
    # Who read it with them
    read_with = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    interpreted_in = models.CharField(_("interpreted in"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("approved version of a report")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="intake_report_version_once")]

    def __str__(self) -> str:
        return str(self.number)
