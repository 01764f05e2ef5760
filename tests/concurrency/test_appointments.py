"""No double booking, ever: the constraints alone, with many at once on real transactions. Booking's pages stand on these."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from participants.models import Appointment, Professional, TalkPlace, TalkRoom
from tests.concurrency.harness import race
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.participants import make_participant, make_professional

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def room():
    place = TalkPlace.objects.create(own_name="Stadsloket", own_address="Plein 1", own_area=NeighbourhoodFactory())
    return TalkRoom.objects.create(place=place, name="Kamer 2")


def book(participant, professional, where, begins, *, buffer=15, status="booked", **values):
    ends = begins + timedelta(minutes=60)
    around = timedelta(minutes=buffer)
    with person_context(SystemActor("a test")):
        return Appointment.objects.create(
            participant=participant, professional=professional, kind="first", place=where.place, room=where, begins=begins, ends=ends,
            occupied=(begins - around, ends + around), status=status, booked_by="professional", booked_at=timezone.now(), **values,
        )  # fmt: skip


def tried(*args, **values):
    try:
        return book(*args, **values)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name


def tomorrow(hour):
    return timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=1)


def test_of_many_at_once_on_one_time_one_wins():
    user, where = make_professional(), room()
    people = [make_participant(user) for _each in range(AT_ONCE)]
    professional = Professional.objects.get(user=user)
    outcomes = [each.result for each in race(*[partial(tried, each, professional, where, tomorrow(9)) for each in people])]
    assert len([each for each in outcomes if isinstance(each, Appointment)]) == 1
    assert {each for each in outcomes if isinstance(each, str)} <= {"appointment_one_talk_at_a_time", "appointment_one_talk_in_a_room"}


def test_a_room_and_a_participant_are_in_one_talk_too():
    one, other, where = make_professional(), make_professional(), room()
    first, second = make_participant(one), make_participant(other)
    professional, colleague = Professional.objects.get(user=one), Professional.objects.get(user=other)
    book(first, professional, where, tomorrow(9))
    assert tried(second, colleague, where, tomorrow(9)) == "appointment_one_talk_in_a_room"
    assert tried(second, professional, room(), tomorrow(10)) == "appointment_one_talk_at_a_time", "the time between two talks counts"
    assert tried(first, colleague, room(), tomorrow(9)) == "appointment_participant_in_one_place"


def test_what_is_held_takes_time_and_what_is_cancelled_gives_it_back():
    user, where = make_professional(), room()
    participant, other, professional = make_participant(user), make_participant(user), Professional.objects.get(user=user)
    held = book(participant, professional, where, tomorrow(9), status="held", held_until=tomorrow(8))
    assert tried(other, professional, where, tomorrow(9)) == "appointment_one_talk_at_a_time"
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=held.pk).update(status="cancelled", held_until=None, cancelled_at=timezone.now())
    assert isinstance(tried(other, professional, where, tomorrow(9)), Appointment)
