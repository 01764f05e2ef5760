"""The map page as people use it: list and map in step, by keyboard, and without JavaScript."""

import base64
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from fieldlab.areas import sample
from fieldlab.areas.actions import area_at
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from initiatives import map_document
from initiatives.map_document import publish
from initiatives.models import Initiative
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_contact

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PLACES = [
    ("Naaiatelier De Draad", "sewing", "social_enterprise", "Samen naaien.", (4.9394, 52.3635)),
    ("Huis aan het Plein", "house", "community_centre", "Naaien voor beginners.", (4.9482, 52.3647)),
    ("Taalcafé Dapper", "language", "residents_group", "Nederlands oefenen.", (4.9270, 52.3630)),
    ("Bijlmer Bouwt", "repair", "self_managed", "Werkplek voor plannen.", (4.9780, 52.3180)),
]


@pytest.fixture(autouse=True)
def network(transactional_db):
    sample.load(datetime(2026, 12, 1, tzinfo=UTC))
    for name, activity, kind, summary, place in PLACES:
        point = Point(*place)
        InitiativeFactory(name=name, activity=activity, kind=kind, summary=summary, location=point, area=area_at(point))


HITS = "#results [data-key]"

# Without words the map leaves `q` out of a question: the last thing that it learns when it has its places.
HAS_ITS_PLACES = """() => {
  const parameters = { q: "" };
  document.dispatchEvent(new CustomEvent("htmx:configRequest", { detail: { parameters } }));
  return !("q" in parameters);
}"""


def open_map(page, question=""):
    """And wait for its places: until then it draws its signs once more by itself."""
    page.goto(f"/kaart/{question}")
    page.wait_for_function(HAS_ITS_PLACES)


def pins(page):
    return page.locator("#map-box .pin")


def names(page):
    return page.locator("#results [data-key] h2")


def focused(page, within="body"):
    return page.locator(f"{within} :focus")


WHERE = "() => document.querySelector('#map .leaflet-map-pane').style.transform"


def test_searching_keeps_list_and_map_in_step(page):
    open_map(page)
    expect(page.locator("#map-box .leaflet-container")).to_be_visible()
    page.fill("#q", "naaien")
    page.fill("#postcode", "1094")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text(["Naaiatelier De Draad", "Huis aan het Plein"])
    expect(page).to_have_url(re.compile("q=naaien"))
    for label in ("1. Naaiatelier De Draad", "2. Huis aan het Plein"):
        expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()
    expect(pins(page)).to_have_count(2)
    expect(page.locator("#map-status")).not_to_be_empty()
    axe(page)
    if not page.locator("#doet-house").is_visible():
        page.locator("#more-filters > summary").click()
    page.locator("label.chip", has=page.locator("#doet-house")).click()
    expect(page.locator(HITS)).to_have_count(1)
    expect(pins(page)).to_have_count(1)
    expect(page.locator("#doet-house")).to_be_focused()
    page.go_back()
    expect(page.locator(HITS)).to_have_count(2)
    fits(page)


def test_pointing_at_one_marks_the_other(desk):
    open_map(desk, "?q=naaien&postcode=1094")
    expect(pins(desk)).to_have_count(2)
    desk.locator(HITS).nth(1).hover()
    expect(desk.locator("#map-box .pin--on")).to_have_attribute("aria-label", "2. Huis aan het Plein")
    pins(desk).filter(has_text="De Draad").hover()
    expect(desk.locator("#results [data-key][aria-current]")).to_contain_text("De Draad")


def test_by_keyboard_through_the_map_and_out_again(desk):
    open_map(desk, "?q=naaien&postcode=1094")
    expect(pins(desk)).to_have_count(2)
    desk.locator("#map").focus()
    before = desk.evaluate("document.querySelector('#map .leaflet-map-pane').getBoundingClientRect().x")
    desk.keyboard.press("ArrowRight")
    desk.wait_for_function("x => document.querySelector('#map .leaflet-map-pane').getBoundingClientRect().x !== x", arg=before)
    for label in ("2. Huis aan het Plein", "1. Naaiatelier De Draad"):  # as one reads: from above
        desk.keyboard.press("Tab")
        expect(focused(desk)).to_have_attribute("aria-label", label)
    desk.keyboard.press("Enter")
    expect(focused(desk, "#results")).to_have_text("Naaiatelier De Draad")
    pins(desk).first.focus()
    desk.keyboard.press("Escape")
    expect(focused(desk, "#results")).to_be_visible()


def test_places_close_together_are_one_button_that_zooms_in(desk):
    for number in range(5):
        point = Point(4.9394 + number / 20000, 52.3635)
        InitiativeFactory(name=f"Buren {number}", location=point, area=area_at(point))
    open_map(desk)
    cluster = desk.locator("#map-box .clus").first
    expect(cluster).to_be_visible()
    expect(cluster).to_have_attribute("aria-label", re.compile("6 .*Indische Buurt West"))
    count = desk.locator("#map-box .clus, #map-box .pin").count()
    cluster.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#map-box .clus, #map-box .pin")).not_to_have_count(count)
    expect(focused(desk, "#map-box")).to_be_visible()


def crowd(count, where=(4.9394, 52.3635), step=1e-6):
    """So many places about one spot, in the order of their names."""
    for number in range(count):
        point = Point(where[0] + number * step, where[1])
        InitiativeFactory(name=f"Drukte {number:02}", summary="Iets voor de buurt.", location=point, area=area_at(point))


def labels(page):
    return page.locator("#map-box .pin, #map-box .clus").evaluate_all("signs => signs.map(sign => sign.ariaLabel)")


def test_the_nearest_hits_keep_their_own_sign_however_close_they_are(page):
    crowd(12)
    open_map(page, "?bij=52.364,4.939")
    expect(pins(page)).not_to_have_count(0)
    page.locator("#map-box .clus").first.wait_for()
    boxes = {
        int(label): pin.bounding_box() for pin in pins(page).all() if (label := pin.get_attribute("aria-label").split(".")[0]).isdigit()
    }
    assert set(range(1, 7)) <= set(boxes), "the six nearest are numbered on the map"
    numbers = sorted(boxes)
    for i in numbers[:6]:
        for j in numbers[:6]:
            if i < j:
                apart = max(abs(boxes[i]["x"] - boxes[j]["x"]), abs(boxes[i]["y"] - boxes[j]["y"]))
                assert apart > 20, f"{i} covers {j}"
    assert any("zoom in" in label for label in labels(page)), "the others are together"
    axe(page)


def test_from_far_away_districts_are_counted_and_lead_nearer(page):
    crowd(40, step=1e-4)
    open_map(page)
    expect(page.locator("#map-box .clus, #map-box .pin")).not_to_have_count(0)
    while page.locator("#map-box .zoom button").nth(1).get_attribute("aria-disabled") == "false":
        page.locator("#map-box .zoom button").nth(1).click()
    district = page.get_by_role("button", name="in Oost, zoom in")
    expect(district).to_be_visible()
    expect(district).to_have_attribute("aria-label", re.compile("43"))
    district.focus()
    page.keyboard.press("Enter")
    expect(district).to_have_count(0)
    expect(focused(page, "#map-box")).to_be_visible()


def test_a_place_that_the_list_does_not_show_comes_on_a_card(page):
    crowd(43, where=(4.90, 52.37), step=1e-7)
    page.goto("/kaart/?q=drukte")
    expect(page.locator(HITS)).to_have_count(40)
    card = page.locator("#map-card")
    open_map(page, "?doet=sewing&page=2")
    expect(page.locator("#map-box .clus, #map-box .pin")).not_to_have_count(0)
    other = Initiative.objects.get(name="Drukte 00")
    page.evaluate("key => { location.hash = `plek-${key}` }", other.pk)
    expect(card).to_contain_text("Drukte 00")
    expect(focused(page)).to_have_text("Drukte 00")
    axe(page)
    page.go_back()
    expect(card).to_have_count(0)
    page.go_forward()
    expect(card).to_contain_text("Drukte 00")
    follow(card.get_by_role("link"))
    expect(page).to_have_url(re.compile("/initiatieven/"))
    page.go_back()
    expect(card).to_contain_text("Drukte 00")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_enter_on_a_sign_opens_the_card_and_back_closes_it(desk):
    crowd(40, where=(4.85, 52.37))  # they fill the first page, so De Draad is on the second
    open_map(desk, "?doet=sewing&bij=52.370,4.850")
    expect(desk.locator(HITS)).to_have_count(40)
    desk.locator("#map-box .beyond").click()
    sign = desk.get_by_role("button", name="Naaiatelier De Draad")
    sign.focus()
    desk.keyboard.press("Enter")
    card = desk.locator("#map-card")
    expect(card).to_contain_text("Samen naaien.")
    expect(focused(desk, "#map-card")).to_be_visible()
    expect(desk).to_have_url(re.compile("#plek-"))
    desk.go_back()
    expect(card).to_have_count(0)
    expect(desk.locator(HITS)).to_have_count(40)


def test_searching_in_a_piece_of_the_map_stands_in_the_address(page):
    open_map(page)
    expect(pins(page)).not_to_have_count(0)
    here = page.locator("#map-box .again")
    expect(here).to_be_hidden()
    page.locator("#map").focus()
    page.keyboard.press("+")
    expect(here).to_be_visible()
    before, url = page.locator(HITS).count(), page.url
    page.locator("#map").focus()
    for _ in range(3):
        page.keyboard.press("+")
    here.click()
    expect(page).to_have_url(re.compile(r"vak=4\.\d+(,|%2C)52\.\d+"))
    expect(page.locator(HITS)).not_to_have_count(before)
    found = names(page).all_inner_texts()
    expect(here).to_be_hidden()
    expect(page.locator("#results-heading")).to_be_focused()
    page.reload()
    expect(names(page)).to_have_text(found)  # the address holds it
    page.go_back()
    expect(page).to_have_url(url)
    expect(page.locator(HITS)).to_have_count(before)


def test_by_viewport_it_looks_the_same(desk, monkeypatch):
    monkeypatch.setattr(map_document, "MOST_IN_ONE", 3)
    crowd(12)
    publish(at=datetime(2026, 12, 1, tzinfo=UTC))
    asked = []
    desk.on("request", lambda request: asked.append(request.url) if "vak.json" in request.url else None)
    open_map(desk, "?bij=52.364,4.939")
    expect(desk.get_by_role("button", name=re.compile("Indische Buurt.*zoom in"))).to_be_visible()
    expect(desk.locator("#map-box .clus")).to_have_count(1)
    assert {"1", "2", "3", "4", "5", "6"} <= {label.split(".")[0] for label in labels(desk)}
    assert asked
    assert all("beeld=" in url and "zonder=" in url for url in asked)
    total = sum(int(re.match(r"\d+", label)[0]) if "zoom in" in label else 1 for label in labels(desk))
    with desk.expect_response("**/vak.json?*"):
        desk.locator("#map-box .zoom button").nth(1).click()
    desk.locator("#map-box .clus").first.wait_for()
    assert total >= 13


def test_contact_persons_have_their_own_sign(page):
    make_contact(Area.objects.get(level="district", name="Oost"), name="Anneke de Wit")
    open_map(page, "?toon=aanspreekpunten")
    sign = page.locator("#map-box .pin--contact")
    expect(sign).to_have_attribute("aria-label", re.compile("Anneke de Wit.*Oost"))
    axe(page)
    sign.focus()
    page.keyboard.press("Enter")
    expect(focused(page, "[data-contact]")).to_be_visible()


def test_when_the_places_do_not_arrive_the_list_stands(page, browser_errors):
    browser_errors.allow("Failed to load resource")
    page.route("**/kaart/punten/*", lambda route: route.abort())
    page.goto("/kaart/?q=naaien&postcode=1094")
    expect(page.locator("#map-box .map__note")).to_be_visible()
    expect(page.locator(HITS)).to_have_count(2)
    expect(pins(page)).to_have_count(2)


def test_no_third_party_is_asked_but_the_tile_server(desk):
    asked = set()
    desk.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    open_map(desk)
    expect(pins(desk)).not_to_have_count(0)
    expect(desk.locator(".sketch")).to_have_count(1)
    assert len(asked) == 1


def test_with_tiles_their_source_is_named(desk):
    tile = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
    desk.route("**/tegels/**", lambda route: route.fulfill(body=tile, content_type="image/png"))
    with override_settings(MAP_TILE_URL="/tegels/{z}/{x}/{y}.png", MAP_TILE_ATTRIBUTION="Kaartgegevens © Kadaster"):
        desk.goto("/kaart/")
        expect(desk.locator(".leaflet-control-attribution")).to_contain_text("Kadaster")
        expect(desk.locator(".leaflet-tile-loaded").first).to_be_attached()
        expect(desk.locator(".sketch")).to_have_count(0)


def test_nothing_moves_for_who_asked_for_stillness(desk):
    open_map(desk)
    expect(pins(desk)).not_to_have_count(0)
    assert desk.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    # What Leaflet marks as moving, and when: it takes the mark away by itself
    desk.evaluate("""() => {
      window.moved = [];
      new MutationObserver((changes) => {
        for (const { target } of changes)
          if (target.matches(".leaflet-zoom-anim, .leaflet-pan-anim")) window.moved.push(target.className);
      }).observe(document.querySelector("#map-box"), { subtree: true, attributeFilter: ["class"] });
    }""")
    before = desk.evaluate(WHERE)
    desk.locator("#map-box .zoom button").first.click()
    expect(pins(desk).first).to_be_attached()
    desk.locator("#map").focus()
    desk.keyboard.press("ArrowRight")
    desk.wait_for_function(f"before => ({WHERE})() !== before", arg=before)
    pins(desk).first.focus()
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate("moved") == []


def test_without_javascript_the_list_is_whole(no_js):
    no_js.goto("/kaart/")
    expect(names(no_js)).to_have_count(4)
    expect(no_js.locator("#map-box")).to_be_hidden()
    no_js.fill("#q", "naaien")
    with no_js.expect_navigation():
        no_js.press("#q", "Enter")
    assert sorted(names(no_js).all_inner_texts()) == ["Huis aan het Plein", "Naaiatelier De Draad"]
    follow(names(no_js).locator("a").first)
    expect(no_js).to_have_url(re.compile("/initiatieven/"))


def test_back_from_a_profile_is_the_search_as_it_was(page):
    page.goto("/kaart/?q=draad&postcode=1094")
    follow(names(page).locator("a").first)
    follow(page.locator("a.crumb"))
    expect(page).to_have_url(re.compile(r"/kaart/\?q=draad&postcode=1094$"))


def test_the_profile_shows_where_it_is(page):
    page.goto("/kaart/?q=draad")
    follow(names(page).locator("a").first)
    expect(page.locator(".map--s .pin b")).to_have_text("Javastraat 112")
    axe(page)


@pytest.fixture
def edit_page(page):
    """The page where an owner changes De Draad, with the fields for the place open."""
    owner = MemberFactory(initiative=Initiative.objects.get(name="Naaiatelier De Draad")).user
    sign_in(page, owner)
    page.goto(f"{owner.initiative_memberships.get().initiative.get_absolute_url()}bewerken/")
    if not page.locator("[data-point-picker]").is_visible():
        page.locator("details:has([data-point-picker]) > summary").click()
    return page


def test_a_pin_is_put_by_keyboard_and_told_in_words(edit_page):
    words = edit_page.locator(".picker [role=status]")
    expect(words).to_contain_text("Indische Buurt West")
    edit_page.locator(".picker .map [role=application]").focus()
    for key in ("-", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        edit_page.keyboard.press(key)
    expect(words).to_contain_text("Indische Buurt Oost")
    assert float(edit_page.locator("[name=lon]").input_value()) > 4.9394
    axe(edit_page)
    edit_page.locator(".picker .textbtn").click()
    expect(edit_page.locator("[name=lon]")).to_have_value("")


def test_the_address_is_told_while_typing(edit_page, address_service):
    edit_page.fill("[name=postcode]", "1094 hp")
    edit_page.fill("[name=house_number]", "114")
    expect(edit_page.locator("[data-address] [role=status]")).to_have_text("Javastraat 114, 1094HP Amsterdam")
