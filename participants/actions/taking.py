"""Taking a time: may it be had, and then it is held or agreed; the exclusion constraints have the last word.

Two who want one professional or one room go one after the other: the professional is locked first, then the room. The participant, what
they wish and what was agreed are locked before that, by `booking`.
"""

from copy import copy
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.audit.context import as_platform
from fieldlab.lib.errors import DomainError, constraint_of
from participants.actions.free_times import Offered, next_free, planned, planned_at, taken_around, timetable
from participants.models import Appointment, AppointmentStatus, BookedBy, EarlierWish, Professional, TalkRoom
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
    before = None if appointment._state.adding else copy(appointment)
    if _is_gone(professional, appointment.kind, room, begins, max(at, timezone.now()), before):
        raise _taken(appointment.kind, professional, begins, at, by)
    for last_try in (False, True):
        try:
            with transaction.atomic():
                professional = _locked(professional, room)
                _check_free(professional, appointment.kind, room, begins, max(at, timezone.now()), by, outside_hours, before)
                _put(appointment, professional, room, begins)
                appointment.save()
        except IntegrityError as error:
            constraint = constraint_of(error)
            if constraint == ALREADY_THERE:
                raise DomainError(_("There is already an appointment at that time.")) from error
            if constraint not in OVERLAPS:
                raise
            # What ran out and was not yet laid down makes room
            if last_try or not lay_down_offers(appointment, at):
                raise _taken(appointment.kind, professional, begins, at, by) from error
        except _NotFree:
            raise _taken(appointment.kind, professional, begins, at, by) from None
        else:
            return


def release(held: Appointment, at: datetime) -> None:
    """What was only offered falls free."""
    Appointment.objects.filter(pk=held.pk, status=AppointmentStatus.HELD).update(
        status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=at, to_tell_since=None
    )


def lay_down_offers(appointment: Appointment, at: datetime) -> int:
    """Offers that ran out in the time of this appointment fall free; how many."""
    now = max(at, timezone.now())
    with as_platform("an offer ran out"):
        over = Appointment.objects.filter(status=AppointmentStatus.HELD, held_until__lte=now, occupied__overlap=appointment.occupied)
        # The wish before what is held for it, as whoever answers does; who is just answering is left alone
        wishes = EarlierWish.objects.select_for_update(of=["self"], skip_locked=True).filter(offered__in=over)
        ids = list(wishes.values_list("pk", flat=True))
        EarlierWish.objects.filter(pk__in=ids).update(offered=None, waits_from=now)
        free = over.filter(offered_to=None)
        return free.update(status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=now)


# --- below


class _NotFree(Exception):  # noqa: N818
    """Seen before the database had to say so."""


def _is_gone(professional: Professional, kind: str, room: TalkRoom, begins: datetime, now: datetime, before: Appointment | None) -> bool:
    """Agreed with somebody else already: who comes late for what many want need not stand in line to hear it."""
    planner, taken = planned(professional, kind), taken_around(professional, room, begins, without=before)
    return why_not(planner, taken, place=room.place_id, room=room.pk, begins=begins, at=now) == Refusal.TAKEN


def _locked(professional: Professional, room: TalkRoom) -> Professional:
    """The professional as they plan now. Two who meet in one constraint could wait for each other; like this one goes first."""
    helping = Professional.objects.helping().select_related("user")
    current: Professional | None = helping.select_for_update(of=["self"], no_key=True).filter(pk=professional.pk).first()
    if current is None:
        raise DomainError(_("No talks can be booked with this person now."))
    used = TalkRoom.objects.select_for_update(of=["self"], no_key=True).filter(ended_at=None, place__ended_at=None)
    if not used.filter(pk=room.pk).values_list("pk"):
        raise DomainError(_("This room is no longer used. Choose another."))
    return current


def _check_free(
    professional: Professional,
    kind: str,
    room: TalkRoom,
    begins: datetime,
    now: datetime,
    by: BookedBy,
    outside_hours: bool,
    before: Appointment | None,
) -> None:
    planner = planned_at(professional, kind, room, begins)
    taken = taken_around(professional, room, begins, without=before)
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


def _taken(kind: str, professional: Professional, begins: datetime, at: datetime, by: BookedBy) -> Taken:
    own = timetable(kind=kind, professionals=[professional.pk])
    return Taken(next_free(own, at=at, wanted=begins, lead=by != BookedBy.PROFESSIONAL))
