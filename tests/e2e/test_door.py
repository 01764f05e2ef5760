"""A volunteer turns the phone to a visitor; a team types for somebody; a professional hears the yes. Also without JavaScript."""

import pytest
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, person_context
from participants.models import CallRequest, Participant
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import ask_for_call, make_professional

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ALWAYS = {"week": [[day, 0, 1440] for day in range(7)], "exceptions": []}
# Speech itself is the machine's; what is said to it is the page's. A headless browser has no voice that would ever end.
LISTEN = """
    window.said = [];
    speechSynthesis.speak = (piece) => { said.push([piece.lang, piece.text]); };
"""


@pytest.fixture
def place(transactional_db):
    place = InitiativeFactory(name="Buurthuis De Meevaart", slug="meevaart", opening_hours=ALWAYS, area__name="Dapperbuurt")
    MemberFactory(initiative=place, user=UserFactory(name="Joke"))
    return place


def asked():
    with person_context(SystemActor("a test looks")):
        return CallRequest.objects.count()


def good(page):
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)


def test_call_me_and_not_after_all(phone, place, browser_errors):
    browser_errors.allow("422")
    phone.goto("/")
    good(phone)
    follow(phone.locator(".three").get_by_role("link", name="Bel mij"))
    good(phone)
    follow(phone.get_by_role("button", name="Bel mij"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    good(phone)
    phone.get_by_label(place.area.parent.parent.name).check()
    phone.locator(".wishes summary").click()
    phone.get_by_label("ochtend").check()
    phone.get_by_label("Telefoonnummer").fill("06 12 34 56 78")
    follow(phone.get_by_role("button", name="Bel mij"))
    expect(phone.locator("h1")).to_have_text("Wij bellen u")
    good(phone)
    assert "klaar" in phone.url
    phone.locator(".number summary").click()
    phone.get_by_label("Uw nummer").fill("06 12")
    follow(phone.get_by_role("button", name="Bewaar dit nummer"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    good(phone)
    phone.get_by_label("Uw nummer").fill("06 87 65 43 21")
    follow(phone.get_by_role("button", name="Bewaar dit nummer"))
    expect(phone.locator(".number .lead")).to_have_text("06 87 65 43 21")
    assert asked() == 1
    follow(phone.get_by_role("button", name="wis mijn nummer"))
    expect(phone.get_by_role("status")).to_contain_text("gewist")
    assert asked() == 0


def test_everything_of_a_visitor_without_javascript(no_js, place):
    no_js.goto(place.get_absolute_url())
    follow(no_js.locator(".three").get_by_role("link", name="Bel mij"))
    expect(no_js.get_by_role("button", name="Voorlezen")).to_be_hidden()
    no_js.get_by_label("Telefoonnummer").fill("0612345678")
    follow(no_js.get_by_role("button", name="Bel mij"))
    expect(no_js.get_by_text("Buurthuis De Meevaart belt u")).to_be_visible()
    follow(no_js.get_by_role("link", name="Ik kom liever langs"))
    expect(no_js.locator(".lines h3")).to_have_text(["Buurthuis De Meevaart"])
    fits(no_js)
    no_js.goto("/ik-kom-langs/")
    follow(no_js.locator("main").get_by_role("link", name=place.area.parent.parent.name))
    expect(no_js.get_by_role("heading", name="Nu open")).to_be_visible()


def test_i_will_come_by(phone, place):
    phone.goto("/ik-kom-langs/")
    good(phone)
    phone.goto(f"/ik-kom-langs/?gebied={place.area.code}")
    good(phone)


def test_read_aloud_and_stop(phone, place):
    phone.add_init_script(LISTEN)
    phone.goto("/bel-mij/")
    button = phone.locator("[data-read-aloud]")
    expect(button).to_have_text("Voorlezen")
    button.click()
    expect(button).to_have_text("Stop met lezen")
    assert phone.evaluate("said[0]") == ["nl", "Bel mij"]
    button.click()
    expect(button).to_have_text("Voorlezen")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_team_and_a_professional(desk, place):
    ask_for_call(area=place.area, initiative=place, first_name="Ewa")
    sign_in(desk, place.members.get().user)
    desk.goto("/initiatieven/meevaart/bel-voor-iemand/")
    good(desk)
    desk.get_by_label("Ja", exact=True).check()
    desk.get_by_label("Voornaam").fill("Yordanos")
    desk.get_by_label("Telefoonnummer").fill("06 12 34 56 78")
    follow(desk.get_by_role("button", name="Doorgeven"))
    good(desk)
    follow(desk.get_by_role("button", name="Gesproken"))
    good(desk)
    follow(desk.get_by_role("button", name="Ja: doorgeven"))
    expect(desk.locator("h3")).to_have_text(["Ewa", "Yordanos"])
    desk.goto("/mijn-gegevens/beginnen/")
    good(desk)

    professional = make_professional(name="Fatma Demir")
    desk.context.clear_cookies()
    sign_in(desk, professional)
    desk.goto("/deelnemers/nieuw/")
    good(desk)
    desk.goto("/vandaag/")
    follow(desk.get_by_role("button", name="Afspraak").first)
    good(desk)
    follow(desk.get_by_role("button", name="Ja, voeg toe"))
    expect(desk.locator("h1")).to_be_visible()
    with person_context(SystemActor("a test looks")):
        assert Participant.objects.count() == 1
        assert CallRequest.objects.count() == 1
