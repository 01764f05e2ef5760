"""Booking, moving and cancelling a talk. Each runs inside person_context; the exclusion constraints have the last word.

Who changes an appointment locks in this order, so that nobody waits for each other in a ring: the participant, what they wish and
what was agreed, the professional, the room.
"""

from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.context import as_platform
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative
from participants.actions.locks import locked_by_platform
from participants.actions.people import end_access, lasting_access, touch
from participants.actions.taking import release, take_time
from participants.models import (
    AccessReason,
    Appointment,
    AppointmentStatus,
    BookedBy,
    EarlierWish,
    Interpreter,
    Participant,
    ParticipantAccess,
    Professional,
    TalkKind,
    TalkRoom,
)
from participants.notifications.appointments import tell_booked, tell_cancelled, tell_missed, tell_moved
from participants.notifications.interpreter import cancel_interpreter
from participants.notifications.left import tell_former_professional


@transaction.atomic
def book(
    *,
    participant: Participant,
    professional: Professional,
    kind: str,
    room: TalkRoom,
    begins: datetime,
    booked_by: BookedBy,
    actor: User | None,
    at: datetime,
    booked_for: Initiative | None = None,
    interpreter_language: str = "",
    outside_hours: bool = False,
) -> Appointment:
    """Agree a talk, and let the professional see whom they will meet. The same one asked twice is one.

    A professional may book sooner than their own lead time, and with `outside_hours` outside of their hours.
    Raises Taken, OutsideHours, DomainError.
    """
    appointment = Appointment(
        participant=participant,
        professional=professional,
        kind=TalkKind(kind),
        room=room,
        place=room.place,
        status=AppointmentStatus.BOOKED,
        booked_by=booked_by,
        booked_for=booked_for,
        booked_by_user=actor,
        booked_at=at,
        interpreter=Interpreter.ASKED if interpreter_language else Interpreter.NOT_NEEDED,
        interpreter_language=interpreter_language,
    )
    again = _already_agreed(appointment, begins, at)
    if again is not None:
        return again
    take_time(appointment, professional=professional, room=room, begins=begins, by=booked_by, at=at, outside_hours=outside_hours)
    with as_platform("an appointment was made"):
        touch(participant, at)
        _let_see(participant, professional, kind, actor if booked_by == BookedBy.PROFESSIONAL else None)
        tell_booked(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    professional: Professional,
    room: TalkRoom,
    begins: datetime,
    by: BookedBy,
    at: datetime,
    outside_hours: bool = False,
) -> Appointment:
    """The same appointment at another time, until it begins. Raises Taken, OutsideHours, DomainError."""
    appointment = locked(appointment, at)
    if (appointment.professional_id, appointment.room_id, appointment.begins) == (professional.pk, room.pk, begins):
        return appointment
    former, left = appointment.professional, appointment.professional_id != professional.pk
    if left:
        tell_former_professional(appointment=appointment, professional=former, at=at)
    appointment.sequence += 1
    appointment.confirmed_at = appointment.reminded_at = None
    if appointment.interpreter != Interpreter.NOT_NEEDED:
        appointment.interpreter = Interpreter.ASKED
    end_wishes(appointment, at, keep=True)
    take_time(appointment, professional=professional, room=room, begins=begins, by=by, at=at, outside_hours=outside_hours)
    with as_platform("an appointment was moved"):
        touch(appointment.participant, at)
        if left:
            _let_see(appointment.participant, professional, appointment.kind, None)
            _close_to(appointment.participant, former)
    tell_moved(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def cancel(*, appointment: Appointment, by: BookedBy, at: datetime) -> Appointment:
    """Until it begins; its time falls free at once. Cancelled twice is once. Raises DomainError."""
    locked_by_platform(appointment.participant_id)
    appointment = Appointment.objects.select_for_update(of=["self"]).get(pk=appointment.pk)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    _check_open(appointment, at)
    appointment.status, appointment.cancelled_at, appointment.cancelled_by = AppointmentStatus.CANCELLED, at, by
    appointment.sequence += 1
    appointment.save(update_fields=["status", "cancelled_at", "cancelled_by", "sequence"])
    end_wishes(appointment, at)
    with as_platform("an appointment was cancelled"):
        touch(appointment.participant, at)
    tell_cancelled(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def confirm(*, appointment: Appointment, at: datetime) -> Appointment:
    """ "I am coming". Said twice is once."""
    appointment = locked(appointment, at)
    if appointment.confirmed_at is None:
        appointment.confirmed_at = at
        appointment.save(update_fields=["confirmed_at"])
        with as_platform("somebody says that they are coming"):
            touch(appointment.participant, at)
    return appointment


@transaction.atomic
def tell_came(*, appointment: Appointment, came: bool, at: datetime) -> Appointment:
    """Whether the talk took place; to be put right afterwards. Who did not come hears that it does not matter, and is called."""
    locked_by_platform(appointment.participant_id)
    appointment = Appointment.objects.select_for_update(of=["self"]).get(pk=appointment.pk)
    status = AppointmentStatus.CAME if came else AppointmentStatus.MISSED
    if appointment.status not in (AppointmentStatus.BOOKED, AppointmentStatus.CAME, AppointmentStatus.MISSED):
        raise DomainError(_("This appointment was cancelled."))
    if max(at, timezone.now()) < appointment.begins:
        raise DomainError(_("This talk has not begun yet."))
    if appointment.status == status:
        return appointment
    appointment.status = status
    appointment.save(update_fields=["status"])
    end_wishes(appointment, at)
    if came:
        with as_platform("a talk took place"):
            touch(appointment.participant, at)
    else:
        tell_missed(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def ask_for_interpreter(*, appointment: Appointment, language: str, at: datetime) -> Appointment:
    """An interpreter of this language, or with an empty one none. What was found for that language stays."""
    appointment = locked(appointment, at)
    if language != appointment.interpreter_language:
        before = copy(appointment)
        appointment.interpreter_language = language
        appointment.interpreter = Interpreter.ASKED if language else Interpreter.NOT_NEEDED
        appointment.sequence += 1
        appointment.save(update_fields=["interpreter", "interpreter_language", "sequence"])
        tell_moved(appointment=appointment, at=at)
        if not language:
            before.sequence = appointment.sequence
            cancel_interpreter(before, at=at)
    return appointment


@transaction.atomic
def tell_interpreter(*, appointment: Appointment, status: Interpreter, at: datetime) -> Appointment:
    """What came of asking for an interpreter."""
    appointment = locked(appointment, at)
    if Interpreter.NOT_NEEDED in (appointment.interpreter, status):
        raise DomainError(_("Nobody asked for an interpreter here."))
    appointment.interpreter = status
    appointment.save(update_fields=["interpreter"])
    return appointment


# --- what waiting lists use too


def locked(appointment: Appointment, at: datetime) -> Appointment:
    """The appointment as it stands now, still to come, and nobody else changes it. Raises DomainError."""
    locked_by_platform(appointment.participant_id)
    appointment = Appointment.objects.select_for_update(of=["self"]).select_related("professional__user", "room").get(pk=appointment.pk)
    _check_open(appointment, at)
    return appointment


def end_wishes(appointment: Appointment, at: datetime, *, keep: bool = False) -> None:
    """Who has no appointment any more waits for no earlier one; what was offered to them falls free. `keep`: they go on waiting."""
    with as_platform("an appointment changed"):
        wishes = EarlierWish.objects.select_for_update(of=["self"]).filter(appointment=appointment.pk, ended_at=None)
        for wish in wishes.select_related("offered"):
            if wish.offered is not None:
                release(wish.offered, at)
            wish.offered = None
            wish.ended_at = None if keep else at
            wish.save(update_fields=["offered", "ended_at"])


# --- below


def _already_agreed(wanted: Appointment, begins: datetime, at: datetime) -> Appointment | None:
    """Locks the participant. The one that is asked for, where the button was pressed twice. Raises DomainError where there is another.

    As the platform: there may be one that whoever books does not see, and of which a team hears no more than that it is there.
    """
    with as_platform("looks whether there is an appointment"):
        locked_by_platform(wanted.participant_id)
        found = Appointment.objects.about(wanted.participant_id).filter(Q(begins=begins) | Q(ends__gt=at), status=AppointmentStatus.BOOKED)
        agreed: list[Appointment] = list(found)
    for each in agreed:
        same = (each.professional_id, each.room_id, each.begins) == (wanted.professional_id, wanted.room_id, begins)
        if same and wanted.booked_for_id in (None, each.booked_for_id):
            return each
    if wanted.booked_by != BookedBy.PROFESSIONAL and any(each.ends > at for each in agreed):
        raise DomainError(_("There is already an appointment. You can move it to another time."))
    return None


def _check_open(appointment: Appointment, at: datetime) -> None:
    if appointment.status == AppointmentStatus.CANCELLED:
        raise DomainError(_("This appointment was cancelled."))
    if appointment.status != AppointmentStatus.BOOKED or appointment.begins <= max(at, timezone.now()):
        raise DomainError(_("This appointment has already begun. Call us if something is wrong."))


def _let_see(participant: Participant, professional: Professional, kind: str, actor: User | None) -> None:
    reason = AccessReason.INTAKE if kind == TalkKind.FIRST else AccessReason.SUPPORT
    lasting_access(participant=participant, user=professional.user, reason=reason, actor=actor)


def _close_to(participant: Participant, professional: Professional) -> None:
    """Whom they will not meet after all need not see them: what came of a booking alone, with no talk held or agreed, ends."""
    if Appointment.objects.agreed().filter(participant=participant, professional=professional).exists():
        return
    came_of_booking = ParticipantAccess.objects.open().filter(
        participant=participant, user=professional.user_id, granted_by=None, reason__in=(AccessReason.INTAKE, AccessReason.SUPPORT)
    )
    for access in came_of_booking:
        end_access(access=access)
