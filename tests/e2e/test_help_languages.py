"""Arabic on a phone: from right to left, nothing sideways, nothing that axe finds."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, person_context
from participants.actions.codes import give_code
from tests.e2e.browser import axe, fits, follow
from tests.factories.areas import DistrictFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.talks import make_hours, make_room

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def code(transactional_db):
    consent_text("details")
    DistrictFactory(name="Oost")
    professional = make_hours(make_professional(name="Fatma Demir"), make_room(InitiativeFactory(name="Naaiatelier De Draad")))
    participant = make_participant(professional.user, first_name="Samira", birth_year=1984, languages=("ar",), interpreter=True)
    with person_context(SystemActor("a test")):
        return give_code(participant=participant, actor=None, at=timezone.now())


def looks_right(page):
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    # What sticks out on the left of a page from right to left can be scrolled to as well
    sticks_out = "each => each.getBoundingClientRect().left < 0 && !each.matches('.vh, .vh *')"
    assert page.evaluate(f"[...document.querySelectorAll('body *')].filter({sticks_out}).map(each => each.outerHTML)") == []
    axe(page)
    fits(page)


def test_on_a_phone_from_call_me_to_an_appointment(phone, code):
    phone.goto("/bel-mij/")
    phone.locator(".menu summary").click()
    follow(phone.locator(".menu button[value=ar]"))
    looks_right(phone)
    phone.goto("/mijn-gegevens/code/")
    phone.fill("[name=code]", code)
    phone.fill("[name=answer]", "1984")
    follow(phone.locator("main form.blk .btn"))
    looks_right(phone)
    phone.goto("/mijn-gegevens/toestemming/")
    looks_right(phone)
    phone.goto("/afspraak/maken/")
    looks_right(phone)
    follow(phone.locator("main a[href*=plek]").first)
    looks_right(phone)
    follow(phone.locator(".slots a").first)
    looks_right(phone)
    follow(phone.locator("main form .btn").last)
    expect(phone.locator(".note--good").first).to_be_visible()
    looks_right(phone)
    phone.goto("/mijn-gegevens/")
    follow(phone.locator(".when a.more"))
    looks_right(phone)
    follow(phone.locator("a[href*=verzetten]"))
    looks_right(phone)
    follow(phone.locator(".slots a").first)
    looks_right(phone)
    phone.goto("/mijn-gegevens/wie-keek/")
    looks_right(phone)
    phone.goto("/")
    looks_right(phone)
    phone.goto("/kaart/")
    expect(phone.locator("html")).to_have_attribute("lang", "nl")


def test_without_javascript_the_dutch_is_a_tap_away(no_js, code):
    no_js.context.add_cookies([{"name": "language", "value": "ar", "domain": "localhost", "path": "/"}])
    no_js.goto("/bel-mij/")
    expect(no_js.locator("html")).to_have_attribute("lang", "ar")
    follow(no_js.locator(".note button[value=nl]"))
    expect(no_js.locator("html")).to_have_attribute("lang", "nl")
    expect(no_js.locator("h1")).to_have_text("Bel mij")
