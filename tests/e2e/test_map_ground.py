"""What the map draws: borders, the outline of the area that was asked, the sign of each kind; and whom it asks for anything."""

import base64
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.areas import sample
from fieldlab.areas.actions import area_at
from fieldlab.lib.geo import Point
from initiatives.models import Initiative
from tests.e2e.browser import PHONE, axe
from tests.factories.initiatives import InitiativeFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# One of each kind, in neighbourhoods beside each other
PLACES = {
    "residents_group": (4.9394, 52.3635),
    "social_enterprise": (4.9380, 52.3622),
    "community_centre": (4.9482, 52.3647),
    "self_managed": (4.9500, 52.3632),
    "cooperative": (4.9270, 52.3630),
    "informal_group": (4.9780, 52.3180),
}
WEST, EAST = ("MB01", PLACES["residents_group"]), ("MB02", PLACES["community_centre"])
TILES = "https://tegels.demo.example/{z}/{x}/{y}.png"
TILE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")

# The map itself says where a place is on it.
REMEMBER_THE_MAP = "addEventListener('map:init', ({ detail }) => { window.theMap = detail.map })"
INSIDE = """(path, [lon, lat]) => path.isPointInFill(window.theMap.latLngToLayerPoint([lat, lon]))"""
ONE_AROUND = f"""place => {{
  const [one, another] = document.querySelectorAll("#map path.border--on");
  return one && !another && ({INSIDE})(one, place);
}}"""
SHAPES = "glyph => [...glyph.querySelectorAll('g > *')].map(shape => shape.outerHTML).join()"


@pytest.fixture
def page(new_page):
    """At one width: what is asked here has nothing to do with it, and tests/e2e/test_map.py looks at both."""
    return new_page(PHONE)


@pytest.fixture(autouse=True)
def network(transactional_db):
    sample.load(timezone.now())
    for kind, place in PLACES.items():
        point = Point(*place)
        InitiativeFactory(name=f"Plek {kind}", slug=kind.replace("_", "-"), kind=kind, location=point, area=area_at(point))


def pins(page):
    return page.locator("#map-box .pin")


def test_the_borders_of_the_districts_are_drawn(page):
    page.goto("/kaart/")
    borders = page.locator("#map path.border:not(.border--on)")
    expect(borders).to_have_count(1)
    expect(borders).to_have_attribute("d", re.compile(r"^M-?\d+ -?\d+L.*M"))  # more lines than one
    assert borders.evaluate("path => getComputedStyle(path).stroke") not in ("none", "rgba(0, 0, 0, 0)")
    expect(page.locator("#map path.border--on")).to_have_count(0)
    axe(page)


def test_the_area_that_was_asked_has_its_outline(page):
    page.add_init_script(REMEMBER_THE_MAP)
    for (code, inside), (_code, outside) in ((WEST, EAST), (EAST, WEST)):
        page.goto(f"/kaart/?gebied={code}")
        outline = page.locator("#map path.border--on")
        expect(outline).to_have_count(1)
        assert outline.evaluate(INSIDE, inside)
        assert not outline.evaluate(INSIDE, outside)
        expect(page.locator("#map path.border")).to_have_count(2)
    axe(page)


def test_the_outline_goes_with_the_question(desk):
    desk.add_init_script(REMEMBER_THE_MAP)
    desk.goto("/kaart/?gebied=MB01")
    outline = desk.locator("#map path.border--on")
    expect(outline).to_have_count(1)
    desk.locator("#more-filters > summary").click()
    desk.locator("label.chip:has([name=gebied][value=M])").click()
    expect(desk).to_have_url(re.compile("gebied=M$"))
    expect(desk.locator("#results [data-key]")).to_have_count(5)
    desk.wait_for_function(ONE_AROUND, arg=EAST[1])
    desk.locator("label.chip:has([name=gebied][value=''])").click()
    expect(desk.locator("#results [data-key]")).to_have_count(6)
    expect(outline).to_have_count(0)


def test_the_page_of_an_area_draws_it(page):
    page.goto("/gebieden/MB01/")
    expect(page.locator(".map--s path.border--on")).to_have_count(1)
    page.goto("/initiatieven/residents-group/")
    expect(page.locator(".map--s .pin")).to_be_visible()
    expect(page.locator(".map--s path.border--on")).to_have_count(0)  # it has a place of its own


def shapes_on(page):
    """{kind: the shape on its pin}, of the places that have a pin now."""
    keys = {key: kind for kind, key in Initiative.objects.values_list("kind", "pk")}
    found = {keys[int(pin.get_attribute("data-sign").removeprefix("pin-"))]: pin for pin in pins(page).all()}
    return {kind: pin.locator(".glyph").evaluate(SHAPES) for kind, pin in found.items()}


def test_a_pin_carries_the_sign_of_its_kind(page):
    shapes = {}
    for kind in PLACES:
        page.goto(f"/kaart/?soort={kind}")
        expect(pins(page)).to_have_count(1)
        key = Initiative.objects.get(kind=kind).pk
        expect(pins(page)).to_have_attribute("data-sign", f"pin-{key}")
        shapes |= shapes_on(page)
        assert shapes[kind] == page.locator(f"#results [data-key='{key}'] .glyph").evaluate(SHAPES)
    assert len(set(shapes.values())) == len(PLACES), shapes


def test_a_place_that_the_list_does_not_show_has_its_sign_too(desk):
    for number in range(40):
        InitiativeFactory(name=f"Drukte {number:02}", location=Point(4.85, 52.37), area=area_at(Point(4.85, 52.37)))
    desk.goto("/kaart/?doet=sewing&bij=52.370,4.850")
    expect(desk.locator("#results [data-key]")).to_have_count(40)
    desk.locator("#map-box .beyond").click()
    one = Initiative.objects.get(kind="informal_group")  # far from the others
    expect(desk.locator(f"#results [data-key='{one.pk}']")).to_have_count(0)
    pin = desk.locator(f"#map-box [data-sign='pin-{one.pk}'] .glyph")
    expect(pin).to_be_visible()
    on_the_map = pin.evaluate(SHAPES)
    desk.goto(one.get_absolute_url())
    assert on_the_map == desk.locator("main .tied .glyph").first.evaluate(SHAPES)


def hosts_named(policy):
    """Whatever stands in the policy that is no keyword in quotes and no scheme by itself."""
    sources = {source for directive in policy.split(";") for source in directive.split()[1:]}
    return {source for source in sources if not re.fullmatch(r"'[^']+'|data:", source)}


def visited(page):
    """Hosts that were asked for anything on these pages, and hosts that their policies name."""
    asked, named = set(), set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    for address in ("/", "/kaart/", "/gebieden/MB01/", "/initiatieven/residents-group/"):
        answer = page.goto(address)
        named |= hosts_named(answer.headers["content-security-policy"])
        for map_on_it in page.locator(".map:visible").all():
            expect(map_on_it.locator(".sketch, .leaflet-tile-loaded").first).to_be_attached()
        page.wait_for_load_state("networkidle")
    return asked - {None}, named


def test_nobody_else_is_asked_for_anything(desk):
    assert visited(desk) == ({"localhost"}, set())


def test_with_a_tile_server_only_that_one_is_asked_and_named(desk):
    # The policy is made as the settings are read, so they are read anew.
    told = "from django.conf import settings; print(*settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    environment = {**os.environ, "MAP_TILE_URL": TILES, "DJANGO_SETTINGS_MODULE": "fieldlab.settings"}
    images = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, timeout=60, check=True).stdout
    policy = {"DIRECTIVES": {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "img-src": images.split()}}
    desk.route("https://tegels.demo.example/**", lambda route: route.fulfill(body=TILE, content_type="image/png"))
    with override_settings(MAP_TILE_URL=TILES, MAP_TILE_ATTRIBUTION="Kaartgegevens", CONTENT_SECURITY_POLICY=policy):
        assert visited(desk) == ({"localhost", "tegels.demo.example"}, {"https://tegels.demo.example"})
