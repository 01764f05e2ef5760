"""A professional stops: a coordinator says so, a colleague picks somebody up and helps by telephone; and a link with which one chooses."""

import re

import pytest
from playwright.sync_api import expect

from fieldlab.outbox.models import OutboxMessage
from participants.models import Reach
from tests.e2e.browser import PHONE, axe, fits, follow, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_hours, make_room, weekday

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def joost(transactional_db):
    return make_professional(name="Joost Bakker")


@pytest.fixture
def fatma(transactional_db):
    return make_professional(name="Fatma Demir")


@pytest.fixture
def amina(joost):
    """With a talk that no message can call off."""
    participant = make_participant(joost, first_name="Amina", last_name="Warsame", phone="+31200002114", reach=Reach.CALL)
    make_appointment(participant, make_hours(joost, make_room()), make_room(), weekday(5, 9))
    return participant


def looks_right(page):
    axe(page)
    fits(page)


def stops(page, who):
    sign_in(page, UserFactory(coordinator=True, name="Coen de Boer"))
    page.goto("/mijn/")
    follow(page.locator("a[href='/participatieprofessionals/']"))
    follow(page.get_by_role("link", name=re.compile("Stopt hier.*Joost Bakker")))
    page.get_by_label(who).check()


def test_a_professional_stops_and_a_colleague_picks_somebody_up(page, amina, fatma):
    stops(page, "Niemand neemt het nu over")
    looks_right(page)
    follow(page.get_by_role("button", name="Volgende"))
    expect(page.locator("main")).to_contain_text("afgezegd")
    looks_right(page)
    follow(page.get_by_role("button", name="Ja, dit klopt"))
    expect(page.locator("main")).to_contain_text("1 van hen weet nog niet")
    expect(page.locator("body")).not_to_contain_text("Amina")
    looks_right(page)
    sign_in(page, fatma)
    page.goto("/vandaag/")
    expect(page.locator("main")).to_contain_text("Weet nog niet dat het gesprek")
    expect(page.locator("body")).not_to_contain_text("Amina")
    looks_right(page)
    follow(page.get_by_role("button", name="Ik neem over"))
    expect(page.locator("h1")).to_have_text("Amina Warsame")
    looks_right(page)


def test_all_of_it_without_javascript(no_js, browser_errors, amina, joost, fatma):
    browser_errors.allow("status of 422")
    stops(no_js, "Een collega neemt alles over")
    follow(no_js.get_by_role("button", name="Volgende"))
    expect(no_js.locator("main")).to_contain_text("Kies een collega")
    no_js.get_by_label("Welke collega?").select_option(label="Fatma Demir")
    follow(no_js.get_by_role("button", name="Volgende"))
    follow(no_js.get_by_role("button", name="Ja, dit klopt"))
    expect(no_js.locator("main")).to_contain_text("Fatma Demir neemt het over")
    sign_in(no_js, fatma)
    no_js.goto(f"/deelnemers/{amina.pk}/")
    fits(no_js)
    follow(no_js.get_by_role("button", name=re.compile("Zegt: ik kom")))
    expect(no_js.locator("#talks").locator("..")).to_contain_text("zegt: ik kom")
    follow(no_js.get_by_role("button", name=re.compile("eerder", re.IGNORECASE)).first)
    no_js.get_by_text("Afspraak afzeggen").first.click()
    follow(no_js.get_by_role("button", name=re.compile("Ja, afzeggen")))
    expect(no_js.locator("main")).to_contain_text("Er is nog niets afgesproken")


def test_by_keyboard_alone(desk, amina, fatma):
    stops(desk, "Een collega neemt alles over")
    desk.get_by_label("Welke collega?").focus()
    desk.keyboard.type("Fatma")
    for button in ("Volgende", "Ja, dit klopt"):
        desk.get_by_role("button", name=button).focus()
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("Fatma Demir neemt het over")


def test_somebody_chooses_by_a_link(page, new_page, fatma):
    make_hours(fatma, make_room(), languages=["nl"])
    sara = make_participant(fatma, first_name="Sara", reach=Reach.EMAIL, email="sara@demo.example")
    sign_in(page, fatma)
    page.goto(f"/deelnemers/{sara.pk}/afspraak/")
    expect(page.locator("main")).to_contain_text("Deze passen het best")
    looks_right(page)
    follow(page.get_by_role("button", name="Stuur de link"))
    expect(page.locator("main")).to_contain_text("De link is verstuurd")
    address = re.search(r"http://\S+?(/afspraak/kiezen/\S+)", OutboxMessage.objects.get(to="sara@demo.example").text)[1]
    theirs = new_page(PHONE, java_script_enabled=False)
    theirs.goto(address)
    fits(theirs)
    follow(theirs.locator("a[href*='plek=']").first)
    follow(theirs.locator("a[href*='keuze=']").first)
    expect(theirs.locator("main")).to_contain_text("Fatma Demir")
    fits(theirs)
    follow(theirs.locator("main form button[type=submit]").last)
    expect(theirs.locator("h1")).to_have_text("Uw afspraak")
    fits(theirs)
