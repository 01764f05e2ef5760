"""Where and when talks are held, and talks themselves, made by the real action."""

from datetime import datetime, timedelta

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import LinkActor, SystemActor, person_context
from fieldlab.lib.opening import ZONE
from participants.actions.booking import book
from participants.models import Appointment, Availability, BookedBy, Participant, Professional, TalkPlace, TalkRoom
from participants.slots import is_holiday
from tests.factories.areas import NeighbourhoodFactory

# Monday to Friday from nine to five
OFFICE = {"week": [[day, 540, 1020] for day in range(5)]}


def make_room(initiative=None, **fields) -> TalkRoom:
    """A room of a place of its own; `initiative` is whose it is, and without it the municipality's."""
    own = {"own_name": "Stadsloket", "own_address": "Plein 1"} if initiative is None else {}
    place = TalkPlace.objects.create(initiative=initiative, own_area=None if initiative else NeighbourhoodFactory(), **own)
    return TalkRoom.objects.create(place=place, **{"name": "Kamer 2", **fields})


def make_hours(user: User, room: TalkRoom, hours=OFFICE, **planning) -> Professional:
    """The professional of `user` talks there at these hours."""
    Professional.objects.filter(user=user).update(**planning)
    professional = Professional.objects.get(user=user)
    Availability.objects.create(professional=professional, place=room.place, opening_hours=hours)
    return professional


def weekday(days: int, hour: int, minute: int = 0) -> datetime:
    """A working day at least `days` from now, at this time on the wall, and no holiday: that of the tests' hours."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() > 4 or is_holiday(day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def make_appointment(participant: Participant, professional: Professional, room: TalkRoom, begins: datetime, **fields) -> Appointment:
    """Booked by the professional, within their hours or not."""
    with person_context(SystemActor("a test")):
        return book(
            participant=participant,
            professional=professional,
            room=room,
            begins=begins,
            at=timezone.now(),
            **{"kind": "first", "booked_by": BookedBy.PROFESSIONAL, "actor": professional.user, "outside_hours": True, **fields},
        )


def wants(participant: Participant, professional: Professional, room: TalkRoom, begins: datetime, **fields) -> Appointment:
    """Booked by the participant themselves, within the professional's hours."""
    with person_context(LinkActor(participant.pk, "code")):
        return book(
            participant=participant,
            professional=professional,
            room=room,
            begins=begins,
            **{"kind": "first", "booked_by": BookedBy.PARTICIPANT, "actor": None, "at": timezone.now(), **fields},
        )


def choice(professional: Professional, room: TalkRoom, begins: datetime) -> str:
    """As the pages of booking write down a time that was chosen."""
    return f"{int(begins.timestamp())}-{professional.pk}-{room.pk}"


def agreed(participant: Participant, user: User) -> Appointment:
    """A coming talk with the professional of `user`, in a room of its own."""
    room = make_room()
    return make_appointment(participant, make_hours(user, room), room, weekday(3, 9))


def appointments() -> list[Appointment]:
    """All of them, as the platform sees them."""
    with person_context(SystemActor("a test looks")):
        return list(Appointment.objects.order_by("pk"))
