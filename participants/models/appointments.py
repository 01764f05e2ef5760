import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from initiatives.models import Language
from participants.models.people import Participant
from participants.models.places import TalkPlace, TalkRoom
from participants.models.professionals import Professional, TalkKind
from participants.querysets import AppointmentQuerySet, EarlierWishQuerySet


class AppointmentStatus(models.TextChoices):
    HELD = "held", _("offered, not yet taken")
    BOOKED = "booked", _("agreed")
    CAME = "came", _("took place")
    MISSED = "missed", _("did not take place")
    CANCELLED = "cancelled", _("cancelled")


# These take the time of a professional and of a room.
TAKES_TIME = ("held", "booked", "came", "missed")


class Interpreter(models.TextChoices):
    NOT_NEEDED = "not_needed", _("no interpreter")
    ASKED = "asked", _("interpreter asked for")
    CONFIRMED = "confirmed", _("interpreter will come")
    NOT_FOUND = "not_found", _("no interpreter found")


class BookedBy(models.TextChoices):
    PARTICIPANT = "participant", _("the participant")
    PROFESSIONAL = "professional", _("the professional")
    INITIATIVE = "initiative", _("an initiative")


_TALK = Func(F("begins"), F("ends"), function="tstzrange", output_field=DateTimeRangeField())


@pghistory.track()
class Appointment(models.Model):
    """A talk: who, where, when. Nothing of what it is about.

    Two at one time are impossible for a professional, a room and a participant, with the time between two talks reckoned in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="appointments")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(_("kind of talk"), max_length=12, choices=TalkKind)
    place = models.ForeignKey(TalkPlace, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(TalkRoom, on_delete=models.PROTECT, related_name="+")
    begins = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    # With the professional's time before and after
    occupied = DateTimeRangeField(_("takes"))
    status = models.CharField(_("status"), max_length=12, choices=AppointmentStatus)
    held_until = models.DateTimeField(_("held until"), null=True)
    interpreter = models.CharField(_("interpreter"), max_length=12, choices=Interpreter, default=Interpreter.NOT_NEEDED)
    interpreter_language = models.CharField(_("interpreter of"), max_length=24, choices=Language, blank=True)
    booked_by = models.CharField(_("booked by"), max_length=12, choices=BookedBy)
    # The team that booked on somebody's behalf sees what was agreed
    booked_for = models.ForeignKey("initiatives.Initiative", null=True, on_delete=models.PROTECT, related_name="+")
    booked_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(_("booked at"))
    # Rises with every change that a calendar must hear of (RFC 5545 SEQUENCE)
    sequence = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    # The participant said that they are coming
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=12, choices=BookedBy, blank=True)
    # It changed and no message could tell the participant: since then somebody must call them
    to_tell_since = models.DateTimeField(_("to be told since"), null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["begins", "pk"]
        indexes = [
            models.Index(fields=["participant", "begins"], name="appointment_of_participant"),
            models.Index(fields=["professional", "begins"], name="appointment_of_professional"),
            models.Index(fields=["begins"], name="appointment_to_remind", condition=Q(status="booked", reminded_at=None)),
            models.Index(fields=["held_until"], name="appointment_held", condition=Q(status="held")),
            models.Index(fields=["to_tell_since"], name="appointment_to_tell", condition=Q(to_tell_since__isnull=False)),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_one_talk_at_a_time",
                expressions=[("professional", RangeOperators.EQUAL), ("occupied", RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKES_TIME),
                violation_error_message=_("Somebody else was just before you. This time is taken."),
            ),
            ExclusionConstraint(
                name="appointment_one_talk_in_a_room",
                expressions=[("room", RangeOperators.EQUAL), ("occupied", RangeOperators.OVERLAPS)],
                condition=Q(status__in=TAKES_TIME),
                violation_error_message=_("Somebody else was just before you. This room is taken."),
            ),
            ExclusionConstraint(
                name="appointment_participant_in_one_place",
                expressions=[("participant", RangeOperators.EQUAL), (_TALK, RangeOperators.OVERLAPS)],
                condition=Q(status__in=("booked", "came", "missed")),
                violation_error_message=_("There is already an appointment at that time."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="appointment_ends_after_it_begins",
                violation_error_message=_("A talk ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(occupied__contains=_TALK),
                name="appointment_takes_its_own_time",
                violation_error_message=_("A talk takes at least its own time."),
            ),
            models.CheckConstraint(
                condition=Q(status="held", held_until__isnull=False) | (~Q(status="held") & Q(held_until=None)),
                name="appointment_held_until",
                violation_error_message=_("What is offered is held until a time."),
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False) | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="appointment_cancelled_at",
                violation_error_message=_("What was cancelled has a time of it."),
            ),
            models.CheckConstraint(
                condition=Q(interpreter="not_needed", interpreter_language="")
                | (~Q(interpreter="not_needed") & ~Q(interpreter_language="")),
                name="appointment_interpreter_of_a_language",
                violation_error_message=_("An interpreter is asked for a language."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m-%d %H:%M}"


class EarlierWish(models.Model):
    """Somebody with an appointment who would like to come earlier. A time that falls free is offered to who waits longest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="earlier_wishes")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="earlier_wishes")
    since = models.DateTimeField(_("since"))
    # The held appointment that is offered now
    offered = models.OneToOneField(Appointment, null=True, on_delete=models.SET_NULL, related_name="offered_to")
    # Those whose offer ran out or was not wanted wait at the end
    waits_from = models.DateTimeField(_("waits from"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = EarlierWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish to come earlier")
        ordering = ["waits_from", "pk"]
        indexes = [models.Index(fields=["waits_from"], name="earlier_wish_open", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(ended_at=None),
                name="earlier_wish_once",
                violation_error_message=_("You are already on the list."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(offered=None),
                name="earlier_wish_ended_is_offered_nothing",
                violation_error_message=_("Who no longer waits is offered nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"
