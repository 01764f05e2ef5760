"""Coming earlier: who has an appointment may wait for a time that falls free. It is held for who waits longest, and then for the next.

What is held is an appointment of its own, so that the constraints guard it. A job offers and lays down; missing or doubling it harms
nothing.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldlab.audit.actions import record_access
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.alone import each_alone
from fieldlab.lib.errors import DomainError
from participants.actions.booking import locked, move
from participants.actions.free_times import Offered, Timetable, Wanted, timetable
from participants.actions.taking import release, take_time
from participants.models import Appointment, AppointmentStatus, BookedBy, Details, EarlierWish, Professional, TalkKind, TalkPlace
from participants.notifications.appointments import tell_offer

# So long an offer is held, and no offer is made that must be answered sooner than that
HELD_FOR, LEAST = timedelta(hours=24), timedelta(hours=2)
AT_ONCE = 200
# Read by whoever answers: the participant, or who has them on the telephone
GONE = gettext_lazy("This time is gone. The appointment that was made stays.")


@transaction.atomic
def wish_earlier(*, appointment: Appointment, at: datetime) -> EarlierWish:
    """From now on this person waits for an earlier day. Asked twice is once."""
    appointment = locked(appointment, at)
    wish: EarlierWish | None = EarlierWish.objects.filter(appointment=appointment, ended_at=None).first()
    if wish is not None:
        return wish
    wish = EarlierWish(participant_id=appointment.participant_id, appointment=appointment, since=at, waits_from=at)
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
            _tell_log(wish, "earlier.asked", at)
    except IntegrityError as error:
        raise DomainError(_("The wish to come earlier is on the list already.")) from error
    return wish


@transaction.atomic
def withdraw_wish(*, wish: EarlierWish, at: datetime) -> None:
    """They wait no longer. What was offered falls free."""
    wish = _locked_wish(wish, at)
    if wish.offered is not None:
        release(wish.offered, at)
    wish.offered, wish.ended_at = None, at
    wish.save(update_fields=["offered", "ended_at"])
    _tell_log(wish, "earlier.ended", at)


@transaction.atomic
def accept_offer(*, wish: EarlierWish, offered: Appointment, at: datetime, by: BookedBy = BookedBy.PARTICIPANT) -> Appointment:
    """Their own appointment moves to the time that was held for them, and what was held gives way: both or neither.

    `by` is a professional where one hears the yes by telephone.
    """
    wish = _locked_wish(wish, at)
    held = wish.offered
    now = max(at, timezone.now())
    if held is None or held.pk != offered.pk or held.status != AppointmentStatus.HELD or held.held_until is None or held.held_until <= now:
        raise DomainError(str(GONE))
    wish.offered, wish.ended_at = None, at
    wish.save(update_fields=["offered", "ended_at"])
    release(held, at)
    _tell_log(wish, "earlier.taken", at)
    return move(
        appointment=wish.appointment,
        professional=held.professional,
        room=held.room,
        begins=held.begins,
        by=by,
        at=at,
    )


@transaction.atomic
def decline_offer(*, wish: EarlierWish, offered: Appointment, at: datetime) -> None:
    """They keep what they have, and wait on at the end of the line."""
    wish = _locked_wish(wish, at)
    if wish.offered is None or wish.offered.pk != offered.pk:
        return
    release(wish.offered, at)
    wish.offered, wish.waits_from = None, at
    wish.save(update_fields=["offered", "waits_from"])
    _tell_log(wish, "earlier.declined", at)


def pass_on_offers(*, at: datetime) -> int:
    """Lay down the offers that ran out, and offer what is free to who waits longest. Returns how many were offered.

    Opens its own context for each, so that one that fails keeps nobody else waiting.
    """
    lay_down(at=at)
    with _passing_on():
        waiting = list(EarlierWish.objects.waiting().values_list("pk", flat=True)[:AT_ONCE])
    return each_alone(waiting, lambda pk: _pass_on(pk, at))


def _pass_on(pk: UUID, at: datetime) -> bool:
    with _passing_on():
        wish = EarlierWish.objects.waiting().filter(pk=pk).select_for_update(of=["self"], skip_locked=True).first()
        return wish is not None and _offer(wish, at)


def lay_down(*, at: datetime) -> int:
    """Offers that nobody answered in time fall free; whoever they were for waits on at the end of the line."""
    with _passing_on():
        over = EarlierWish.objects.filter(ended_at=None, offered__status=AppointmentStatus.HELD, offered__held_until__lte=at)
        wishes = list(over.select_for_update(of=["self"], skip_locked=True).select_related("offered")[:AT_ONCE])
        for wish in wishes:
            if wish.offered is not None:
                release(wish.offered, at)
            wish.offered, wish.waits_from = None, at
            wish.save(update_fields=["offered", "waits_from"])
        # Those whose wish is gone
        Appointment.objects.filter(status=AppointmentStatus.HELD, held_until__lte=at, offered_to=None).update(
            status=AppointmentStatus.CANCELLED, held_until=None, cancelled_at=at
        )
    return len(wishes)


def _tell_log(wish: EarlierWish, what: str, at: datetime) -> None:
    """A wish has no history: who said it stands in the log that its owner reads."""
    record_access(participant_id=wish.participant_id, what=what, reason="a wish to come earlier", at=at)


def _passing_on() -> AbstractContextManager[None]:
    return person_context(SystemActor("passes on a time that fell free"))


def _locked_wish(wish: EarlierWish, at: datetime) -> EarlierWish:
    locked(wish.appointment, at)
    found = EarlierWish.objects.select_for_update(of=["self"]).select_related("appointment", "offered__professional__user", "offered__room")
    wish = found.get(pk=wish.pk)
    if wish.ended_at is not None:
        raise DomainError(_("Nobody is on the list any more for an earlier time."))
    return wish


def _offer(wish: EarlierWish, at: datetime) -> bool:
    appointment = Appointment.objects.with_whom_and_where().get(pk=wish.appointment_id)
    if appointment.status != AppointmentStatus.BOOKED or appointment.begins <= at:
        wish.ended_at = at
        wish.save(update_fields=["ended_at"])
        return False
    free = _fitting(wish, appointment, at)
    if free is None:
        return False
    held = Appointment(
        participant_id=wish.participant_id,
        professional=free.professional,
        kind=appointment.kind,
        status=AppointmentStatus.HELD,
        held_until=_held_until(free, at),
        booked_by=appointment.booked_by,
        booked_at=at,
        interpreter=appointment.interpreter,
        interpreter_language=appointment.interpreter_language,
    )
    try:
        take_time(held, professional=free.professional, room=free.room, begins=free.slot.begins, by=BookedBy.PARTICIPANT, at=at)
    except DomainError:  # somebody took it just now
        return False
    wish.offered = held
    wish.save(update_fields=["offered"])
    tell_offer(wish=wish, at=at)
    return True


def _held_until(found: Offered, at: datetime) -> datetime:
    """A day, but not so long that the professional no longer wants it booked."""
    return min(at + HELD_FOR, found.slot.begins - timedelta(hours=found.professional.lead_hours))


def _fitting(wish: EarlierWish, appointment: Appointment, at: datetime) -> Offered | None:
    """The first time on an earlier day, in the same district, with the same professional or for a first talk one in their language."""
    details = wish.participant.open()
    table = _around(appointment, details)
    # What they gave back before is not offered again
    before = Appointment.objects.about(wish.participant_id).filter(status=AppointmentStatus.CANCELLED, begins__gt=at)
    gave_back = set(before.values_list("professional_id", "begins"))
    midnight = timezone.localtime(appointment.begins).replace(hour=0, minute=0, second=0, microsecond=0)
    for each in table.offered(table.free(at=at, upto=midnight)) if midnight > at else ():
        suits = (each.slot.professional, each.slot.begins) not in gave_back and _held_until(each, at) - at >= LEAST
        if suits and _district(each.place) == _district(appointment.place):
            return each
    return None


def _around(appointment: Appointment, details: Details) -> Timetable:
    professionals = {appointment.professional_id}
    if appointment.kind == TalkKind.FIRST:
        spoken = list(details.languages) or ["nl"]
        colleagues = Professional.objects.helping().filter(areas=_district(appointment.place), languages__overlap=spoken)
        professionals |= set(colleagues.values_list("pk", flat=True))
    return timetable(kind=appointment.kind, professionals=professionals, wanted=Wanted(quiet=details.quiet_room))


def _district(place: TalkPlace) -> int | None:
    area = place.area
    while area is not None and area.parent_id is not None:
        area = area.parent
    return area.pk if area else None
