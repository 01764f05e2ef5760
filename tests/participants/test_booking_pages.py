"""The pages of booking: choosing where and when, the link in a message, the agenda, hours and places."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from fieldlab.audit.context import LinkActor, SystemActor, person_context
from fieldlab.lib.geo import Point
from participants.actions.waiting import pass_on_offers, wish_earlier
from participants.models import (
    AccessReason,
    Availability,
    EarlierWish,
    Participant,
    ParticipantAccess,
    TalkRoom,
)
from participants.notifications.links import appointment_token
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import OFFICE, appointments, choice, make_appointment, make_hours, make_room, weekday
from tests.pages import text
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
# Chosen already
ARABIC = re.compile(r'<option value="ar"\s+selected')


@pytest.fixture
def own(samira):
    with person_context(SystemActor("a test")):
        return signed_in(Participant.objects.select_related("user").get(pk=samira.pk).user)


# --- the participant


def test_initiatives_come_first_and_the_nearest_of_them(own, samira, fatma, room):
    here = NeighbourhoodFactory(centre=Point(4.9, 52.36))
    with person_context(SystemActor("a test")):
        Participant.objects.filter(pk=samira.pk).update(neighbourhood=here)
    for name, east in (("Verweg", 0.05), ("Dichtbij", 0.001)):
        place = make_room(
            InitiativeFactory(name=name, location=Point(4.9 + east, 52.36), accessibility=["step_free"]), quiet=name == "Verweg"
        ).place
        Availability.objects.create(professional=fatma, place=place, opening_hours=OFFICE)
    page = text(own.get(reverse("book")))
    assert page.index("Dichtbij") < page.index("Verweg") < page.index("Stadsloket")
    assert "Geen drempel" in page
    quiet = text(own.get(reverse("book"), {"gevraagd": "1", "stil": "1"}))
    assert "Verweg" in quiet
    assert "Dichtbij" not in quiet


def test_where_then_when_then_whom_then_it_stands(own, samira, fatma, room):
    where = text(own.get(reverse("book")))
    assert f"plek={room.place_id}" in where
    when = text(own.get(reverse("book"), {"plek": room.place_id}))
    chosen = choice(fatma, room, weekday(2, 9))
    assert f"keuze={chosen}" in when
    whom = text(own.get(reverse("book"), {"keuze": chosen}))
    assert "Fatma Demir werkt bij Buurtwerk Oost." in whom
    assert "Fatma Demir beslist niet over uw uitkering." in whom
    assert "Ik praat graag over koken." in whom
    assert ARABIC.search(whom)
    assert appointments() == [], "reading agrees nothing"
    response = own.post(reverse("book"), {"keuze": chosen, "interpreter": "ar"})
    (appointment,) = appointments()
    assert response.headers["Location"] == reverse("own_appointment", args=[appointment.pk])
    assert (appointment.professional, appointment.begins, appointment.interpreter_language) == (fatma, weekday(2, 9), "ar")
    assert own.get(reverse("book")).status_code == 302, "who has an appointment moves it"
    assert "Fatma Demir" in text(own.get(response.headers["Location"]))


def test_who_loses_a_race_reads_three_free_times_and_one_tap_is_enough(own, fatma, room):
    make_appointment(make_participant(fatma.user), fatma, room, weekday(2, 9))
    lost = own.post(reverse("book"), {"keuze": choice(fatma, room, weekday(2, 9)), "interpreter": ""})
    for hour, minute in ((10, 15), (11, 30), (12, 45)):
        assert f'value="{choice(fatma, room, weekday(2, hour, minute))}"' in text(lost, 409)
    again = own.post(reverse("book"), {"keuze": choice(fatma, room, weekday(2, 10, 15)), "interpreter": "", "wat": "verzetten"})
    assert again.status_code == 302
    assert len(appointments()) == 2


@pytest.mark.parametrize("typed", ["", "x", "1-2-3", "-1-1-1", "9" * 60, "1-999999999999-1", "\x00", "=cmd()", "🙂", "١-٢-٣"])
def test_what_is_no_time_is_no_time(own, fatma, typed):
    assert own.get(reverse("book"), {"keuze": typed}).status_code == 200
    assert own.post(reverse("book"), {"keuze": typed}).status_code == 302
    assert own.get(reverse("book"), {"plek": typed}).status_code in (200, 404)
    assert own.get(reverse("book"), {"plek": "1" * 30, "vanaf": typed}).status_code in (200, 404)
    assert appointments() == []


def test_a_language_that_is_none_gives_the_page_back(own, fatma, room):
    response = own.post(reverse("book"), {"keuze": choice(fatma, room, weekday(2, 9)), "interpreter": "klingon"})
    assert response.status_code == 422
    assert appointments() == []


def test_somebody_elses_appointment_is_not_found(own, fatma, room):
    other = make_appointment(make_participant(fatma.user), fatma, room, weekday(2, 9))
    for method in (own.get, own.post):
        assert method(reverse("own_appointment", args=[other.pk]), {"wat": "afzeggen"}).status_code == 404
    assert appointments()[0].status == "booked"


# --- the link


@pytest.fixture
def appointment(samira, fatma, room):
    return make_appointment(samira, fatma, room, weekday(3, 9))


@pytest.fixture
def link(appointment):
    return reverse("appointment_link", args=[appointment_token(appointment)])


def test_reading_a_link_changes_nothing_however_often(appointment, link):
    before = appointments()[0].__dict__.copy()
    for query in ({}, {"wat": "afzeggen"}, {"wat": "komt"}, {"wat": "verzetten"}, {"wat": "tolk"}):
        for method in (Client().get, Client().head):
            response = method(link, query)
            assert response.status_code == 200
            assert "no-store" in response.headers["Cache-Control"]
            assert b"Samira" not in response.content
    after = appointments()[0].__dict__.copy()
    assert {**before, "_state": 0} == {**after, "_state": 0}


def test_by_the_link_one_says_that_one_comes_moves_and_cancels(appointment, link, fatma, room):
    client = Client()
    assert client.post(link, {"wat": "komt"}, follow=True).status_code == 200
    assert appointments()[0].confirmed_at is not None
    times = text(client.get(link, {"wat": "verzetten"}))
    assert choice(fatma, room, weekday(3, 10, 15)) in times
    client.post(link, {"wat": "verzetten", "keuze": choice(fatma, room, weekday(4, 9))})
    moved = appointments()[0]
    assert (moved.pk, moved.begins, moved.sequence) == (appointment.pk, weekday(4, 9), 1)
    assert client.post(link, {"wat": "tolk", "interpreter": "ar"}).status_code == 302
    assert appointments()[0].interpreter == "asked"
    client.post(link, {"wat": "afzeggen"})
    client.post(link, {"wat": "afzeggen"})
    assert appointments()[0].status == "cancelled"
    assert "afgezegd" in text(client.get(link))


def test_a_tap_on_a_time_asks_first_and_moves_nothing(appointment, link, fatma, room):
    client, chosen = Client(), choice(fatma, room, weekday(4, 9))
    times = text(client.get(link, {"wat": "verzetten"}))
    assert f"?keuze={chosen}&amp;wat=verzetten" in times
    assert room.place.name in times.split('class="slots"')[1], "each time says where"
    asks = text(client.get(link, {"wat": "verzetten", "keuze": chosen}))
    for begins in (appointment.begins, weekday(4, 9)):
        assert date_format(timezone.localtime(begins), "l j F Y").capitalize() in asks
    assert asks.count("Fatma Demir") >= 2
    assert "Ja, verzetten" in asks
    assert "Nee, laat staan" in asks
    assert appointments()[0].begins == appointment.begins
    client.post(link, {"wat": "verzetten", "keuze": chosen})
    assert appointments()[0].begins == weekday(4, 9)


def test_a_time_of_somebody_else_is_no_time_to_move_to(link, user, room):
    colleague = make_hours(make_professional(), make_room())
    chosen = choice(colleague, colleague.availabilities.get().place.rooms.get(), weekday(4, 9))
    assert "Ja, verzetten" not in text(Client().get(link, {"wat": "verzetten", "keuze": chosen}))


def test_a_time_says_with_whom_only_where_that_differs(own, fatma, room):
    where = {"plek": room.place_id}
    assert "Fatma Demir" not in text(own.get(reverse("book"), where))
    TalkRoom.objects.create(place=room.place, name="Kamer 9")
    make_hours(make_professional(name="Karim"), room, {"week": [[day, 360, 480] for day in range(7)]})
    assert "Karim" in text(own.get(reverse("book"), where)).split('class="slots"', 1)[1]


def test_moving_by_link_to_what_is_taken(link, fatma, room):
    make_appointment(make_participant(fatma.user), fatma, room, weekday(4, 9))
    response = Client().post(link, {"wat": "verzetten", "keuze": choice(fatma, room, weekday(4, 9))})
    assert text(response, 409).count('name="keuze"') == 3


def test_a_link_ends_with_the_talk_and_a_strange_one_opens_nothing(appointment, link):
    with time_machine.travel(appointment.ends + timedelta(seconds=1), tick=False):
        assert Client().get(link).status_code == 410
    for token in ("x", "x.y", link.split("/")[-2][:-2], "a" * 4000):
        assert Client().get(reverse("appointment_link", args=[token])).status_code == 410
        assert Client().post(reverse("appointment_link", args=[token]), {"wat": "afzeggen"}).status_code == 410
    decides = signed_in(UserFactory(decides=True))
    assert decides.get(link).status_code == 404


def test_an_offer_is_answered_by_its_link(samira, user, room):
    soon = weekday(3, 9)
    fatma = make_hours(user, room, {"week": [[soon.weekday(), 540, 600]]})
    appointment = make_appointment(samira, fatma, room, soon + timedelta(weeks=1))
    with person_context(LinkActor(samira.pk, "code")):
        wish_earlier(appointment=appointment, at=timezone.now())
    assert pass_on_offers(at=timezone.now()) == 1
    with person_context(SystemActor("a test looks")):
        wish = EarlierWish.objects.get()
    held = next(each for each in appointments() if each.pk == wish.offered_id)
    link = reverse("appointment_link", args=[appointment_token(held)])
    page = text(Client().get(link))
    assert "U kunt eerder komen" in page
    Client().post(link, {"wat": "ja", "aanbod": "something else"})
    assert len([each for each in appointments() if each.status == "held"]) == 1
    Client().post(link, {"wat": "ja", "aanbod": str(held.pk)})
    moved = next(each for each in appointments() if each.pk == appointment.pk)
    assert moved.begins == soon
    assert Client().get(link).status_code == 200, "opened again, it shows what is agreed"


# --- the team


def test_a_team_books_for_whom_it_brought_in_and_for_nobody_else(fatma, room, samira):
    member = MemberFactory()
    url = reverse("call_for_book", args=[member.initiative.slug, samira.pk])
    team = signed_in(member.user)
    assert team.get(url).status_code == 404
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(
            participant=samira, initiative=member.initiative, reason=AccessReason.BROUGHT_IN, valid_from=timezone.now()
        )
    assert "Samira" in text(team.get(url))
    chosen = choice(fatma, room, weekday(2, 9))
    whom = text(team.get(url, {"keuze": chosen}))
    assert not ARABIC.search(whom), "a team does not read languages"
    assert team.post(url, {"keuze": chosen, "interpreter": ""}).status_code == 302
    (appointment,) = appointments()
    assert (appointment.booked_by, appointment.booked_for) == ("initiative", member.initiative)
    assert "Stadsloket" in text(team.get(url))
    assert signed_in(MemberFactory().user).get(url).status_code == 404
    team.post(url, {"afzeggen": "1"})
    assert appointments()[0].status == "cancelled"


# --- lists


def test_lists_ask_no_more_the_more_they_show(own, samira, fatma, room):
    professional = signed_in(fatma.user)
    hours = iter(range(9, 17))
    day = weekday(3, 9)

    def talk():
        hour = next(hours)
        make_appointment(make_participant(fatma.user), fatma, room, weekday(3, hour), kind="follow_up") if hour % 2 else talk()

    assert_constant_queries(professional, f"{reverse('agenda')}?week={day.date()}", talk)

    def place():
        Availability.objects.create(professional=fatma, place=make_room(InitiativeFactory()).place, opening_hours=OFFICE)

    assert_constant_queries(own, reverse("book"), place)
    assert_constant_queries(professional, reverse("hours"), place)
    assert_constant_queries(signed_in(UserFactory(coordinator=True)), reverse("talk_places"), place)
    url = reverse("appointment_new", args=[make_participant(fatma.user).pk])
    assert_constant_queries(professional, f"{url}?{urlencode({'wie': 'allen'})}", place)
