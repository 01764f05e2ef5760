"""The day before, at ten on the clock on the wall: once, to whoever said yes; the others are called."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.opening import ZONE
from fieldlab.outbox.models import OutboxMessage
from participants.actions.calendar import remind
from participants.actions.consents import answer_consent
from participants.models import Answer, Appointment, Professional, Purpose
from participants.tasks import remind_of_talks
from tests.concurrency.harness import race
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.talks import make_room

pytestmark = pytest.mark.django_db(transaction=True)


def on(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def agreed(begins, *, yes=True, **details):
    """Booked long before; no message of it."""
    user = make_professional()
    samira = make_participant(user, **{"phone": "0612345678", "reach": "sms", **details})
    room = make_room()
    with person_context(SystemActor("a test")):
        if yes:
            answer_consent(participant=samira, text=consent_text(Purpose.REMINDERS), answer=Answer.GIVEN, witness=None, at=timezone.now())
        return Appointment.objects.create(
            participant=samira, professional=Professional.objects.get(user=user), kind="first", room=room, place=room.place,
            begins=begins, ends=begins + timedelta(hours=1), occupied=(begins, begins + timedelta(hours=1)), status="booked",
            booked_by="professional", booked_at=begins - timedelta(days=20),
        )  # fmt: skip


def reminded(appointment):
    with person_context(SystemActor("a test")):
        appointment.refresh_from_db()
    return appointment.reminded_at


TALK = on(2027, 2, 9, 14)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (on(2027, 2, 8, 9, 59), 0),
        (on(2027, 2, 8, 10), 1),
        (on(2027, 2, 8, 19, 59), 1),
        (on(2027, 2, 8, 20), 0),
        (on(2027, 2, 7, 12), 0),
        (on(2027, 2, 9, 10), 0),
    ],
)
def test_it_goes_the_day_before_between_ten_and_eight(at, goes):
    appointment = agreed(TALK)
    assert remind(at=at) == goes
    assert reminded(appointment) == (at if goes else None)


@pytest.mark.parametrize(("talk", "at"), [((2027, 3, 28), (2027, 3, 27)), ((2027, 10, 31), (2027, 10, 30)), ((2027, 3, 29), (2027, 3, 28))])
def test_around_the_nights_that_the_clock_changes_it_is_the_same_hour(talk, at):
    agreed(on(*talk, 10))
    assert remind(at=on(*at, 9, 59)) == 0
    assert remind(at=on(*at, 10)) == 1
    assert "10.00 uur" in OutboxMessage.objects.get().text


def test_twice_is_once():
    agreed(TALK)
    assert [remind(at=on(2027, 2, 8, 10)), remind(at=on(2027, 2, 8, 10, 5))] == [1, 0]
    assert OutboxMessage.objects.count() == 1


def test_many_workers_of_which_the_clocks_differ_remind_once():
    talks = [agreed(TALK + timedelta(hours=hour)) for hour in range(3)]
    clocks = [on(2027, 2, 8, 11) + timedelta(minutes=10 * each) for each in range(4)]
    outcomes = race(*[lambda at=at: remind(at=at) for at in clocks])
    assert sum(each.result for each in outcomes) == 3
    assert OutboxMessage.objects.count() == 3
    assert all(reminded(each) in clocks for each in talks)


@pytest.mark.parametrize("how", [{"yes": False}, {"reach": "call"}, {"reach": "email"}])
def test_who_is_not_reached_is_left_for_somebody_to_call_and_holds_up_nobody(how):
    unreached, other = agreed(TALK, **how), agreed(TALK + timedelta(hours=2))
    assert remind(at=on(2027, 2, 8, 10)) == 1
    assert reminded(unreached) is None
    assert reminded(other)


def test_who_heard_of_it_this_morning_is_not_told_again():
    appointment = agreed(TALK)
    OutboxMessage.objects.create(
        key=f"to:{appointment.participant_id}:appointment:{appointment.pk}:1:moved", channel="sms", to="+31612345678", language="nl",
        text="…", created_at=on(2027, 2, 8, 9), due_at=on(2027, 2, 8, 9),
    )  # fmt: skip
    assert remind(at=on(2027, 2, 8, 10)) == 0


@pytest.mark.parametrize("status", ["cancelled", "missed", "came"])
def test_only_what_is_agreed(status):
    appointment = agreed(TALK)
    with person_context(SystemActor("a test")):
        cancelled = {"cancelled_at": timezone.now()} if status == "cancelled" else {}
        Appointment.objects.filter(pk=appointment.pk).update(status=status, **cancelled)
    assert remind(at=on(2027, 2, 8, 10)) == 0


def test_the_task_runs():
    remind_of_talks()
