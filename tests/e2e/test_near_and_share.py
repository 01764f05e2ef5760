"""What asks something of the browser itself: where it is, its clipboard and its printer."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from fieldlab.lib.geo import Point
from tests.e2e.browser import PHONE, axe, fits
from tests.factories.areas import NeighbourhoodFactory, square
from tests.factories.initiatives import InitiativeFactory, make_contact

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HERE = {"latitude": 52.3604321, "longitude": 4.9198765}
PAPER = {"width": 695, "height": 1024}  # A4 between its margins
# In the order of their names the last is the first here
PLACES = [("Atelier Ver", 4.944), ("Buurthuis Midden", 4.931), ("Café Dichtbij", 4.921)]
ALWAYS = {"week": [[day, 0, 1440] for day in range(7)], "exceptions": []}


@pytest.fixture
def page(new_page):
    """At one width: what is asked here has nothing to do with it, and tests/e2e/test_map.py looks at both."""
    return new_page(PHONE)


@pytest.fixture
def area(transactional_db):
    centre = Point(4.93, 52.36)
    area = NeighbourhoodFactory(name="Javabuurt", code="MB01", centre=centre, boundary=square(centre))
    for name, lon in PLACES:
        InitiativeFactory(name=name, area=area, location=Point(lon, 52.3604), opening_hours=ALWAYS)
    InitiativeFactory(name="Dierenweide", summary="Schapen.", activity="garden", area=area, location=Point(4.920, 52.3604))
    return area


@pytest.fixture
def profile(area):
    """The address of the page of a place that is always open."""
    return area.initiatives.get(name="Café Dichtbij").get_absolute_url()


def names(page):
    return page.locator("#results [data-key] h2")


def near_me(page):
    return page.get_by_role("button", name="Bij mij")


def said(page):
    return page.locator("[data-near-said]")


def test_near_me_puts_the_nearest_on_top(page, area):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto("/kaart/")
    page.fill("#q", "sew")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text([name for name, _lon in PLACES])
    expect(page).to_have_url(re.compile("q=sew"))
    near_me(page).click()  # the button that came with the answer works too
    page.wait_for_url(re.compile("bij="))
    expect(page).to_have_url(re.compile(r"/kaart/\?q=sew&bij=52\.360(,|%2C)4\.920$"))
    expect(names(page)).to_have_text([name for name, _lon in reversed(PLACES)])
    expect(page.locator("#results [data-key]").first).to_contain_text("2 minuten lopen")
    # Not by the address, nor in any other way: nobody hears it more exactly than to a hundred metres
    assert not [each for each in sent if "52.3604" in each or "4.9198" in each]
    axe(page)
    fits(page)


def test_who_does_not_say_where_they_are_reads_what_to_do(page, area):
    page.context.grant_permissions([])  # asked for nothing else: refused
    page.goto("/kaart/?q=sew")
    url, found = page.url, names(page).all_inner_texts()
    page.evaluate("window.same = true")
    near_me(page).click()
    expect(said(page)).to_have_text("Uw telefoon of computer zegt niet waar u bent. Typ uw postcode.")
    assert (page.url, names(page).all_inner_texts()) == (url, found)
    assert page.evaluate("window.same")
    expect(page.locator("#postcode")).to_be_editable()
    axe(page)
    fits(page)


def test_what_a_browser_cannot_do_is_not_offered(no_js, profile):
    no_js.goto("/kaart/")
    expect(near_me(no_js)).to_have_count(0)
    no_js.goto(profile)
    expect(no_js.get_by_role("link", name="Met WhatsApp")).to_be_visible()
    expect(no_js.locator("[data-share]:visible")).to_have_count(0)


def test_the_link_goes_to_the_clipboard(page, area, profile):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for address in (profile, f"/gebieden/{area.code}/"):
        page.goto(address)
        page.get_by_role("button", name="Kopieer de link").click()
        expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
        expect(page.locator("[data-share-said][role=status]")).to_have_text("Gekopieerd")
        assert page.evaluate("navigator.clipboard.readText()") == settings.SITE_URL + address
        axe(page)
        fits(page)


def test_the_print_button_prints(page, area, profile):
    page.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1 }")
    for address in (profile, f"/gebieden/{area.code}/"):
        page.goto(address)
        page.get_by_role("button", name="Druk deze pagina af").click()
        page.wait_for_function("() => window.printed === 1")


@pytest.fixture
def paper(new_page):
    return new_page(PAPER)


def printed(paper, address):
    """Nothing to press, and nothing of the site around it."""
    paper.goto(address)
    assert paper.locator(".noprint:visible").count() > 1
    paper.emulate_media(media="print")
    for surroundings in (".mast nav", ".menu", ".util", ".crumb", ".foot", ".helpbar", ".skip", ".noprint", ".map--s"):
        expect(paper.locator(f"{surroundings}:visible")).to_have_count(0)
    expect(paper.locator("h1")).to_be_visible()
    fits(paper)


def number_on(paper, tel, shown):
    expect(paper.locator(f"a[href='tel:{tel}']")).to_be_visible()
    expect(paper.locator(f"a[href='tel:{tel}']")).to_contain_text(shown)


def test_a_profile_on_paper(paper, profile):
    printed(paper, profile)
    expect(paper.locator(".way-there").get_by_text("Javastraat 112, 1094 HP Amsterdam")).to_be_visible()
    expect(paper.locator("table.hours tr:visible")).to_have_count(7)
    number_on(paper, "+31200000456", "020 000 04 56")
    expect(paper.get_by_text(settings.SITE_URL + profile, exact=True)).to_be_visible()  # for who reads the paper


def test_an_area_on_paper(paper, area):
    make_contact(area, name="Anneke de Wit")
    printed(paper, f"/gebieden/{area.code}/")
    card = paper.locator(".card", has_text="Café Dichtbij")
    expect(card.get_by_text("Javastraat 112, Javabuurt")).to_be_visible()
    expect(card.locator(".open")).to_be_visible()
    expect(paper.get_by_role("heading", name="Anneke de Wit")).to_be_visible()
    number_on(paper, "+31200000301", "020 000 03 01")
