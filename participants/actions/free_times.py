"""Which times are free, with whom and where: what the tables say, handed to the pure reckoning of participants.slots."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import connection
from django.db.models import Exists, Prefetch, Q, QuerySet

from fieldlab.lib.opening import ZONE
from participants.models import Absence, Appointment, Availability, Professional, TalkPlace, TalkRoom
from participants.slots import Hours, Planner, Slot, Taken, free_slots

# So far ahead times are offered
AHEAD = timedelta(weeks=6)
NEXT = 3
# How many talks there are on the first day and on the last counts too
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What somebody needs of a room."""

    quiet: bool = False
    step_free: bool = False

    def suits(self, room: TalkRoom) -> bool:
        return (room.quiet or not self.quiet) and (room.step_free or not self.step_free)


@dataclass(frozen=True)
class Offered:
    """A free time with who and where, as people choose it."""

    slot: Slot
    professional: Professional
    room: TalkRoom

    @property
    def place(self) -> TalkPlace:
        return self.room.place

    @property
    def value(self) -> str:
        """As it goes in an address: when, with whom, in which room."""
        return f"{int(self.slot.begins.timestamp())}-{self.slot.professional}-{self.slot.room}"


@dataclass(frozen=True)
class Timetable:
    """Who talks where and when; read once, asked often."""

    kind: str
    planners: tuple[Planner, ...]
    professionals: dict[int, Professional]
    rooms: dict[int, TalkRoom]

    def taken(self, since: datetime, upto: datetime, *, without: Appointment | None = None) -> list[Taken]:
        """Of these professionals and rooms. `without` is an appointment that would move, and takes no time then."""
        return _taken(list(self.professionals), list(self.rooms), since - A_DAY, upto + A_DAY, without)

    def free(
        self,
        *,
        at: datetime,
        since: datetime | None = None,
        upto: datetime | None = None,
        without: Appointment | None = None,
        lead: bool = True,
    ) -> list[Slot]:
        """From now on for six weeks, unless said otherwise. `lead=False` is for a professional, who may book sooner."""
        since, upto = max(at, since or at), upto or at + AHEAD
        planners = self.planners if lead else [replace(planner, lead_hours=0) for planner in self.planners]
        return free_slots(planners, self.taken(since, upto, without=without), at=at, since=since, upto=upto)

    def offered(self, slots: Iterable[Slot]) -> list[Offered]:
        return [Offered(slot, self.professionals[slot.professional], self.rooms[slot.room]) for slot in slots]


def timetable(
    *,
    kind: str,
    professionals: Collection[int] | None = None,
    places: Collection[int] | None = None,
    wanted: Wanted = Wanted(),
) -> Timetable:
    """Of all professionals and places, or of these. Never of who decides or advises on benefits, nor in a municipal room where they sit."""
    found = Professional.objects.helping().select_related("user").order_by("pk")
    if professionals is not None:
        found = found.filter(pk__in=professionals)
    open_rooms = TalkRoom.objects.filter(ended_at=None).order_by("pk")
    hours = open_places(Availability.objects.order_by("pk"))
    hours = hours.select_related("place__initiative__area", "place__own_area").defer(
        "place__initiative__area__boundary", "place__own_area__boundary"
    )
    if places is not None:
        hours = hours.filter(place__in=places)
    found = found.prefetch_related(
        Prefetch("availabilities", hours, to_attr="talks_at"),
        Prefetch("talks_at__place__rooms", open_rooms, to_attr="open_rooms"),
        Prefetch("absences", Absence.objects.order_by("first"), to_attr="away"),
    )
    rooms: dict[int, TalkRoom] = {}
    planners = [_planner(professional, kind, wanted, rooms) for professional in found]
    return Timetable(kind, tuple(planners), {each.pk: each for each in found}, rooms)


def planned(professional: Professional, kind: str, hours: Iterable[Hours] = (), absences: tuple[tuple[date, date], ...] = ()) -> Planner:
    """How the professional plans talks of this kind, at these hours."""
    return Planner(
        professional=professional.pk,
        hours=tuple(hours),
        minutes=professional.minutes_for(kind),
        buffer=professional.buffer_minutes,
        lead_hours=professional.lead_hours,
        most_per_day=professional.most_per_day,
        absences=absences,
    )


def planned_at(professional: Professional, kind: str, room: TalkRoom, begins: datetime) -> Planner:
    """How the professional plans in this room, of a timetable what one time needs: an absence then is as no hours at all."""
    day = begins.astimezone(ZONE).date()
    away = Absence.objects.filter(professional=professional, first__lte=day, last__gte=day)
    hours = open_places(Availability.objects.filter(~Exists(away), professional=professional, place=room.place_id))
    return planned(professional, kind, [Hours(room.place_id, (room.pk,), each.hours) for each in hours])


def taken_around(professional: Professional, room: TalkRoom, begins: datetime, *, without: Appointment | None) -> list[Taken]:
    """What takes the professional or the room on that day. `without` is an appointment that would move."""
    return _taken([professional.pk], [room.pk], begins - A_DAY, begins + A_DAY, without)


def open_places(availabilities: QuerySet[Availability]) -> QuerySet[Availability]:
    """At places in use. A municipal room where somebody who decides on benefits has hours is an office like any other: not offered."""
    deciders = Availability.objects.filter(
        place__initiative=None, professional__ended_at=None, professional__user__decides_on_benefits=True
    )
    usable = TalkPlace.objects.filter(Q(initiative=None) | Q(initiative__status="published"), ended_at=None)
    return availabilities.filter(place__in=usable.values("pk")).exclude(place__in=deciders.values("place"))


def next_free(own: Timetable, *, at: datetime, wanted: datetime, lead: bool = True) -> list[Offered]:
    """The three free times nearest after the one that was wanted: in the `own` timetable, and only without any in everybody's."""
    for table in _own_then_all(own):
        slots = table.free(at=at, lead=lead)
        after = [slot for slot in slots if slot.begins >= wanted] or slots
        if after:
            return table.offered(islice(_one_a_moment(after), NEXT))
    return []


def _own_then_all(own: Timetable) -> Iterator[Timetable]:
    yield own
    yield timetable(kind=own.kind)


def _one_a_moment(slots: Sequence[Slot]) -> Iterable[Slot]:
    before = None
    for slot in slots:
        if slot.begins != before:
            yield slot
        before = slot.begins


def _planner(professional: Professional, kind: str, wanted: Wanted, rooms: dict[int, TalkRoom]) -> Planner:
    hours: list[Hours] = []
    for availability in professional.talks_at:  # type: ignore[attr-defined]
        suitable = [room for room in availability.place.open_rooms if wanted.suits(room)]
        for room in suitable:
            room.place = availability.place
            rooms[room.pk] = room
        hours.append(Hours(availability.place_id, tuple(room.pk for room in suitable), availability.hours))
    absences = tuple((each.first, each.last) for each in professional.away)  # type: ignore[attr-defined]
    return planned(professional, kind, hours, absences)


def _taken(professionals: list[int], rooms: list[int], since: datetime, upto: datetime, without: Appointment | None) -> list[Taken]:
    sql = """
        SELECT professional_id, room_id, begins, lower(occupied), upper(occupied) FROM taken_times(%s, %s)
        WHERE professional_id = ANY(%s) OR room_id = ANY(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, upto, professionals, rooms])
        found = [Taken(*row) for row in cursor.fetchall()]
    if without is None:
        return found
    own = (without.professional_id, without.begins)
    return [each for each in found if (each.professional, each.begins) != own]
