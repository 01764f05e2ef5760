"""A professional's day with 500 people: beside a bare query for the same rows, and how it grows from 50."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.db import connection
from django.test import Client
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.models import FollowUp, Participant
from tests.benchmarks.measure import Figure, measure
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.participants import make_participant, make_professional
from tests.sign_in import signed_in

FEW, MANY = 50, 500
PAGES = {"the day": "/vandaag/", "the list of people": "/deelnemers/", "looking for a name": "/deelnemers/?naam=sam"}


def run() -> Iterable[Figure]:
    user, area = make_professional(), NeighbourhoodFactory()
    client, people = signed_in(user), 0
    before: dict[str, float] = {}
    for size in (FEW, MANY):
        while people < size:
            grow(user, area, people)
            people += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        for what, address in PAGES.items():
            figure = measure(
                f"{what}, {size} people", partial(ask, client, address), "a bare query for these people", partial(bare, user), rounds=20
            )
            note = f"{figure.ours_ms / before[what]:.1f}× of {FEW} people" if what in before else ""
            before.setdefault(what, figure.ours_ms)
            yield Figure(figure.what, figure.ours_ms, figure.beside, figure.floor_ms, figure.rounds, note)


def grow(user: object, area: object, number: int) -> None:
    """One more; of every five one waits for a first talk, and one is asked today how it is going."""
    participant = make_participant(user, first_name=f"Sam{number}", phone="+31200000001")  # type: ignore[arg-type]
    with person_context(SystemActor("a benchmark")):
        Participant.objects.filter(pk=participant.pk).update(neighbourhood=area, created_at=timezone.now() - timedelta(days=number % 30))
        if number % 5 == 0:
            FollowUp.objects.create(participant=participant, on=timezone.localdate(), professional=user)


def ask(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def bare(user: object) -> None:
    with person_context(UserActor(user, "professional")):  # type: ignore[arg-type]
        list(Participant.objects.filter(accesses__user=user).values_list("pk", "first_name", "phone", "key__wrapped"))
