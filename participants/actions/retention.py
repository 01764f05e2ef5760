"""Erasing somebody whole, by themselves or for them, and erasing by itself what was kept long enough.

What stays is a count: somebody from this neighbourhood took part, was somewhere at a time, and took such a step. History holds what
was sealed for them, and no key opens it any more.
"""

import calendar
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, current_actor, person_context
from fieldlab.lib.alone import each_alone
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.actions import forget_about
from participants.actions import booking, hand_overs
from participants.actions.people import erase_participant
from participants.models import (
    Appointment,
    AppointmentStatus,
    BookedBy,
    BrokenGlass,
    Call,
    CallAbout,
    EarlierWish,
    FollowUp,
    Goal,
    HandOver,
    IntakeReport,
    Interpreter,
    Participant,
    ParticipantAccess,
    PersonalCode,
    PlanStep,
    ReportSentence,
)
from participants.notifications import hand_overs as hand_over_messages
from participants.notifications import rights as messages
from participants.notifications.appointments import prefix_of
from participants.notifications.reach import prefix
from participants.permissions import can_erase_participant, can_erase_with

# At most so many in one round of the task; the next round takes the rest
AT_ONCE = 100
# From telling until erasing
NOTICE_MONTHS = 1
# No message and no row of these stays
DELETED: tuple[Any, ...] = (PersonalCode, Call, EarlierWish, ReportSentence, Goal, FollowUp)


# --- Erasing one


@transaction.atomic
def erase(*, participant: Participant, by: User | None, reason: str, at: datetime) -> None:
    """Everything of a person, at once and for good. `by` is the professional who does it at their request; None: themselves, or the system.

    Runs in the context of the participant, of that professional, or of the system. A second time raises DomainError.
    """
    _check_may(participant, by)
    record_access(participant_id=participant.pk, what="participant.erased", reason=reason, at=at)
    with person_context(SystemActor("somebody is erased"), reason=reason), pghistory.context() as history:
        if by is None:  # history keeps who acts of the outer context too
            for name in ("user", "employer", "role"):
                history.metadata.pop(name, None)
        _erase(participant.pk, reason, at)


def _check_may(participant: Participant, by: User | None) -> None:
    match current_actor():
        case SystemActor():
            return
        case LinkActor(participant_id) if by is None and participant_id == participant.pk:
            return
        case UserActor(user) if by is None and isinstance(user, User) and can_erase_participant(user, participant):
            return
        case UserActor(user) if by is not None and user.pk == by.pk and can_erase_with(by, participant):
            return
    raise DomainError(_("Only this person, or the platform for them, can erase their details."))


def _erase(pk: UUID, reason: str, at: datetime) -> None:
    participant = Participant.objects.select_for_update(of=("self",)).select_related("key").filter(pk=pk, erased_at=None).first()
    if participant is None:
        raise DomainError(_("This person's details were erased."))
    _cancel_what_comes(participant, at)
    _take_back_hand_overs(participant, at)
    _forget_messages(participant, at)
    for model in DELETED:
        model.objects.filter(participant=participant).delete()
    IntakeReport.objects.filter(participant=participant).update(guide=None)
    PlanStep.objects.filter(participant=participant).update(why=None)
    HandOver.objects.filter(participant=participant).update(what=None, other_day=None)
    BrokenGlass.objects.filter(participant=participant).update(why=None)
    _forget_language(participant)
    _forget_own_account(participant)
    erase_participant(participant=participant, reason=reason, at=at)


def _cancel_what_comes(participant: Participant, at: datetime) -> None:
    """Its time falls free and the professional hears it, of nobody in particular. What was told of talks before is emptied first."""
    talks = Appointment.objects.filter(participant=participant)
    for appointment in talks.order_by("begins", "pk"):
        forget_about(key_prefix=prefix_of(appointment), at=at)
        forget_about(key_prefix=f"left:{prefix_of(appointment)}", at=at)
    now = max(at, timezone.now())
    for appointment in talks.filter(status=AppointmentStatus.BOOKED, begins__gt=now).select_related("participant").order_by("begins", "pk"):
        booking.cancel(appointment=appointment, by=BookedBy.PARTICIPANT, at=at)
    EarlierWish.objects.filter(participant=participant).update(offered=None, ended_at=at)
    talks.filter(status=AppointmentStatus.HELD).update(status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=at)
    # What is left tells that somebody talked with somebody; not in which language, and not to a team
    talks.update(interpreter=Interpreter.NOT_NEEDED, interpreter_language="", booked_for=None, to_tell_since=None)


def _take_back_hand_overs(participant: Participant, at: datetime) -> None:
    """First the messages that name them are emptied; then the place hears, without a name, that nobody comes."""
    for asked in HandOver.objects.filter(participant=participant).select_related("participant"):
        hand_over_messages.forget(asked, at=at)
    hand_overs.withdraw_all(participant=participant, at=at)


def _forget_messages(participant: Participant, at: datetime) -> None:
    forget_about(key_prefix=prefix(participant), at=at)
    messages.forget(participant, at=at)


def _forget_language(participant: Participant) -> None:
    """Of few people in a neighbourhood one language would tell who it was, in history too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_language(%s)", [participant.pk])


def _forget_own_account(participant: Participant) -> None:
    """Their account may stay, for what else they do here; that it was theirs does not stand in history and log any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_own_account(%s)", [participant.pk])


# --- Keeping no longer


def months_from(moment: datetime, months: int) -> datetime:
    """The same day and time of another month on the clock on the wall, or that month's last day."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return timezone.make_aware(local.replace(year=year, month=month + 1, day=day))


def keep_no_longer(*, at: datetime) -> tuple[int, int]:
    """Tell those whose time is nearly over, and erase those who were told a month ago. Returns how many of each. Safe twice."""
    told = _each(_to_tell(at), partial(_tell, at=at), at)
    erased = _each(_to_erase(at), partial(_erase_by_itself, at=at), at)
    return told, erased


def _to_tell(at: datetime) -> Q:
    return Q(erased_at=None, told_of_erasure_at=None, last__lte=months_from(at, NOTICE_MONTHS - settings.RETENTION_MONTHS))


def _to_erase(at: datetime) -> Q:
    """Contact after the telling empties `told_of_erasure_at`, so that it begins anew."""
    return Q(
        erased_at=None,
        told_of_erasure_at__lte=months_from(at, -NOTICE_MONTHS),
        last__lte=months_from(at, -settings.RETENTION_MONTHS),
    )


def _each(due: Q, do: Callable[[Participant], None], at: datetime) -> int:
    """A transaction a person. Who is due is asked once more under the lock; whom another worker has in hand is left to it."""
    with person_context(SystemActor("looks who is kept long enough")):
        found = list(_people().filter(due).order_by("last", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return each_alone(found, lambda pk: _one(pk, due, do))


def _one(pk: UUID, due: Q, do: Callable[[Participant], None]) -> int:
    with person_context(SystemActor("nothing is kept longer than needed"), reason="kept long enough"):
        people = _people().select_for_update(of=("self",), skip_locked=True).select_related("key")
        participant: Participant | None = people.filter(due, pk=pk).first()
        if participant is None:
            return 0
        do(participant)
    return 1


def _people() -> Any:
    return Participant.objects.annotate(last=Coalesce("last_contact_at", "created_at"))


def _tell(participant: Participant, *, at: datetime) -> None:
    """Nobody is erased untold: who cannot be told by anybody is tried again."""
    on = months_from(at, NOTICE_MONTHS)
    asked: list[User] = []
    told = messages.tell_of_erasure(participant, on=on, at=at)
    if not told:
        helpers = put_on_list(participant, CallAbout.ERASURE, at=at)
        asked = helpers or coordinators()
        for user in asked:
            messages.ask_to_tell_of_erasure(participant, user, helps=bool(helpers), on=on, at=at)
    if told or asked:
        participant.told_of_erasure_at = at
        participant.save(update_fields=["told_of_erasure_at"])


def _erase_by_itself(participant: Participant, *, at: datetime) -> None:
    erase(participant=participant, by=None, reason="kept long enough", at=at)


def helpers_of(participant: Participant) -> list[User]:
    """The professionals who help this person now."""
    accesses = ParticipantAccess.objects.open().filter(participant=participant, user__professional__ended_at=None, user__is_active=True)
    theirs = accesses.filter(user__professional__isnull=False, user__decides_on_benefits=False).exclude(reason="break_glass")
    return [access.user for access in theirs.exclude(reason__in=("brought_in", "receives")).select_related("user").order_by("user")]


def coordinators() -> list[User]:
    return list(User.objects.filter(is_coordinator=True, is_active=True, decides_on_benefits=False).order_by("pk"))


def put_on_list(participant: Participant, about: CallAbout, *, at: datetime) -> list[User]:
    """Somebody must call them today: they stand on the list of whoever helps them. Returns who that are."""
    helpers = helpers_of(participant)
    if helpers:
        today: dict[str, Any] = {"participant": participant, "on": timezone.localdate(at), "done_at": None}
        FollowUp.objects.update_or_create(**today, defaults={"about": about, "professional": helpers[0]})
    return helpers
