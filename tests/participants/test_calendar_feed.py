"""The private calendar address: when and where, to whoever has it, until it is withdrawn; never a name."""

import time
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from recurring_ical_events import of

from fieldlab.accounts.actions import change_employment
from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.booking import cancel
from participants.actions.calendar import make_feed, withdraw_feed
from participants.actions.people import end_access
from participants.models import Appointment, BookedBy, CalendarFeed, Professional
from tests.factories.accounts import UserFactory
from tests.factories.participants import access_of, make_participant, make_professional, stops
from tests.factories.talks import make_appointment, make_room, weekday
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "Verborgen4862"


@pytest.fixture
def fatma():
    return make_professional(name="Fatma Yilmaz")


def role(user):
    return Professional.objects.get(user=user)


def address(user):
    return reverse("calendar_feed", args=[make_feed(professional=role(user), at=timezone.now())])


def agreed(user, begins, **details):
    return make_appointment(make_participant(user, **details), role(user), make_room(), begins)


def many(user, number):
    """So many talks with one person, each an hour, one after another."""
    professional, person, room = role(user), make_participant(user, first_name=HIDDEN), make_room()
    first = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=10)
    with person_context(SystemActor("a test")):
        Appointment.objects.bulk_create(
            Appointment(
                participant=person, professional=professional, kind="first", room=room, place=room.place, begins=begins,
                ends=begins + timedelta(minutes=50), occupied=(begins, begins + timedelta(minutes=50)), status="booked",
                booked_by="professional", booked_at=first,
            )
            for begins in (first + timedelta(hours=each) for each in range(number))
        )  # fmt: skip


def events(answer):
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_it_shows_when_and_where_and_no_name(client, fatma):
    appointment = agreed(fatma, weekday(7, 14), first_name=HIDDEN, last_name=HIDDEN)
    agreed(make_professional(), weekday(7, 14))
    answer = client.get(address(fatma))
    [event] = events(answer).values()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert event["DTSTART"].dt == appointment.begins
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Afspraak", "Stadsloket, Plein 1")
    written = answer.content.decode()
    for hidden in (HIDDEN, "Fatma", fatma.email, str(appointment.participant_id), appointment.participant.code):
        assert hidden not in written
    assert answer["Cache-Control"] == "no-cache, private" or set(answer["Cache-Control"].split(", ")) == {"no-cache", "private"}


def test_what_is_cancelled_is_struck_and_what_is_offered_is_not_there(client, fatma):
    one, two = agreed(fatma, weekday(7, 14)), agreed(fatma, weekday(9, 10))
    where = address(fatma)
    with person_context(UserActor(fatma)):
        cancel(appointment=one, by=BookedBy.PROFESSIONAL, at=timezone.now())
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=two.pk).update(status="held", held_until=timezone.now() + timedelta(hours=1))
    [event] = events(client.get(where)).values()
    assert (str(event["STATUS"]), event["SEQUENCE"], str(event["TRANSP"])) == ("CANCELLED", 1, "TRANSPARENT")


def test_a_client_finds_the_hour_across_the_clocks(client, fatma):
    with time_machine.travel("2026-10-23 05:00Z", tick=False):
        appointments = [agreed(fatma, weekday(days, 10)) for days in (0, 3)]
        calendar = Calendar.from_ical(client.get(address(fatma)).content)
    found = of(calendar).between("20261023", "20261101")
    assert [event["DTSTART"].dt.hour for event in found] == [10, 10]
    assert {event["DTSTART"].dt for event in found} == {each.begins for each in appointments}
    assert {event["DTSTART"].dt.utcoffset() for event in found} == {timedelta(hours=1), timedelta(hours=2)}


def test_nothing_new_is_not_written_again(client, fatma):
    appointment = agreed(fatma, weekday(7, 14))
    where = address(fatma)
    etag = client.get(where)["ETag"]
    again = client.get(where, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    with person_context(SystemActor("a test")):
        appointment.place.own_address = "Plein 2"
        appointment.place.save()
    assert client.get(where, headers={"if-none-match": etag}).status_code == 200


def test_a_withdrawn_or_invented_address_is_not_there(client, fatma):
    where = address(fatma)
    assert client.get(where).status_code == 200
    assert client.get(where.replace(".ics", "x.ics")).status_code == 404
    assert client.get("/agenda/%00.ics").status_code == 404
    with pytest.raises(DomainError):
        make_feed(professional=role(fatma), at=timezone.now())
    withdraw_feed(professional=role(fatma), at=timezone.now())
    assert client.get(where).status_code == 404
    assert client.get(address(fatma)).status_code == 200, "a new one after it"
    assert client.get(where).status_code == 404


def test_who_leaves_has_no_calendar_either(client, fatma):
    where = address(fatma)
    type(fatma).objects.filter(pk=fatma.pk).update(is_active=False)
    assert client.get(where).status_code == 404


def test_who_decides_on_benefits_from_now_on_has_no_calendar_either(client, fatma):
    where = address(fatma)
    coordinator = UserFactory(coordinator=True)
    change_employment(actor=coordinator, user=fatma, employer="Gemeente", decides_on_benefits=True, reason="Another job", at=timezone.now())
    assert client.get(where).status_code == 404


def test_the_wall_stands_below_it(client, fatma):
    appointment = agreed(fatma, weekday(7, 14))
    where = address(fatma)
    with person_context(SystemActor("a test")):
        end_access(access=access_of(appointment.participant, fatma))
    assert events(client.get(where)) == {}
    stops(fatma)
    assert client.get(where).status_code == 404


def test_that_it_was_read_is_written_down_once_an_hour(client, fatma):
    where = address(fatma)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False) as clock:
        seen = []
        for minutes in (0, 59, 2):
            clock.shift(timedelta(minutes=minutes))
            client.get(where)
            seen.append(CalendarFeed.objects.get().read_at)
    assert seen[0] == seen[1] < seen[2]


def test_the_number_of_queries_stays_the_same(client, fatma):
    days = count(5)
    assert_constant_queries(client, address(fatma), lambda: agreed(fatma, weekday(7 * next(days), 9)))


def test_ten_thousand_talks_in_good_time(client, fatma, capsys):
    many(fatma, 10_000)
    where = address(fatma)
    started = time.perf_counter()
    answer = client.get(where)
    whole = time.perf_counter() - started
    started = time.perf_counter()
    again = client.get(where, headers={"if-none-match": answer["ETag"]})
    unchanged = time.perf_counter() - started
    assert answer.content.count(b"BEGIN:VEVENT") == 10_000
    assert again.status_code == 304
    assert HIDDEN.encode() not in answer.content
    assert unchanged < whole
    with capsys.disabled():
        print(f"\n10,000 talks: {whole:.2f} s written, {unchanged:.2f} s unchanged, {len(answer.content) / 1e6:.1f} MB")
    assert whole < 30


# --- the page


def test_a_professional_makes_an_address_sees_it_once_and_withdraws_it(client, fatma):
    client.force_login(fatma)
    page = reverse("feed_settings")
    assert "Maak een adres" in client.get(page).content.decode()
    made = client.post(page, {"what": "make"}).content.decode()
    where = made.partition('id="address"')[2].partition('value="')[2].partition('"')[0]
    assert where.startswith("http")
    assert client.get(where[where.index("/agenda/") :]).status_code == 200
    after = client.get(page).content.decode()
    assert where not in after
    refused = client.post(page, {"what": "make"})
    assert (refused.status_code, "Er is al een adres" in refused.content.decode()) == (422, True)
    assert "ingetrokken" in client.post(page, {"what": "withdraw"}).content.decode()
    assert client.get(where[where.index("/agenda/") :]).status_code == 404
