"""Two erasures at once, erasing while something is booked, and two workers that keep no longer."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import book
from participants.actions.people import touch
from participants.actions.retention import erase, keep_no_longer
from participants.models import Appointment, BookedBy, Participant
from tests.concurrency.harness import race
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_hours, make_room, weekday

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def system():
    return person_context(SystemActor("a test"))


def erase_it(participant):
    with person_context(LinkActor(participant.pk, "code")):
        erase(participant=Participant.objects.get(pk=participant.pk), by=None, reason="asked for it", at=timezone.now())


def is_erased(participant):
    with system():
        return Participant.objects.get(pk=participant.pk).erased_at is not None


def test_two_erasures_at_once_are_one():
    participant = make_participant(make_professional())
    outcomes = race(*[partial(erase_it, participant)] * 3)
    assert sorted(type(each.error).__name__ for each in outcomes) == ["DomainError", "DomainError", "NoneType"]
    assert is_erased(participant)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_erasing_and_booking_at_once_leave_no_talk_with_nobody(_round):
    user, room = make_professional(), make_room()
    participant, professional = make_participant(user), make_hours(user, room)

    def book_it():
        with person_context(LinkActor(participant.pk, "code")):
            return book(
                participant=participant,
                professional=professional,
                kind="first",
                room=room,
                begins=weekday(4, 10),
                booked_by=BookedBy.PARTICIPANT,
                actor=None,
                at=timezone.now(),
            )

    erased, booked = race(partial(erase_it, participant), book_it)
    assert erased.error is None
    assert booked.error is None or isinstance(booked.error, DomainError)
    assert is_erased(participant)
    with system():
        assert not Appointment.objects.coming(timezone.now()).exists()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_workers_tell_once_and_erase_once(_round):
    people = [make_participant(make_professional(), email=f"p{number}@demo.example", reach="email") for number in range(3)]
    at = timezone.now() + timedelta(days=720)
    told = race(*[partial(keep_no_longer, at=at)] * 3)
    assert [each.error for each in told] == [None] * 3
    assert sum(each.result[0] for each in told) == len(people)
    assert OutboxMessage.objects.filter(key__contains=":erasure:").count() == len(people)
    erased = race(*[partial(keep_no_longer, at=at + timedelta(days=40))] * 3)
    assert [each.error for each in erased] == [None] * 3
    assert sum(each.result[1] for each in erased) == len(people)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_contact_at_the_last_moment_and_the_task(_round):
    """Whoever is first: who was in touch is kept, who was erased is whole erased."""
    participant = make_participant(make_professional(), email="p@demo.example", reach="email")
    at = timezone.now() + timedelta(days=720)
    keep_no_longer(at=at)
    last = at + timedelta(days=40)

    def contact():
        with system():
            touch(participant, last)

    outcomes = race(partial(keep_no_longer, at=last), contact)
    assert [each.error for each in outcomes] == [None, None]
    assert is_erased(participant) == bool(outcomes[0].result[1])
