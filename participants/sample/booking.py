"""Where and when professional@ talks with people: three places, hours, and talks around today; one of them with an interpreter, one who
would like to come earlier."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from fieldlab.areas.models import Area
from fieldlab.audit.context import LinkActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative
from participants.actions.booking import book, confirm
from participants.actions.free_times import Offered, timetable
from participants.actions.waiting import wish_earlier
from participants.models import Appointment, Availability, BookedBy, Participant, Professional, TalkKind, TalkPlace, TalkRoom

MORNINGS = {"week": [[0, 540, 750], [2, 540, 750], [4, 540, 720]]}
AFTERNOONS = {"week": [[0, 780, 1020], [1, 780, 1020], [3, 780, 1020]]}
OFFICE = {"week": [[1, 540, 720], [3, 540, 720]]}


class Agreed(NamedTuple):
    """Of the caseload by number: how many free times further on, and what is talked about."""

    number: int
    skip: int
    kind: TalkKind
    interpreter: str = ""
    comes: bool = False


AGREED = [
    Agreed(1, 0, TalkKind.FOLLOW_UP, comes=True),
    Agreed(2, 1, TalkKind.FIRST, interpreter="ar"),
    Agreed(3, 2, TalkKind.PLAN),
    Agreed(5, 4, TalkKind.FIRST, interpreter="ti"),
    Agreed(7, 9, TalkKind.FIRST),
    Agreed(8, 14, TalkKind.FIRST),
]
WAITS = 7


def load(at: datetime) -> None:
    fatma = Professional.objects.select_related("user").get(user__email="professional@demo.example")
    if not fatma.availabilities.exists():
        _plan(fatma)
    with person_context(UserActor(fatma.user, "professional")):
        people = list(Participant.objects.visible_to(fatma.user).order_by("created_at", "pk"))
        if Appointment.objects.exists() or not fatma.availabilities.exists():
            return
        for agreed in AGREED:
            if agreed.number < len(people):
                _agree(fatma, people[agreed.number], agreed, at)
    if len(people) > WAITS:
        _wait(people[WAITS], at)


def _plan(fatma: Professional) -> None:
    Professional.objects.filter(pk=fatma.pk).update(
        languages=["nl", "tr", "en"],
        introduction="Ik luister eerst. Daarna kijken we samen wat bij u past.",
        phone="+31200000150",
        lead_hours=12,
    )
    initiatives = Initiative.objects.published().filter(area__parent__parent__name="Oost", talk_place=None)
    with_a_door = initiatives.exclude(access="no_fixed_place").exclude(location=None).order_by("slug")[:2]
    for initiative, hours, fee in zip(with_a_door, (MORNINGS, AFTERNOONS), (15, 0), strict=False):
        place = TalkPlace.objects.create(initiative=initiative, fee=fee, paid_by="het fieldlab" if fee else "")
        TalkRoom.objects.create(place=place, name="Kamer 2", quiet=True, step_free=True)
        TalkRoom.objects.create(place=place, name="De grote tafel", step_free=True)
        Availability.objects.create(professional=fatma, place=place, opening_hours=hours)
    area = Area.objects.in_force().neighbourhoods().filter(parent__parent__name="Oost").order_by("code").first()
    if area is not None:
        municipal = TalkPlace.objects.create(
            own_name="Huis van de Wijk", own_address="Oosterplein 1", own_area=area, own_accessibility=["step_free", "toilet", "lift"]
        )
        TalkRoom.objects.create(place=municipal, name="Spreekkamer", quiet=True, step_free=True)
        Availability.objects.create(professional=fatma, place=municipal, opening_hours=OFFICE)


def _agree(fatma: Professional, participant: Participant, agreed: Agreed, at: datetime) -> None:
    free = _free(fatma, agreed.kind, at)
    if len(free) <= agreed.skip:
        return
    chosen = free[agreed.skip]
    try:
        appointment = book(
            participant=participant,
            professional=fatma,
            kind=agreed.kind,
            room=chosen.room,
            begins=chosen.slot.begins,
            booked_by=BookedBy.PROFESSIONAL,
            actor=fatma.user,
            interpreter_language=agreed.interpreter,
            at=at,
        )
    except DomainError:  # taken by what was agreed just before
        return
    if agreed.comes:
        confirm(appointment=appointment, at=at)


def _free(fatma: Professional, kind: str, at: datetime) -> list[Offered]:
    table = timetable(kind=kind, professionals=[fatma.pk])
    return table.offered(table.free(at=at, upto=at + timedelta(weeks=3), lead=False))


def _wait(participant: Participant, at: datetime) -> None:
    with person_context(LinkActor(participant.pk, "sample")):
        appointment = Appointment.objects.about(participant).coming(timezone.now()).first()
        if appointment is not None:
            wish_earlier(appointment=appointment, at=at)
