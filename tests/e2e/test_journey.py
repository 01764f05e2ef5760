"""The first journey: somebody registers an initiative, a boundary spanner publishes it, everybody finds it on the map."""

import re

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.areas import pdok
from fieldlab.areas.models import Postcode4
from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from tests.e2e.browser import DESK, axe, sign_in
from tests.factories.areas import NeighbourhoodFactory, square
from tests.factories.initiatives import InitiativeFactory, make_spanner
from tests.servers.pdok import pdok as pdok_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def java_buurt(transactional_db):
    pdok.forget_failure()
    centre, above = Point(4.94, 52.363), {"parent__name": "Indische Buurt", "parent__parent__name": "Oost", "parent__parent__code": "M"}
    area = NeighbourhoodFactory(name="Javabuurt", code="MB01", centre=centre, boundary=square(centre), **above)
    Postcode4.objects.create(digits="1094", centre=Point(4.9405, 52.3632), learned_at=timezone.now())
    InitiativeFactory(name="Huis aan het Plein", slug="huis-aan-het-plein", kind="community_centre", activity="house", area=area)
    with pdok_server() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url):
        yield area


def looks_right(page, javascript=True):
    expect(page.locator("h1")).to_have_count(1)
    if javascript:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


def submit(page):
    page.locator("#step button.btn[type=submit]").click()


def register(page, javascript=True):
    page.goto("/initiatieven/nieuw/")
    looks_right(page, javascript)
    page.locator("button[name=new]").click()
    looks_right(page, javascript)

    page.locator("[name=name]").fill("Naaiatelier De Draad")
    page.locator("[name=kind][value=social_enterprise]").check()
    page.locator("[name=activity][value=sewing]").check()
    submit(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Naaiatelier De Draad")
    looks_right(page, javascript)
    page.locator("[name=summary]").fill("Samen naaien en kleding maken.")
    submit(page)

    expect(page).to_have_url(re.compile("/waar/$"))
    page.locator("[name=postcode]").fill("1094")
    page.locator("[name=house_number]").fill("112")
    submit(page)
    expect(page.locator("[data-error-summary] a")).to_have_count(2)
    looks_right(page, javascript)
    page.locator("[name=postcode]").fill("1094 hp")
    page.locator("[name=access][value=walk_in]").check()
    submit(page)

    expect(page).to_have_url(re.compile("/bereiken/$"))
    looks_right(page, javascript)
    page.locator("[name=contact_name]").fill("Nadia")
    page.locator("[name=phone]").fill("020 000 04 56")
    expect(page.locator("[name=phone_public]")).not_to_be_checked()
    page.locator("[name=phone_public]").check()
    page.locator("[name=email]").fill("nadia@demo.example")
    submit(page)

    expect(page).to_have_url(re.compile("/controle/$"))
    expect(page.get_by_text("Javastraat 112, 1094 HP Amsterdam")).to_be_visible()
    looks_right(page, javascript)
    submit(page)
    expect(page).to_have_url(re.compile("/klaar/$"))
    looks_right(page, javascript)


def publish(page, spanner, javascript=True):
    sign_in(page, spanner)
    page.goto("/moderatie/")
    looks_right(page, javascript)
    page.get_by_role("link", name="Naaiatelier De Draad").click()
    looks_right(page, javascript)
    page.locator("[name=decision][value=published]").check()
    page.locator("[name=message]").fill("Mooi, welkom.")
    page.locator("form:has([name=decision]) button.btn").click()
    expect(page).to_have_url(re.compile("/moderatie/$"))


def find(page, javascript=True):
    """From the map's list to the page itself."""
    page.goto("/kaart/")
    expect(page.get_by_role("link", name="Naaiatelier De Draad")).to_be_visible()
    looks_right(page, javascript)
    page.goto("/kaart/?q=naaiatelier")
    expect(page.get_by_role("link", name="Huis aan het Plein")).to_have_count(0)
    page.get_by_role("link", name="Naaiatelier De Draad").click()
    expect(page.locator("h1")).to_have_text("Naaiatelier De Draad")
    expect(page.locator("a[href='tel:+31200000456']")).to_be_visible()
    looks_right(page, javascript)
    page.goto("/gebieden/M/")
    expect(page.get_by_role("link", name="Naaiatelier De Draad")).to_be_visible()
    looks_right(page, javascript)


def told(key):
    return list(OutboxMessage.objects.filter(key__startswith=key).values_list("to", flat=True))


def journey(page, desk, area, javascript=True):
    spanner = make_spanner(area.parent.parent, name="Lucia")
    register(page, javascript)
    assert told("initiative-received") == told("invitation") == ["nadia@demo.example"]
    assert told("initiative-submitted") == [spanner.email]
    page.goto("/kaart/")
    expect(page.get_by_role("link", name="Naaiatelier De Draad")).to_have_count(0)
    publish(desk, spanner, javascript)
    assert told("initiative-decision") == ["nadia@demo.example"]
    assert "Mooi, welkom." in OutboxMessage.objects.get(key__startswith="initiative-decision").text
    assert Initiative.objects.get(slug="naaiatelier-de-draad").location == Point(4.93945, 52.36352)
    find(page, javascript)


def test_register_publish_mail_map(page, new_page, java_buurt, browser_errors):
    browser_errors.allow("422")  # an answer left out on purpose
    journey(page, new_page(DESK), java_buurt)


def test_the_same_without_javascript(no_js, new_page, java_buurt, browser_errors):
    browser_errors.allow("422")
    journey(no_js, new_page(DESK, java_script_enabled=False), java_buurt, javascript=False)


def test_changes_asked_and_made_by_the_link_in_the_mail(desk, new_page, java_buurt):
    spanner = make_spanner(java_buurt.parent.parent, name="Lucia")
    initiative = InitiativeFactory(submitted=True, name="Soep op de Stoep", slug="soep", area=java_buurt, email="bennie@demo.example")
    sign_in(desk, spanner)
    desk.goto("/moderatie/soep/")
    desk.locator("[name=decision][value=changes_requested]").check()
    desk.locator("[name=message]").fill("Op welke dag is de soep?")
    desk.locator("form:has([name=decision]) button.btn").click()
    expect(desk).to_have_url(re.compile("/moderatie/$"))
    looks_right(desk)

    phone = new_page({"width": 360, "height": 800})
    mail = OutboxMessage.objects.get(to="bennie@demo.example").text
    phone.goto(re.search(r"/initiatieven/wijzigen/\S+", mail)[0])
    expect(phone.get_by_text("Op welke dag is de soep?")).to_be_visible()
    looks_right(phone)
    phone.locator("main form button.btn").click()
    expect(phone).to_have_url(re.compile("/bewerken/$"))
    looks_right(phone)
    phone.locator("[name=summary]").fill("Elke dinsdag om zes uur eten wij soep op de stoep.")
    phone.locator("button[name=submit]").click()
    expect(phone).to_have_url(re.compile("/klaar/$"))
    initiative.refresh_from_db()
    assert (initiative.status, initiative.summary) == ("submitted", "Elke dinsdag om zes uur eten wij soep op de stoep.")


def test_with_the_address_service_down_the_pin_is_placed_by_keyboard(desk, java_buurt, browser_errors):
    browser_errors.allow("422|503")
    with override_settings(PDOK_LOCATIESERVER_URL="http://127.0.0.1:9/closed"):
        desk.goto("/initiatieven/nieuw/")
        desk.locator("button[name=new]").click()
        desk.locator("[name=name]").fill("Tuin Achter Twaalf")
        desk.locator("[name=kind][value=self_managed]").check()
        desk.locator("[name=activity][value=garden]").check()
        desk.locator("[name=summary]").fill("Groente en bloemen.")
        submit(desk)
        desk.locator("[name=postcode]").fill("1094 HP")
        desk.locator("[name=house_number]").fill("12")
        desk.locator("[name=access][value=walk_in]").check()
        submit(desk)
        expect(desk.locator("[data-error-summary]")).to_be_visible()
        looks_right(desk)
        desk.locator("[name=street]").fill("Valentijnkade")
        canvas = desk.locator("[data-point-picker] [role=application]")
        canvas.focus()
        canvas.press("Enter")
        expect(desk.locator("[name=lon]")).not_to_have_value("")
        submit(desk)
        expect(desk).to_have_url(re.compile("/bereiken/$"))
    draft = Initiative.objects.get(name="Tuin Achter Twaalf")
    assert draft.location
    assert (draft.area, draft.street_and_number) == (java_buurt, "Valentijnkade 12")
