"""Booking as it is done, many at once on real transactions: nobody's booking lost, nobody's double, and who loses hears what is free."""

from datetime import timedelta
from functools import partial
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.booking import book, cancel, move
from participants.actions.taking import Taken
from participants.actions.waiting import accept_offer, pass_on_offers, wish_earlier
from participants.models import Appointment, EarlierWish
from tests.concurrency.harness import race
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_hours, make_room, wants, weekday

pytestmark = pytest.mark.django_db(transaction=True)

# As many as a server has connections for; each asks again and again, so that there are 200
AT_ONCE, EACH = 20, 10
ALL_DAY = {"week": [[day, 0, 1440] for day in range(7)]}


def people(number):
    user = make_professional()
    return [make_participant(user) for _each in range(number)]


def tried(*call):
    """Its result, or what was said to who came too late."""
    try:
        return call[0](*call[1:])
    except DomainError as error:
        return error


def all_of(calls):
    def run():
        return [tried(*call) for call in calls]

    return run


def everybody(calls):
    """The outcomes of 200, in the order in which they were asked."""
    began = monotonic()
    outcomes = race(*[all_of(calls[number::AT_ONCE]) for number in range(AT_ONCE)])
    assert [each.error for each in outcomes] == [None] * AT_ONCE, "no deadlock, no fault"
    assert monotonic() - began < 20
    return [found for each in outcomes for found in each.result]


def kept():
    with person_context(SystemActor("a test")):
        return list(Appointment.objects.agreed().order_by("begins"))


def test_200_on_one_slot_are_one_and_the_others_hear_what_is_free():
    room = make_room()
    fatma = make_hours(make_professional(), room)
    found = everybody([(wants, each, fatma, room, weekday(3, 9)) for each in people(AT_ONCE * EACH)])
    (won,) = [each for each in found if isinstance(each, Appointment)]
    lost = [each for each in found if isinstance(each, Taken)]
    assert len(lost) == AT_ONCE * EACH - 1, "none lost, none otherwise refused"
    assert {tuple(free.slot.begins for free in each.free) for each in lost} == {
        (weekday(3, 10, 15), weekday(3, 11, 30), weekday(3, 12, 45))
    }
    assert kept() == [won]
    # No message tells of what was not agreed
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_outboxmessage WHERE key NOT LIKE %s", [f"%{won.pk}%"])
        assert cursor.fetchone() == (0,)


def test_200_on_different_slots_all_succeed():
    room = make_room()
    rooms = [room, *(make_room() for _each in range(3))]
    professionals = [make_hours(make_professional(), each, ALL_DAY, most_per_day=12, buffer_minutes=0, lead_hours=0) for each in rooms]
    begins = [weekday(2 + day, hour) for day in range(0, 35, 7) for hour in range(8, 18)]
    asked = [
        (wants, each, professionals[number % 4], rooms[number % 4], begins[number // 4])
        for number, each in enumerate(people(AT_ONCE * EACH))
    ]
    found = everybody(asked)
    assert [each for each in found if not isinstance(each, Appointment)] == []
    assert len({(each.professional_id, each.begins) for each in kept()}) == AT_ONCE * EACH


def test_one_who_presses_twice_at_once_has_one_appointment():
    room = make_room()
    fatma = make_hours(make_professional(), room)
    (one,) = people(1)
    outcomes = race(*[partial(tried, wants, one, fatma, room, weekday(3, 9))] * 4)
    assert {each.result.pk for each in outcomes} == {kept()[0].pk}
    others = race(*[partial(tried, wants, one, fatma, room, weekday(4, hour)) for hour in (9, 10, 11)])
    assert all(isinstance(each.result, DomainError) for each in others), "and not two at different times"


def test_two_want_the_last_talk_of_a_day():
    room = make_room()
    fatma = make_hours(make_professional(), room, most_per_day=1)
    one, other = people(2)
    outcomes = race(*[partial(tried, wants, who, fatma, room, weekday(3, hour)) for who, hour in ((one, 9), (other, 14))])
    assert sorted(type(each.result).__name__ for each in outcomes) == ["Appointment", "Taken"]


def test_moving_against_cancelling_is_one_of_the_two():
    room = make_room()
    fatma = make_hours(make_professional(), room)
    (one,) = people(1)
    appointment = make_appointment(one, fatma, room, weekday(3, 9))
    at = timezone.now()

    def moves():
        with person_context(LinkActor(one.pk, "code")):
            return move(appointment=appointment, professional=fatma, room=room, begins=weekday(4, 9), by="participant", at=at)

    def cancels():
        with person_context(LinkActor(one.pk, "appointment")):
            return cancel(appointment=appointment, by="participant", at=at)

    outcomes = race(partial(tried, moves), partial(tried, cancels))
    assert [each.error for each in outcomes] == [None, None]
    with person_context(SystemActor("a test")):
        left = Appointment.objects.get()
    assert left.status == "cancelled"
    assert left.sequence == (1 if isinstance(outcomes[0].result, DomainError) else 2)


def test_two_who_move_to_one_time():
    room = make_room()
    fatma = make_hours(make_professional(), room)
    appointments = [make_appointment(each, fatma, room, weekday(3, hour)) for each, hour in zip(people(2), (9, 14), strict=True)]

    def moves(appointment):
        with person_context(LinkActor(appointment.participant_id, "code")):
            return move(
                appointment=appointment, professional=fatma, room=room, begins=weekday(4, 9), by="participant",
                at=timezone.now(),
            )  # fmt: skip

    outcomes = race(*[partial(tried, moves, each) for each in appointments])
    assert sorted(type(each.result).__name__ for each in outcomes) == ["Appointment", "Taken"]
    assert [each.sequence for each in kept()].count(1) == 1, "who lost keeps what they had, as it was"


@pytest.fixture
def held():
    """A time that is held for one who waits."""
    soon, room = weekday(3, 9), make_room()
    fatma = make_hours(make_professional(), room, {"week": [[soon.weekday(), 540, 600]]})
    one, other = people(2)
    own = make_appointment(one, fatma, room, soon + timedelta(weeks=1))
    with person_context(LinkActor(one.pk, "code")):
        wish = wish_earlier(appointment=own, at=timezone.now())
    pass_on_offers(at=timezone.now())
    with person_context(SystemActor("a test")):
        wish = EarlierWish.objects.select_related("appointment__participant", "offered").get(pk=wish.pk)
    return fatma, room, soon, one, other, wish


def accepts(wish):
    with person_context(LinkActor(wish.participant_id, "appointment")):
        return accept_offer(wish=wish, offered=wish.offered, at=timezone.now())


def test_an_offer_accepted_twice_moves_once(held):
    *_rest, wish = held
    outcomes = race(*[partial(tried, accepts, wish)] * 3)
    assert sum(isinstance(each.result, Appointment) for each in outcomes) == 1
    assert [each.sequence for each in kept()] == [1]


def test_while_an_offer_is_taken_nobody_slips_in_between(held):
    fatma, room, soon, _one, other, wish = held
    outcomes = race(partial(tried, accepts, wish), *[partial(tried, wants, other, fatma, room, soon)] * 3)
    assert isinstance(outcomes[0].result, Appointment)
    assert all(isinstance(each.result, Taken) for each in outcomes[1:])


def test_the_job_runs_twice_at_once():
    soon, room = weekday(3, 9), make_room()
    fatma = make_hours(make_professional(), room, {"week": [[soon.weekday(), 540, 600]]})
    for week, person in enumerate(people(3), 1):
        with person_context(LinkActor(person.pk, "code")):
            own = make_appointment_within(person, fatma, room, soon + timedelta(weeks=week))
            wish_earlier(appointment=own, at=timezone.now())
    outcomes = race(*[partial(pass_on_offers, at=timezone.now())] * 4)
    assert [each.error for each in outcomes] == [None] * 4
    assert sum(each.result for each in outcomes) >= 1
    with person_context(SystemActor("a test")):
        assert Appointment.objects.filter(status="held", begins=soon).count() == 1
        assert (
            EarlierWish.objects.exclude(offered=None).values("offered").distinct().count()
            == EarlierWish.objects.exclude(offered=None).count()
        )


def make_appointment_within(person, professional, room, begins):
    return book(
        participant=person, professional=professional, room=room, begins=begins, kind="first", booked_by="participant", actor=None,
        at=timezone.now(),
    )  # fmt: skip
