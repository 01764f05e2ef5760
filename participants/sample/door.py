"""People who want to be called, and are no participants: of different days, one without a name, two whom a place typed for."""

from datetime import datetime, timedelta
from typing import NamedTuple

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import SystemActor, person_context
from initiatives.models import Initiative
from participants.actions.calls import ask_to_be_called
from participants.models import BestTime, Caller, CallRequest


class Wish(NamedTuple):
    caller: Caller
    best_time: BestTime
    days_ago: int
    # How it comes: by themselves, to a place, or typed by a place
    way: str = ""


WISHES = [
    Wish(Caller(phone="+31200000131", first_name="Rachid"), BestTime.MORNING, 9),
    Wish(Caller(phone="+31200000132", first_name="Yordanos", language="ti"), BestTime.ANY, 5, "brought"),
    Wish(Caller(phone="+31200000133"), BestTime.AFTERNOON, 3),
    Wish(Caller(phone="+31200000134", first_name="Ewa", language="pl"), BestTime.EVENING, 2, "place"),
    Wish(Caller(phone="+31200000135", first_name="Gerda"), BestTime.ANY, 1),
    Wish(Caller(phone="+31200000136", first_name="Mehmet", language="tr"), BestTime.MORNING, 0, "brought"),
    Wish(Caller(phone="+31200000137", first_name="Sharon"), BestTime.AFTERNOON, 0),
]


def load(at: datetime) -> None:
    with person_context(SystemActor("sample data")):
        if CallRequest.objects.exists():
            return
    neighbourhoods = list(Area.objects.in_force().neighbourhoods().filter(parent__parent__name__in=["Oost", "West"]).order_by("code"))
    team = User.objects.filter(email="initiatief@demo.example").first()
    place = Initiative.objects.of_member(team).published().with_area().order_by("pk").first() if team else None
    for number, wish in enumerate(WISHES if neighbourhoods else []):
        here = place.area if place and wish.way else neighbourhoods[number * 11 % len(neighbourhoods)]
        ask_to_be_called(
            form=f"sample-{number}",
            caller=wish.caller,
            best_time=wish.best_time,
            area=here,
            initiative=place if wish.way == "place" else None,
            brought_by=place if wish.way == "brought" else None,
            actor=team if place and wish.way == "brought" else None,
            at=at - timedelta(days=wish.days_ago),
        )
