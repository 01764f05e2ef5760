import uuid
from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.encryption import SealedField
from participants.models.people import Participant
from participants.querysets import HandOverQuerySet, PlanStepQuerySet


class StepKind(models.TextChoices):
    INITIATIVE = "initiative", _("join in at a place")
    WORKSHOP = "workshop", _("workshops ‘Is a business something for me?’")
    LANGUAGE = "language", _("practise Dutch")
    COACH = "coach", _("somebody who thinks along")
    MICROFINANCE = "microfinance", _("money to begin small")
    OTHER = "other", _("something else")
    NOTHING = "nothing", _("nothing for now")
    KEEP = "keep", _("I take part, and want to keep it that way")


class StepStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    DOING = "doing", _("busy with it")
    DONE = "done", _("done")
    DROPPED = "dropped", _("no longer")


class DoneBy(models.TextChoices):
    PARTICIPANT = "participant", _("the participant")
    PROFESSIONAL = "professional", _("the professional")
    TOGETHER = "together", _("together")
    INITIATIVE = "initiative", _("the place")


class Goal(models.Model):
    """What somebody wants, in their own words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="goals")
    words = SealedField(_("in their own words"), null=True)
    created_at = models.DateTimeField(_("since"))
    dropped_at = models.DateTimeField(_("no longer since"), null=True)

    class Meta:
        verbose_name = _("goal")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class GoalMark(models.Model):
    """How far somebody feels they are with a goal, on a day: 0 (not begun) to 4 (there)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="marks")
    at = models.DateTimeField(_("when"))
    far = models.PositiveSmallIntegerField(_("how far"))

    class Meta:
        verbose_name = _("mark of a goal")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(far__range=(0, 4)), name="goal_mark_far", violation_error_message=_("Choose one of the five.")
            )
        ]

    def __str__(self) -> str:
        return str(self.far)


# In whose words a step is stays out of history, as it must be erasable together with its row.
@pghistory.track(exclude=["why"])
class PlanStep(models.Model):
    """A step of a participant's plan: what, where, who, when, why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("what"), max_length=16, choices=StepKind)
    initiative = models.ForeignKey("initiatives.Initiative", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.CharField(_("who"), max_length=16, choices=DoneBy, default=DoneBy.PARTICIPANT)
    due_on = models.DateField(_("when"), null=True, blank=True)
    why = SealedField(_("why"), null=True)
    status = models.CharField(_("status"), max_length=12, choices=StepStatus, default=StepStatus.PLANNED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("made at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a plan")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["participant", "status"], name="plan_step_of_participant")]

    def __str__(self) -> str:
        return self.get_kind_display()


class HandOverState(models.TextChoices):
    ASKED = "asked", _("asked")
    YES = "yes", _("yes")
    OTHER_DAY = "other_day", _("another day")
    NO_ROOM = "no_room", _("no room now")
    UNANSWERED = "unanswered", _("no answer")
    WITHDRAWN = "withdrawn", _("withdrawn")


@pghistory.track(exclude=["what", "other_day"])
class HandOver(models.Model):
    """A warm hand-over to an initiative: "Sara wants to come sewing on Tuesday at two". It stands when all three have said so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="hand_overs")
    step = models.ForeignKey(PlanStep, on_delete=models.PROTECT, related_name="hand_overs")
    initiative = models.ForeignKey("initiatives.Initiative", on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # "come sewing", in plain words for the message
    what = SealedField(_("what for"), null=True)
    comes_at = models.DateTimeField(_("comes at"))
    state = models.CharField(_("state"), max_length=12, choices=HandOverState, default=HandOverState.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    answer_by = models.DateTimeField(_("answer by"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    # What the initiative says about another day
    other_day = SealedField(_("another day"), null=True)
    participant_agreed_at = models.DateTimeField(_("the participant agreed at"), null=True)
    professional_agreed_at = models.DateTimeField(_("the professional agreed at"), null=True)
    # Rises with every change: links of before no longer work
    revision = models.PositiveIntegerField(default=1)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["answer_by"], name="hand_over_unanswered", condition=Q(state="asked")),
            models.Index(fields=["initiative", "comes_at"], name="hand_over_at_initiative"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "unanswered", "withdrawn"]) | Q(answered_at__isnull=False),
                name="hand_over_answered_at",
                violation_error_message=_("An answer has a time."),
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("asked_at")),
                name="hand_over_answer_after_asking",
                violation_error_message=_("An answer comes after the question."),
            ),
            models.UniqueConstraint(
                fields=["step"],
                condition=Q(state__in=["asked", "yes", "other_day"]),
                name="hand_over_one_open",
                violation_error_message=_("This place has already been asked."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def stands(self) -> bool:
        """All three have said yes to this day."""
        return self.state == HandOverState.YES and None not in (self.participant_agreed_at, self.professional_agreed_at)

    def is_half_waited(self, at: datetime) -> bool:
        """Half of the time to answer is over, and the place has said nothing."""
        return self.state == HandOverState.ASKED and at >= self.asked_at + (self.answer_by - self.asked_at) / 2

    @property
    def is_open(self) -> bool:
        """Somebody may still come; agrees with `open()` of its queryset."""
        return self.state in (HandOverState.ASKED, HandOverState.YES, HandOverState.OTHER_DAY)


class CallAbout(models.TextChoices):
    """What somebody is called about on an agreed day. The last two are of the platform, when no message can reach them."""

    PROGRESS = "progress", _("how it is going")
    ERASURE = "erasure", _("their details are going to be erased")
    OPENED = "opened", _("their details were opened in an emergency")


class FollowUp(models.Model):
    """A day on which a professional calls somebody, most often to ask how it is going."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="follow_ups")
    on = models.DateField(_("when"))
    about = models.CharField(_("about"), max_length=8, choices=CallAbout, default=CallAbout.PROGRESS, db_default=CallAbout.PROGRESS)
    professional = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("moment to ask how it is going")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "on"],
                condition=Q(done_at=None),
                name="follow_up_once",
                violation_error_message=_("This day is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}"
