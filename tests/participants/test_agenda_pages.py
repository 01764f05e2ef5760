"""The pages of who talks with people: the agenda, an appointment they make, their hours; and where talks are held."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.opening import ZONE
from participants.models import Absence, Availability, Professional, TalkPlace, TalkRoom
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import appointments, choice, make_appointment, weekday
from tests.pages import text
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


def test_the_agenda_shows_the_week_and_notes_who_came(samira, fatma, room):
    appointment = make_appointment(samira, fatma, room, weekday(3, 9), interpreter_language="ar")
    client, url = signed_in(fatma.user), reverse("agenda")
    day = timezone.localdate(appointment.begins)
    page = text(client.get(url, {"week": day.isoformat()}))
    assert "Samira" in page
    assert "Arabisch" in page
    client.post(url, {"afspraak": appointment.pk, "wat": "tolk", "tolk": "confirmed"})
    assert appointments()[0].interpreter == "confirmed"
    client.post(url, {"afspraak": appointment.pk, "wat": "kwam"})
    assert appointments()[0].status == "booked", "not before it has begun"
    with time_machine.travel(appointment.begins + timedelta(minutes=5), tick=False):
        client = signed_in(fatma.user)
        page = text(client.get(url))
        assert 'aria-current="time"' in page
        client.post(url, {"afspraak": appointment.pk, "wat": "kwam-niet"})
        assert appointments()[0].status == "missed"
        client.post(url, {"afspraak": appointment.pk, "wat": "kwam"})
        assert appointments()[0].status == "came"


def test_a_colleagues_talk_is_not_found_in_the_agenda(samira, fatma, room):
    appointment = make_appointment(samira, fatma, room, weekday(3, 9))
    other = signed_in(make_professional())
    assert other.post(reverse("agenda"), {"afspraak": appointment.pk, "wat": "afzeggen"}).status_code == 404
    assert other.post(reverse("agenda"), {"afspraak": "x", "wat": "afzeggen"}).status_code == 404
    page = other.get(reverse("agenda"), {"week": timezone.localdate(appointment.begins).isoformat()})
    assert "Samira" not in text(page)


@pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31", "2026-02-31", "\x00"])
def test_a_week_that_is_none_is_this_week(fatma, week):
    assert "Deze week" in text(signed_in(fatma.user).get(reverse("agenda"), {"week": week}))


def week_of(professional, **asked):
    return re.search(r"<h1>\s*(.+?)\s*</h1>", text(signed_in(professional.user).get(reverse("agenda"), asked)))[1]


def test_after_the_last_working_day_the_agenda_opens_on_the_next_week(samira, fatma, room):
    with time_machine.travel("2026-11-20 18:00+01:00", tick=False):
        assert week_of(fatma) == "16 – 22 november 2026"
    with time_machine.travel("2026-11-21 10:00+01:00", tick=False):
        assert week_of(fatma) == "23 – 29 november 2026"
        assert week_of(fatma, week="2026-11-21") == "16 – 22 november 2026"
        make_appointment(samira, fatma, room, datetime(2026, 11, 22, 14, tzinfo=ZONE))
        assert week_of(fatma) == "16 – 22 november 2026"


def test_who_works_on_a_saturday_has_not_had_the_week_by_then(fatma):
    Availability.objects.filter(professional=fatma).update(opening_hours={"week": [[5, 540, 1020]]})
    with time_machine.travel("2026-11-28 10:00+01:00", tick=False):
        assert week_of(fatma) == "23 – 29 november 2026"
    with time_machine.travel("2026-11-29 10:00+01:00", tick=False):
        assert week_of(fatma) == "30 november – 6 december 2026"


def test_each_name_in_the_agenda_is_logged(samira, fatma, room):
    appointment = make_appointment(samira, fatma, room, weekday(3, 9))
    signed_in(fatma.user).get(reverse("agenda"), {"week": timezone.localdate(appointment.begins).isoformat()})
    with person_context(SystemActor("a test")):
        assert AccessRecord.objects.filter(participant_id=samira.pk, user=fatma.user, what="participant.name").count() == 1


def test_a_professional_books_moves_and_goes_outside_their_hours_knowingly(fatma, room):
    participant = make_participant(fatma.user, first_name="Karim")
    client, url = signed_in(fatma.user), reverse("appointment_new", args=[participant.pk])
    assert "Karim" in text(client.get(url))
    chosen = choice(fatma, room, weekday(2, 9))
    assert chosen in text(client.get(url))
    assert "Karim" in text(client.get(url, {"keuze": chosen}))
    assert client.post(url, {"keuze": chosen, "soort": "plan", "interpreter": ""}).status_code == 302
    (appointment,) = appointments()
    assert (appointment.kind, appointment.ends - appointment.begins) == ("plan", timedelta(minutes=45))
    moved = {"keuze": choice(fatma, room, weekday(3, 9)), "verzet": appointment.pk, "interpreter": ""}
    assert client.post(url, moved).status_code == 302
    assert appointments()[0].begins == weekday(3, 9)
    late = {"wat": "anders", "soort": "first", "day": weekday(3, 20).date().isoformat(), "time": "20", "room": room.pk}
    refused = client.post(url, late)
    assert "buiten uw uren" in text(refused, 422)
    assert client.post(url, {**late, "outside_hours": "on"}).status_code == 302
    assert weekday(3, 20) in {each.begins for each in appointments()}
    for typed in ({"time": "x"}, {"day": "x"}, {"room": "9999"}, {"day": "1999-01-01"}, {"time": "🙂"}):
        assert client.post(url, {**late, **typed}).status_code == 422


def test_hours_of_a_place_are_saved_and_a_second_window_is_noticed(fatma, room):
    client, url = signed_in(fatma.user), reverse("hours_place", args=[room.place_id])
    typed = {"day0_0": "9", "day0_1": "12.30", "revision": "1"}
    assert client.post(url, typed).status_code == 302
    assert Availability.objects.get().opening_hours == {"week": [[0, 540, 750]], "exceptions": []}
    stale = client.post(url, {"day1_0": "10", "day1_1": "11", "revision": "1"})
    assert 'value="10"' in text(stale, 409)
    assert 'name="revision" value="2"' in text(stale, 409)
    assert client.post(url, {"day1_0": "10", "day1_1": "11", "revision": "2"}).status_code == 302
    assert client.post(url, {"day1_0": "12", "day1_1": "11", "revision": "3"}).status_code == 422
    more = client.post(url, {"exception0_0": "2026-12-24", "more": "exceptions", "revision": "3"})
    assert more.status_code == 200
    assert Availability.objects.get().revision == 3


def test_days_away_and_how_one_plans(fatma):
    client = signed_in(fatma.user)
    first = timezone.localdate() + timedelta(days=5)
    assert client.post(reverse("hours"), {"wat": "weg", "first": first.isoformat(), "last": ""}).status_code == 302
    absence = Absence.objects.get()
    assert (absence.first, absence.last) == (first, first)
    bad = {"wat": "weg", "first": first.isoformat(), "last": (first - timedelta(days=1)).isoformat()}
    assert client.post(reverse("hours"), bad).status_code == 422
    other = signed_in(make_professional())
    assert other.post(reverse("hours"), {"wat": "terug", "afwezig": absence.pk}).status_code == 404
    assert client.post(reverse("hours"), {"wat": "terug", "afwezig": absence.pk}).status_code == 302
    planning = {
        "introduction": "Hallo =cmd() 🙂", "phone": "020 000 01 23", "languages": ["ar", "nl"], "first_minutes": 50, "plan_minutes": 40,
        "follow_up_minutes": 20, "buffer_minutes": 10, "lead_hours": 12, "most_per_day": 3,
    }  # fmt: skip
    assert client.post(reverse("hours_planning"), planning).status_code == 302
    saved = Professional.objects.get(pk=fatma.pk)
    assert (saved.phone, saved.first_minutes, set(saved.languages)) == ("+31200000123", 50, {"ar", "nl"})
    for wrong in ({"phone": "x"}, {"first_minutes": 5}, {"most_per_day": "x"}, {"languages": ["xx"]}, {"introduction": "a" * 10_000}):
        assert client.post(reverse("hours_planning"), {**planning, **wrong}).status_code == 422
    shown = text(client.get(reverse("hours_planning")))
    assert "020 000 01 23" in shown


# --- places


def test_a_coordinator_keeps_places_and_rooms(fatma, room):
    client = signed_in(UserFactory(coordinator=True))
    initiative, area = InitiativeFactory(name="De Draad"), NeighbourhoodFactory()
    new = reverse("talk_place_new")
    assert client.post(new, {"initiative": initiative.pk, "fee": "15", "paid_by": ""}).status_code == 422
    assert client.post(new, {"fee": "0", "own_name": "Loket", "own_address": ""}).status_code == 422
    assert client.post(new, {"fee": "0", "own_name": "Loket", "own_address": "Plein 1", "own_area": area.pk}).status_code == 302
    assert client.post(new, {"initiative": initiative.pk, "fee": "15", "paid_by": "de gemeente"}).status_code == 302
    place = TalkPlace.objects.get(initiative=initiative)
    url = reverse("talk_place", args=[place.pk])
    assert client.post(url, {"wat": "ruimte", "name": "Kamer 1", "quiet": "on"}).status_code == 302
    assert client.post(url, {"wat": "ruimte", "name": "Kamer 1"}).status_code == 422
    assert client.post(url, {"wat": "ruimte", "name": ""}).status_code == 422
    page = text(client.get(reverse("talk_places")))
    assert "€ 15,00, de gemeente" in page
    assert "€ 0,00" in page
    made = TalkRoom.objects.get(place=place)
    assert client.post(reverse("talk_place", args=[room.place_id]), {"wat": "ruimte-weg", "room": made.pk}).status_code == 404
    assert client.post(url, {"wat": "ruimte-weg", "room": made.pk}).status_code == 302
    assert client.post(url, {"wat": "weg"}).status_code == 302
    assert TalkPlace.objects.get(pk=place.pk).ended_at is not None
    assert client.post(url, {"wat": "terug"}).status_code == 302
    assert TalkPlace.objects.get(pk=place.pk).ended_at is None
