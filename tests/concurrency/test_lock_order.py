"""Two who need the same rows take them in one order: whoever is held up halfway, neither ends in a deadlock.

The rows that both need halfway are held until both wait. Each has then locked what it locks first.
"""

import threading
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import move
from participants.actions.caseload import hand_over_people
from participants.actions.consents import stop_seeing
from participants.actions.leaving import stop_working
from participants.actions.waiting import pass_on_offers, wish_earlier
from participants.models import Appointment, EarlierWish, Participant, ParticipantAccess, Professional
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import access_of, ask_for_call, make_participant, make_professional
from tests.factories.talks import make_appointment, make_hours, make_room, weekday

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 5


def moves(appointment, professional, room, begins):
    with person_context(LinkActor(appointment.participant_id, "code")):
        return move(
            appointment=appointment, professional=professional, room=room, begins=begins, by="participant",
            at=timezone.now(),
        )  # fmt: skip


def wait_for_locks(number: int) -> None:
    """Until so many connections to this database wait for one another, or nothing more happens."""
    until = monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            if cursor.fetchone()[0] >= number:
                return
            sleep(0.02)
    raise AssertionError(f"{number} did not come to wait")


def held_up(hold: Callable[[], object], first: Callable[[], object], second: Callable[[], object]) -> list[Exception | None]:
    """What came of both, where `first` met what `hold` locks or wrote, and `second` began after that. What `hold` wrote is undone."""
    held, ready = threading.Event(), threading.Event()

    def holds():
        with person_context(SystemActor("a test")), transaction.atomic():
            hold()
            held.set()
            wait_for_locks(1)
            ready.set()
            wait_for_locks(2)
            transaction.set_rollback(True)

    def begins():
        held.wait(PATIENCE_SECONDS)
        return first()

    def follows():
        ready.wait(PATIENCE_SECONDS)
        return second()

    return [each.error for each in race(holds, begins, follows)]


def test_moving_while_an_offer_is_made_waits_and_no_more():
    user, room = make_professional(), make_room()
    fatma, participant = make_hours(user, room), make_participant(user)
    appointment = make_appointment(participant, fatma, room, weekday(10, 9))
    with person_context(LinkActor(participant.pk, "code")):
        wish = wish_earlier(appointment=appointment, at=timezone.now())

    def hold():
        """Whoever plans with the professional comes by here."""
        Professional.objects.select_for_update(no_key=True).get(pk=fatma.pk)

    def offers():
        return pass_on_offers(at=timezone.now())

    assert held_up(hold, offers, lambda: moves(appointment, fatma, room, weekday(12, 9))) == [None, None, None]
    with person_context(SystemActor("a test")):
        assert Appointment.objects.get(pk=appointment.pk).begins == weekday(12, 9)
        assert EarlierWish.objects.get(pk=wish.pk).ended_at is None


def test_an_offer_that_is_made_while_somebody_moves_waits_and_no_more():
    user, room = make_professional(), make_room()
    fatma, participant = make_hours(user, room), make_participant(user)
    appointment = make_appointment(participant, fatma, room, weekday(10, 9))
    with person_context(LinkActor(participant.pk, "code")):
        wish_earlier(appointment=appointment, at=timezone.now())

    def hold():
        Professional.objects.select_for_update(no_key=True).get(pk=fatma.pk)

    # Whom another has in hand, the job may leave to it: then it waits for nothing
    held, moving, offered = threading.Event(), threading.Event(), threading.Event()

    def holds():
        with person_context(SystemActor("a test")), transaction.atomic():
            hold()
            held.set()
            wait_for_locks(1)
            moving.set()
            offered.wait(1)

    def begins():
        held.wait(PATIENCE_SECONDS)
        return moves(appointment, fatma, room, weekday(12, 9))

    def offers():
        moving.wait(PATIENCE_SECONDS)
        made = pass_on_offers(at=timezone.now())
        offered.set()
        return made

    assert [each.error for each in race(holds, begins, offers)] == [None, None, None]


def test_moving_while_somebody_is_handed_over_waits_and_no_more():
    giver, taker, room = make_professional(), make_professional(), make_room()
    before, fatma, elsewhere = make_hours(giver, room), make_hours(taker, make_room()), make_room()
    participant, other = make_participant(giver), make_participant(taker)
    appointment = make_appointment(participant, before, room, weekday(10, 9))

    def hold():
        """Another talk of the colleague at that moment, of which it is not sure yet that it will be: the talk is not taken along so far."""
        make_appointment(other, fatma, elsewhere, weekday(10, 9))

    def hands_over():
        with person_context(UserActor(giver, "professional")):
            return hand_over_people(participants=[participant], giver=giver, taker=fatma, at=timezone.now())

    assert held_up(hold, hands_over, lambda: moves(appointment, before, room, weekday(12, 9))) == [None, None, None]
    with person_context(SystemActor("a test")):
        assert Appointment.objects.get().begins == weekday(12, 9)


def test_handing_over_while_who_takes_over_stops_leaves_no_talk_with_nobody():
    giver, taker, coordinator = make_professional(), make_professional(), UserFactory(coordinator=True)
    before, fatma = make_hours(giver, make_room()), make_hours(taker, make_room())
    participant = make_participant(giver)
    appointment = make_appointment(participant, before, make_room(), weekday(10, 9))

    def hold():
        """Whoever hands over or stops comes by here, after the people."""
        Professional.objects.select_for_update(no_key=True).get(pk=fatma.pk)

    def hands_over():
        with person_context(UserActor(giver, "professional")):
            return hand_over_people(participants=[participant], giver=giver, taker=fatma, at=timezone.now())

    def stops():
        return stop_working(professional=fatma, taker=None, actor=coordinator, at=timezone.now())

    for error in held_up(hold, hands_over, stops):
        assert error is None or isinstance(error, DomainError), error
    with person_context(SystemActor("a test")):
        now = Appointment.objects.select_related("professional").get(pk=appointment.pk)
        assert now.status == "cancelled" or now.professional.ended_at is None


def test_handing_two_over_while_they_stop_waits_and_no_more():
    """By name here, by id there: both take people in one order."""
    giver, taker, coordinator = make_professional(), make_professional(), UserFactory(coordinator=True)
    people = sorted((make_participant(giver) for _each in range(2)), key=lambda each: each.pk, reverse=True)

    def hold():
        Participant.objects.select_for_update(no_key=True).get(pk=people[1].pk)

    def hands_over():
        with person_context(UserActor(giver, "professional")):
            return hand_over_people(participants=people, giver=giver, taker=taker.professional, at=timezone.now())

    def stops():
        return stop_working(professional=giver.professional, taker=None, actor=coordinator, at=timezone.now())

    for error in held_up(hold, stops, hands_over):
        assert error is None or isinstance(error, DomainError), error


def test_closing_the_door_to_somebody_while_they_stop_waits_and_no_more():
    user, coordinator = make_professional(), UserFactory(coordinator=True)
    participant = make_participant(user)
    make_appointment(participant, make_hours(user, make_room()), make_room(), weekday(10, 9))
    access = access_of(participant, user)

    def hold():
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)

    def closes():
        with person_context(LinkActor(participant.pk, "code")):
            stop_seeing(access=access, at=timezone.now())

    def stops():
        return stop_working(professional=user.professional, taker=None, actor=coordinator, at=timezone.now())

    for error in held_up(hold, stops, closes):
        assert error is None or isinstance(error, DomainError), error


def test_two_coordinators_who_stop_somebody_at_once_do_it_once():
    user, coordinators = make_professional(), [UserFactory(coordinator=True) for _each in range(2)]
    takers = [make_professional() for _each in range(2)]
    participant = make_participant(user)

    def stops(number):
        return lambda: stop_working(
            professional=user.professional, taker=takers[number].professional, actor=coordinators[number], at=timezone.now()
        )

    outcomes = race(stops(0), stops(1))
    assert [each.error for each in outcomes] == [None, None]
    assert sorted(bool(each.result) for each in outcomes) == [False, True]
    with person_context(SystemActor("a test")):
        held = ParticipantAccess.objects.open().filter(participant=participant, user__in=takers)
        assert held.count() == 1


def test_two_who_ask_a_team_at_once_are_one_mail_now_and_one_later():
    team = InitiativeFactory()
    MemberFactory(initiative=team)
    race(*(lambda number=number: ask_for_call(initiative=team, phone=f"+3120000{number:04}") for number in range(4)))
    mails = OutboxMessage.objects.filter(key__startswith="call-request-", failed_at=None, emptied_at=None).order_by("due_at")
    assert [mail.due_at > timezone.now() for mail in mails] == [False, True]
