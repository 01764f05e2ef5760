"""Booking, moving and cancelling; who sees whom after it; coming earlier. On the real walls."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import book, cancel, confirm, move, tell_came, tell_interpreter
from participants.actions.free_times import timetable
from participants.actions.taking import OutsideHours, Taken
from participants.actions.waiting import accept_offer, decline_offer, pass_on_offers, wish_earlier, withdraw_wish
from participants.models import (
    AccessReason,
    Appointment,
    Availability,
    BookedBy,
    EarlierWish,
    Interpreter,
    Participant,
    ParticipantAccess,
    Professional,
)
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import OFFICE, make_appointment, make_hours, make_room, weekday
from tests.factories.talks import wants as booked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def samira():
    """Helped by somebody else, so that no professional here sees her yet."""
    return make_participant(make_professional(), email="samira@demo.example", reach="email", languages=("ar",))


def as_participant(participant):
    return person_context(LinkActor(participant.pk, "code"))


def now_of(appointment):
    with person_context(SystemActor("a test")):
        return Appointment.objects.get(pk=appointment.pk)


def messages(*, key=""):
    return list(OutboxMessage.objects.filter(key__contains=key).order_by("pk"))


def test_a_participant_books_and_the_professional_may_see_whom_they_will_meet(samira, fatma, room):
    with person_context(UserActor(fatma.user)):
        assert not Participant.objects.visible_to(fatma.user).exists()
    appointment = booked(samira, fatma, room, weekday(3, 9), interpreter_language="ar")
    assert (appointment.status, appointment.place, appointment.interpreter) == ("booked", room.place, Interpreter.ASKED)
    assert appointment.ends - appointment.begins == timedelta(hours=1)
    with person_context(UserActor(fatma.user)):
        assert Participant.objects.visible_to(fatma.user).get() == samira
        assert Participant.objects.get().last_contact_at is not None
        access = ParticipantAccess.objects.open().get(user=fatma.user)
    assert (access.reason, access.granted_by_id) == (AccessReason.INTAKE, None)
    assert {message.to for message in messages(key=str(appointment.pk))} >= {"samira@demo.example", fatma.user.email}


def test_pressed_twice_is_one(samira, fatma, room):
    one = booked(samira, fatma, room, weekday(3, 9))
    assert booked(samira, fatma, room, weekday(3, 9)).pk == one.pk
    with pytest.raises(DomainError, match="afspraak"):
        booked(samira, fatma, room, weekday(4, 11, 30))


def test_who_comes_second_gets_the_next_three_free_times(samira, fatma, room):
    make_appointment(make_participant(fatma.user), fatma, room, weekday(3, 9))
    with pytest.raises(Taken) as raised:
        booked(samira, fatma, room, weekday(3, 9))
    assert [each.slot.begins for each in raised.value.free] == [weekday(3, 10, 15), weekday(3, 11, 30), weekday(3, 12, 45)]
    assert {each.professional for each in raised.value.free} == {fatma}
    for each in raised.value.free:
        assert each.room == room


def test_what_is_not_offered_is_not_booked(samira, fatma, room, user):
    with pytest.raises(DomainError, match="voorbij"):
        booked(samira, fatma, room, timezone.now() - timedelta(hours=1))
    Professional.objects.filter(pk=fatma.pk).update(lead_hours=200)
    with pytest.raises(DomainError, match="te snel"):
        booked(samira, fatma, room, weekday(3, 9))
    Professional.objects.filter(pk=fatma.pk).update(lead_hours=24)
    for begins in (weekday(3, 20), weekday(3, 16, 30), weekday(3, 9, 3)):
        with pytest.raises(Taken):
            booked(samira, fatma, room, begins)
    with pytest.raises(Taken):
        booked(samira, fatma, make_room(), weekday(3, 9))
    room.place.ended_at = timezone.now()
    room.place.save()
    with pytest.raises(DomainError, match="ruimte"):
        booked(samira, fatma, room, weekday(3, 9))


def test_a_professional_books_sooner_and_outside_their_hours_when_they_say_so(fatma, room):
    participant = make_participant(fatma.user)
    own = {"booked_by": BookedBy.PROFESSIONAL, "actor": fatma.user, "kind": "first", "at": timezone.now()}

    def ask(begins, **values):
        with person_context(UserActor(fatma.user, "professional")):
            return book(participant=participant, professional=fatma, room=room, begins=begins, **own, **values)

    Professional.objects.filter(pk=fatma.pk).update(lead_hours=300, most_per_day=1)
    first = ask(weekday(3, 9))
    with pytest.raises(OutsideHours, match="uren"):
        ask(weekday(3, 20))
    with pytest.raises(OutsideHours, match="gesprekken"):
        ask(weekday(3, 11, 30))
    assert ask(weekday(3, 20), outside_hours=True).begins == weekday(3, 20)
    with pytest.raises(Taken):
        ask(weekday(3, 9, 30), outside_hours=True)
    assert first.booked_by_user == fatma.user


def test_nobody_who_decides_on_benefits_is_offered_nor_the_municipal_office_where_they_sit(fatma, room):
    decider = make_professional(decides_on_benefits=True)
    office, sewing = make_room(), make_room(InitiativeFactory())
    make_hours(decider, office)
    Availability.objects.create(professional=fatma, place=office.place, opening_hours=OFFICE)
    Availability.objects.create(professional=fatma, place=sewing.place, opening_hours=OFFICE)
    Availability.objects.create(professional=Professional.objects.get(user=decider), place=sewing.place, opening_hours=OFFICE)
    table = timetable(kind="first")
    assert set(table.professionals) == {fatma.pk}
    assert set(table.rooms) == {room.pk, sewing.pk}
    assert {slot.room for slot in table.free(at=timezone.now())} == {room.pk, sewing.pk}


def test_an_initiative_books_on_behalf_and_sees_what_was_agreed(fatma, room):
    member = MemberFactory()
    participant = make_participant(make_professional())
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(
            participant=participant, initiative=member.initiative, reason=AccessReason.BROUGHT_IN, valid_from=timezone.now()
        )
    with person_context(UserActor(member.user, "team")):
        appointment = book(
            participant=Participant.objects.get(), professional=fatma, room=room, begins=weekday(3, 9), kind="first",
            booked_by=BookedBy.INITIATIVE, booked_for=member.initiative, actor=member.user, at=timezone.now(),
        )  # fmt: skip
        assert Appointment.objects.get() == appointment
        cancel(appointment=appointment, by=BookedBy.INITIATIVE, at=timezone.now())
    assert now_of(appointment).status == "cancelled"
    with person_context(UserActor(UserFactory(), "team")):
        assert not Appointment.objects.exists()


def test_moving_keeps_the_row_and_tells_both(samira, fatma, room):
    appointment = booked(samira, fatma, room, weekday(3, 9))
    with as_participant(samira):
        confirm(appointment=appointment, at=timezone.now())
        moved = move(
            appointment=appointment, professional=fatma, room=room, begins=weekday(3, 9, 30), by=BookedBy.PARTICIPANT,
            at=timezone.now(),
        )  # fmt: skip
    assert (moved.pk, moved.sequence, moved.begins, moved.confirmed_at) == (appointment.pk, 1, weekday(3, 9, 30), None)
    assert messages(key=f"{appointment.pk}:1:moved")


def test_moving_to_a_colleague_closes_the_first_to_who_no_longer_meets_them(samira, fatma, room):
    other = make_hours(make_professional(), make_room())
    elsewhere = other.availabilities.get().place.rooms.get()
    appointment = booked(samira, fatma, room, weekday(3, 9))
    with as_participant(samira):
        move(
            appointment=appointment, professional=other, room=elsewhere, begins=weekday(3, 9), by=BookedBy.PARTICIPANT,
            at=timezone.now(),
        )  # fmt: skip
    for professional, sees in ((fatma, False), (other, True)):
        with person_context(UserActor(professional.user)):
            assert Participant.objects.visible_to(professional.user).exists() is sees
            assert Appointment.objects.exists() is sees
    struck = OutboxMessage.objects.get(key__startswith="left:")
    assert struck.to == fatma.user.email
    assert "METHOD:CANCEL" in struck.calendar
    assert "SEQUENCE:1" in struck.calendar


def test_until_the_start_and_not_after(samira, fatma, room):
    begins = weekday(3, 9)
    appointment = booked(samira, fatma, room, begins)
    change = partial(move, appointment=appointment, professional=fatma, room=room, begins=weekday(5, 9), by="participant")
    with as_participant(samira):
        for late in (
            change,
            partial(cancel, appointment=appointment, by="participant"),
            partial(confirm, appointment=appointment),
        ):
            with pytest.raises(DomainError, match="begonnen"):
                late(at=begins)
        assert cancel(appointment=appointment, by="participant", at=begins - timedelta(seconds=1)).sequence == 1
        assert cancel(appointment=appointment, by="participant", at=begins).sequence == 1, "twice is once"
        with pytest.raises(DomainError, match="afgezegd"):
            change(at=timezone.now())
    assert booked(make_participant(make_professional()), fatma, room, begins), "its time is free at once"


def test_who_did_not_come_hears_no_blame_and_it_can_be_put_right(samira, fatma, room):
    appointment = booked(samira, fatma, room, weekday(3, 9))
    with person_context(UserActor(fatma.user, "professional")):
        with pytest.raises(DomainError, match="niet begonnen"):
            tell_came(appointment=appointment, came=True, at=timezone.now())
        after = appointment.ends
        assert tell_came(appointment=appointment, came=False, at=after).status == "missed"
        assert tell_came(appointment=appointment, came=False, at=after).status == "missed"
        assert tell_came(appointment=appointment, came=True, at=after).status == "came"


def test_what_came_of_asking_for_an_interpreter(samira, fatma, room):
    appointment = booked(samira, fatma, room, weekday(3, 9), interpreter_language="ar")
    with person_context(UserActor(fatma.user, "professional")):
        tell_interpreter(appointment=appointment, status=Interpreter.CONFIRMED, at=timezone.now())
        moved = move(
            appointment=appointment, professional=fatma, room=room, begins=weekday(4, 9), by="professional",
            at=timezone.now(),
        )  # fmt: skip
    assert moved.interpreter == Interpreter.ASKED, "another time is another question"


# --- coming earlier


def offered(wish):
    with person_context(SystemActor("a test")):
        return EarlierWish.objects.select_related("offered", "appointment").get(pk=wish.pk)


def waiting(participant, appointment):
    with as_participant(participant):
        return wish_earlier(appointment=appointment, at=timezone.now())


@pytest.fixture
def full(user, room):
    """One talk a day, on one day a week at nine: what is free is only what falls free."""
    soon = weekday(3, 9)
    return make_hours(user, room, {"week": [[soon.weekday(), 540, 600]]}), soon


def test_a_time_that_falls_free_goes_to_who_waits_longest_then_to_the_next(full, room, samira):
    fatma, soon = full
    first, second = make_participant(make_professional()), make_participant(make_professional())
    taken = make_appointment(samira, fatma, room, soon)
    wishes = []
    for week, person in enumerate((first, second), 1):
        wishes.append(waiting(person, make_appointment(person, fatma, room, soon + timedelta(weeks=week))))
    at = timezone.now()
    assert pass_on_offers(at=at) == 0
    with as_participant(samira):
        cancel(appointment=taken, by="participant", at=at)
    assert pass_on_offers(at=at) == 1
    assert pass_on_offers(at=at) == 0, "safe to run twice"
    held = offered(wishes[0]).offered
    assert (held.begins, held.status, held.participant_id) == (soon, "held", first.pk)
    assert at < held.held_until <= min(at + timedelta(hours=24), soon - timedelta(hours=24))
    assert messages(key=f"{held.pk}:0:offer") or now_of(held).to_tell_since
    with pytest.raises(Taken):
        booked(make_participant(make_professional()), fatma, room, soon)
    # Nobody answers: the next
    assert pass_on_offers(at=held.held_until) == 1
    assert offered(wishes[0]).offered is None
    assert offered(wishes[1]).offered.begins == soon


def test_saying_yes_moves_the_own_appointment_and_gives_the_held_time_up(full, room):
    fatma, soon = full
    person = make_participant(make_professional())
    own = make_appointment(person, fatma, room, soon + timedelta(weeks=1))
    wish = waiting(person, own)
    pass_on_offers(at=timezone.now())
    held = offered(wish).offered
    with as_participant(person):
        moved = accept_offer(wish=offered(wish), offered=held, at=timezone.now())
        with pytest.raises(DomainError, match="lijst"):
            accept_offer(wish=offered(wish), offered=held, at=timezone.now())
    assert (moved.pk, moved.begins, moved.sequence) == (own.pk, soon, 1)
    assert now_of(held).status == "cancelled"
    assert offered(wish).ended_at is not None


def test_saying_no_keeps_what_one_has_and_the_same_time_is_not_asked_again(full, room):
    fatma, soon = full
    person = make_participant(make_professional())
    wish = waiting(person, make_appointment(person, fatma, room, soon + timedelta(weeks=1)))
    pass_on_offers(at=timezone.now())
    with as_participant(person):
        decline_offer(wish=offered(wish), offered=offered(wish).offered, at=timezone.now())
    assert pass_on_offers(at=timezone.now()) == 0
    assert booked(make_participant(make_professional()), fatma, room, soon), "and it is free for somebody else"


def test_an_offer_that_ran_out_is_not_taken_and_blocks_nobody(full, room):
    fatma, soon = full
    person = make_participant(make_professional())
    wish = waiting(person, make_appointment(person, fatma, room, soon + timedelta(weeks=1)))
    pass_on_offers(at=timezone.now())
    held = offered(wish).offered
    with as_participant(person), pytest.raises(DomainError, match="niet meer"):
        accept_offer(wish=offered(wish), offered=held, at=held.held_until)
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=held.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    assert booked(make_participant(make_professional()), fatma, room, soon), "before the job has laid it down"
    assert offered(wish).offered is None


def test_who_waits_no_longer_or_has_no_appointment_is_offered_nothing(full, room):
    fatma, soon = full
    one, other = make_participant(make_professional()), make_participant(make_professional())
    wish = waiting(one, make_appointment(one, fatma, room, soon + timedelta(weeks=1)))
    later = make_appointment(other, fatma, room, soon + timedelta(weeks=2))
    second = waiting(other, later)
    pass_on_offers(at=timezone.now())
    held = offered(wish).offered
    with as_participant(one):
        withdraw_wish(wish=wish, at=timezone.now())
    assert now_of(held).status == "cancelled"
    with as_participant(other):
        cancel(appointment=later, by="participant", at=timezone.now())
    assert offered(second).ended_at is not None
    assert pass_on_offers(at=timezone.now()) == 0
