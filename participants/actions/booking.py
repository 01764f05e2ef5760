"""Booking, moving and cancelling a talk. Each runs inside person_context; the exclusion constraints have the last word.

Who changes an appointment locks in this order, so that nobody waits for each other in a ring: the participant, what they wish and
what was agreed, the professional, the room.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative
from participants.actions.free_times import Offered, Timetable, next_free, timetable
from participants.actions.people import end_access, lasting_access, touch
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
from participants.slots import Planner, Refusal, occupied, why_not
from participants.slots import Taken as TakenTime

OVERLAPS = {"appointment_one_talk_at_a_time", "appointment_one_talk_in_a_room"}
ALREADY_THERE = "appointment_participant_in_one_place"


class Taken(DomainError):  # noqa: N818 - reads as what it says
    """Somebody else was just before. `free` has the next three free times."""

    def __init__(self, free: list[Offered]) -> None:
        super().__init__(_("Somebody else was just before you. This time is taken."))
        self.free = free


class OutsideHours(DomainError):  # noqa: N818
    """Not within the professional's hours, or more talks that day than they wanted: theirs alone to do all the same."""


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
    lock(participant)
    again = _the_same(appointment, begins)
    if again is not None:
        return again
    if booked_by != BookedBy.PROFESSIONAL and _has_one(participant, at):
        raise DomainError(_("There is already an appointment. You can move it to another time."))
    take_time(appointment, professional=professional, room=room, begins=begins, by=booked_by, at=at, outside_hours=outside_hours)
    with _platform("an appointment was made"):
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
    actor: User | None,
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
    with _platform("an appointment was moved"):
        touch(appointment.participant, at)
        if left:
            _let_see(appointment.participant, professional, appointment.kind, None)
            _close_to(appointment.participant, former)
    tell_moved(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def cancel(*, appointment: Appointment, by: BookedBy, actor: User | None, at: datetime) -> Appointment:
    """Until it begins; its time falls free at once. Cancelled twice is once. Raises DomainError."""
    lock(appointment.participant)
    appointment = Appointment.objects.select_for_update(of=["self"]).get(pk=appointment.pk)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    _check_open(appointment, at)
    appointment.status, appointment.cancelled_at, appointment.cancelled_by = AppointmentStatus.CANCELLED, at, by
    appointment.sequence += 1
    appointment.save(update_fields=["status", "cancelled_at", "cancelled_by", "sequence"])
    end_wishes(appointment, at)
    with _platform("an appointment was cancelled"):
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
        with _platform("somebody says that they are coming"):
            touch(appointment.participant, at)
    return appointment


@transaction.atomic
def tell_came(*, appointment: Appointment, came: bool, actor: User, at: datetime) -> Appointment:
    """Whether the talk took place; to be put right afterwards. Who did not come hears that it does not matter, and is called."""
    lock(appointment.participant)
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
        with _platform("a talk took place"):
            touch(appointment.participant, at)
    else:
        tell_missed(appointment=appointment, at=at)
    return appointment


@transaction.atomic
def ask_for_interpreter(*, appointment: Appointment, language: str, by: BookedBy, at: datetime) -> Appointment:
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
def tell_interpreter(*, appointment: Appointment, status: Interpreter, actor: User, at: datetime) -> Appointment:
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
    lock(appointment.participant)
    appointment = Appointment.objects.select_for_update(of=["self"]).select_related("professional__user", "room").get(pk=appointment.pk)
    _check_open(appointment, at)
    return appointment


def take_time(
    appointment: Appointment,
    *,
    professional: Professional,
    room: TalkRoom,
    begins: datetime,
    by: BookedBy,
    at: datetime,
    outside_hours: bool = False,
) -> None:
    """Save it at this time, if that can be had. Raises Taken, OutsideHours, DomainError; then nothing of it is left or locked."""
    before = None if appointment._state.adding else Appointment.objects.get(pk=appointment.pk)
    for last_try in (False, True):
        try:
            with transaction.atomic():
                # Two who meet in one constraint could wait for each other; like this one goes first
                professional = (
                    Professional.objects.select_for_update(of=["self"], no_key=True).select_related("user").get(pk=professional.pk)
                )
                room = TalkRoom.objects.select_for_update(of=["self"], no_key=True).select_related("place").get(pk=room.pk)
                now = max(at, timezone.now())
                table = timetable(kind=appointment.kind, professionals=[professional.pk])
                _check_offered(table, professional, room, begins, now, by, outside_hours, before)
                _put(appointment, professional, room, begins)
                appointment.save()
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            if constraint == ALREADY_THERE:
                raise DomainError(_("There is already an appointment at that time.")) from error
            if constraint not in OVERLAPS:
                raise
            # What ran out and was not yet laid down makes room
            if last_try or not lay_down_offers(appointment, at):
                raise _taken(table, begins, at, by) from error
        except _NotFree:
            raise _taken(table, begins, at, by) from None
        else:
            return


def end_wishes(appointment: Appointment, at: datetime, *, keep: bool = False) -> None:
    """Who has no appointment any more waits for no earlier one; what was offered to them falls free. `keep`: they go on waiting."""
    with _platform("an appointment changed"):
        wishes = EarlierWish.objects.select_for_update(of=["self"]).filter(appointment=appointment.pk, ended_at=None)
        for wish in wishes.select_related("offered"):
            if wish.offered is not None:
                release(wish.offered, at)
            wish.offered = None
            wish.ended_at = None if keep else at
            wish.save(update_fields=["offered", "ended_at"])


def release(held: Appointment, at: datetime) -> None:
    """What was only offered falls free."""
    Appointment.objects.filter(pk=held.pk, status=AppointmentStatus.HELD).update(
        status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=at, to_tell_since=None
    )


def lay_down_offers(appointment: Appointment, at: datetime) -> int:
    """Offers that ran out in the time of this appointment fall free; how many."""
    now = max(at, timezone.now())
    with _platform("an offer ran out"):
        over = Appointment.objects.filter(
            status=AppointmentStatus.HELD, held_until__lte=now, occupied__overlap=appointment.occupied
        ).select_for_update(skip_locked=True)
        ids = list(over.values_list("pk", flat=True))
        EarlierWish.objects.filter(offered__in=ids).update(offered=None, waits_from=now)
        return Appointment.objects.filter(pk__in=ids).update(status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=now)


# --- below


class _NotFree(Exception):  # noqa: N818
    """Seen before the database had to say so."""


def _check_offered(
    table: Timetable,
    professional: Professional,
    room: TalkRoom,
    begins: datetime,
    now: datetime,
    by: BookedBy,
    outside_hours: bool,
    before: Appointment | None,
) -> None:
    if not table.planners:
        raise DomainError(_("No talks can be booked with this person now."))
    if room.ended_at or room.place.ended_at:
        raise DomainError(_("This room is no longer used. Choose another."))
    around = timedelta(days=1)
    taken = table.taken(begins - around, begins + around, without=before)
    planner = table.planner_of(professional)
    match why_not(planner, taken, place=room.place_id, room=room.pk, begins=begins, at=now):
        case Refusal.PAST:
            raise DomainError(_("This time is over. Choose another."))
        case Refusal.TAKEN:
            raise _NotFree
        case Refusal.TOO_SOON if by != BookedBy.PROFESSIONAL:
            raise DomainError(_("This is too soon. Choose a later time, or call us."))
        case Refusal.CLOSED | Refusal.FULL if by != BookedBy.PROFESSIONAL:
            raise _NotFree
        case Refusal.CLOSED | Refusal.FULL | Refusal.TOO_SOON as refusal if not outside_hours:
            _check_own_hours(refusal, planner, taken, room, begins)


def _check_own_hours(refusal: Refusal, planner: Planner, taken: list[TakenTime], room: TalkRoom, begins: datetime) -> None:
    """As TOO_SOON comes before the rest, look once more as if it were long ago."""
    if refusal == Refusal.TOO_SOON:
        long_ago = begins - timedelta(hours=planner.lead_hours + 1)
        again = why_not(planner, taken, place=room.place_id, room=room.pk, begins=begins, at=long_ago)
        if again is None:
            return
        refusal = again
    if refusal == Refusal.FULL:
        raise OutsideHours(_("There are already as many talks that day as you wanted. Tick the box if you want it all the same."))
    raise OutsideHours(_("This is outside of your hours. Tick the box if you want it all the same."))


def _put(appointment: Appointment, professional: Professional, room: TalkRoom, begins: datetime) -> None:
    minutes = professional.minutes_for(appointment.kind)
    appointment.professional, appointment.room, appointment.place = professional, room, room.place
    appointment.begins, appointment.ends = begins, begins + timedelta(minutes=minutes)
    appointment.occupied = occupied(begins, minutes, professional.buffer_minutes)


def _taken(table: Timetable, begins: datetime, at: datetime, by: BookedBy) -> Taken:
    return Taken(next_free(table, at=at, wanted=begins, lead=by != BookedBy.PROFESSIONAL))


def _the_same(appointment: Appointment, begins: datetime) -> Appointment | None:
    """The button was pressed twice."""
    return Appointment.objects.filter(
        participant=appointment.participant,
        professional=appointment.professional,
        room=appointment.room,
        begins=begins,
        status=AppointmentStatus.BOOKED,
    ).first()


def _has_one(participant: Participant, at: datetime) -> bool:
    """Also one that whoever books does not see."""
    with _platform("looks whether there is an appointment"):
        return bool(Appointment.objects.about(participant).coming(at).exists())


def _check_open(appointment: Appointment, at: datetime) -> None:
    if appointment.status == AppointmentStatus.CANCELLED:
        raise DomainError(_("This appointment was cancelled."))
    if appointment.status != AppointmentStatus.BOOKED or appointment.begins <= max(at, timezone.now()):
        raise DomainError(_("This appointment has already begun. Call us if something is wrong."))


def lock(participant: Participant) -> None:
    """One change at a time of somebody's appointments; also for a team, which may not change the participant."""
    with _platform("somebody's appointments change one at a time"):
        locked = Participant.objects.select_for_update(no_key=True).only("erased_at").get(pk=participant.pk)
    if locked.erased_at is not None:
        raise DomainError(_("This person's details were erased."))


@contextmanager
def _platform(reason: str) -> Iterator[None]:
    """What follows from an appointment happens whoever made it, also a team that may do none of it itself."""
    with person_context(SystemActor(reason)):
        yield


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
