"""Booking in a real browser: a participant with a code, the link in a message, a professional's week."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, person_context
from participants.actions.codes import give_code
from participants.models import Appointment
from participants.notifications.links import appointment_token
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_hours, make_room, weekday

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fatma():
    room = make_room(InitiativeFactory(name="Naaiatelier De Draad", accessibility=["step_free"]), quiet=True)
    return make_hours(make_professional(name="Fatma Demir"), room)


@pytest.fixture
def samira(fatma):
    return make_participant(fatma.user, first_name="Samira", birth_year=1984, languages=("ar",), interpreter=True)


def enters(browser_page, participant):
    """With the code on a card."""
    with person_context(SystemActor("a test")):
        code = give_code(participant=participant, actor=None, at=timezone.now())
    browser_page.goto(reverse("book"))
    browser_page.fill("[name=code]", code)
    browser_page.fill("[name=answer]", "1984")
    follow(browser_page.locator("main form .btn").first)


def agreed():
    with person_context(SystemActor("a test")):
        return Appointment.objects.agreed().get()


def test_a_participant_chooses_where_when_and_reads_whom(phone, samira, fatma):
    enters(phone, samira)
    expect(phone.locator("h1")).to_contain_text("Waar wilt u praten?")
    fits(phone)
    axe(phone)
    follow(phone.get_by_role("link", name="Naaiatelier De Draad"))
    fits(phone)
    axe(phone)
    follow(phone.locator(".slots a").first)
    expect(phone.locator("main")).to_contain_text("Fatma Demir beslist niet over uw uitkering.")
    fits(phone)
    axe(phone)
    follow(phone.get_by_role("button", name="Deze afspraak maken"))
    expect(phone.locator("h1")).to_contain_text("Uw afspraak")
    fits(phone)
    axe(phone)
    assert agreed().interpreter_language == "ar"


def test_all_of_it_without_javascript_by_code_then_by_link(no_js, samira, fatma):
    enters(no_js, samira)
    follow(no_js.get_by_role("link", name="Naaiatelier De Draad"))
    follow(no_js.locator(".slots a").nth(1))
    follow(no_js.get_by_role("button", name="Deze afspraak maken"))
    begins = agreed().begins
    no_js.context.clear_cookies()
    no_js.goto(reverse("appointment_link", args=[appointment_token(agreed())]))
    follow(no_js.get_by_role("button", name="Ik kom"))
    expect(no_js.locator("main")).to_contain_text("U hebt gezegd dat u komt.")
    follow(no_js.get_by_role("link", name="Een andere tijd"))
    follow(no_js.locator(".slots a").first)
    assert agreed().begins == begins
    follow(no_js.get_by_role("button", name="Ja, verzetten"))
    assert agreed().begins != begins
    follow(no_js.get_by_role("link", name="Afzeggen"))
    follow(no_js.get_by_role("button", name="Ja, afzeggen"))
    expect(no_js.locator("h1")).to_contain_text("afgezegd")


def test_who_comes_second_chooses_one_of_three(phone, samira, fatma, browser_errors):
    browser_errors.allow("409")
    enters(phone, samira)
    follow(phone.get_by_role("link", name="Naaiatelier De Draad"))
    follow(phone.locator(".slots a").first)
    value = phone.locator("[name=keuze]").get_attribute("value")
    begins = timezone.datetime.fromtimestamp(int(value.split("-")[0]), tz=timezone.get_current_timezone())
    make_appointment(make_participant(fatma.user), fatma, fatma.availabilities.get().place.rooms.get(), begins)
    follow(phone.get_by_role("button", name="Deze afspraak maken"))
    expect(phone.locator("h1")).to_contain_text("net bezet")
    expect(phone.get_by_role("button", name="Kiezen")).to_have_count(3)
    fits(phone)
    axe(phone)
    follow(phone.get_by_role("button", name="Kiezen").first)
    expect(phone.locator("h1")).to_contain_text("Uw afspraak")


def test_a_professionals_week_and_hours(desk, samira, fatma):
    room = fatma.availabilities.get().place.rooms.get()
    appointment = make_appointment(samira, fatma, room, weekday(3, 9), interpreter_language="ar")
    sign_in(desk, fatma.user)
    desk.goto(f"{reverse('agenda')}?week={timezone.localdate(appointment.begins)}")
    expect(desk.locator("main")).to_contain_text("Samira")
    fits(desk)
    axe(desk)
    desk.locator("summary", has_text="Meer").click()
    desk.get_by_label("De tolk").select_option("confirmed")
    follow(desk.get_by_role("button", name="Bewaar"))
    expect(desk.locator(".talk")).to_contain_text("Arabisch: tolk komt")
    follow(desk.get_by_role("link", name="Verzetten"))
    fits(desk)
    axe(desk)
    follow(desk.locator(".slots a").first)
    axe(desk)
    follow(desk.get_by_role("button", name="Verzetten naar deze tijd"))
    for name, arguments in (("hours", []), ("hours_place", [room.place_id]), ("hours_planning", [])):
        desk.goto(reverse(name, args=arguments))
        fits(desk)
        axe(desk)


def test_a_coordinator_keeps_the_places(desk, fatma):
    sign_in(desk, UserFactory(coordinator=True))
    place = fatma.availabilities.get().place
    for name, arguments in (("talk_places", []), ("talk_place_new", []), ("talk_place", [place.pk])):
        desk.goto(reverse(name, args=arguments))
        fits(desk)
        axe(desk)
