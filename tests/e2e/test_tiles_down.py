"""The map when its tile server is down, slow or talks nonsense: our own drawing takes the place of the tiles."""

import re
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.areas import sample
from fieldlab.areas.actions import area_at
from fieldlab.lib.geo import Point
from tests.e2e.browser import PHONE, axe
from tests.factories.initiatives import InitiativeFactory
from tests.servers.tiles import TILE_PATH, tile_server

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HERE = Point(4.9394, 52.3635)
SOURCE = "Kaartgegevens © Kadaster"


@pytest.fixture
def page(new_page):
    """At one width: what is asked here has nothing to do with it, and tests/e2e/test_map.py looks at both."""
    return new_page(PHONE)


@pytest.fixture(autouse=True)
def network(transactional_db):
    sample.load(timezone.now())
    InitiativeFactory(name="Naaiatelier De Draad", slug="de-draad", location=HERE, area=area_at(HERE))


@contextmanager
def tiles(mood=""):
    """A map with this server under it, which the policy of the page allows as it does in the settings."""
    with tile_server(mood) as server:
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        policy = {"DIRECTIVES": {**directives, "img-src": [*directives["img-src"], server.url]}}
        with override_settings(MAP_TILE_URL=server.url + TILE_PATH, MAP_TILE_ATTRIBUTION=SOURCE, CONTENT_SECURITY_POLICY=policy):
            yield server


def visit(page, address="/kaart/"):
    """An image that never comes keeps the page from having loaded."""
    page.goto(address, wait_until="domcontentloaded")


def has_the_whole_map_without_tiles(page):
    expect(page.locator(".sketch")).to_have_count(1)
    assert page.locator(".sketch").evaluate("svg => svg.getBoundingClientRect().width") > 0
    expect(page.locator(".sketch text").filter(has_text="Oost").first).to_be_attached()
    expect(page.locator("#map path.border")).to_have_count(1)
    expect(page.locator("#map-box").get_by_role("button", name="Naaiatelier De Draad")).to_be_visible()
    expect(page.locator(".leaflet-tile-loaded")).to_have_count(0)
    # Nothing of theirs is to be seen, so nobody is named
    expect(page.locator(".leaflet-control-attribution")).not_to_contain_text("Kadaster")


def test_with_a_tile_server_that_fails_the_map_is_whole(page, browser_errors):
    with tiles("500") as server:
        browser_errors.allow(re.escape(server.url))
        visit(page)
        has_the_whole_map_without_tiles(page)
        axe(page)
        assert server.requests


def test_with_garbage_for_tiles_the_map_is_whole(page):
    with tiles("garbage") as server:
        visit(page)
        has_the_whole_map_without_tiles(page)
        assert server.requests


def test_with_a_tile_server_that_hangs_the_map_is_whole(desk, browser_errors):
    with tiles("hanging") as server:
        browser_errors.allow(re.escape(server.url))  # the server hangs up at the end
        visit(desk)
        has_the_whole_map_without_tiles(desk)
        assert server.requests


@pytest.mark.parametrize("address", ["/gebieden/MB01/", "/initiatieven/de-draad/"])
def test_a_small_map_has_the_drawing_too(desk, browser_errors, address):
    with tiles("500") as server:
        browser_errors.allow(re.escape(server.url))
        visit(desk, address)
        expect(desk.locator(".map--s .sketch")).to_have_count(1)
        expect(desk.locator(".map--s :is(path.border--on, .pin)").first).to_be_visible()


def test_tiles_that_come_later_lie_on_the_drawing_and_are_named(desk, browser_errors):
    with tiles("500") as server:
        browser_errors.allow(re.escape(server.url))
        visit(desk)
        expect(desk.locator(".sketch")).to_have_count(1)
        server.state["mood"] = ""
        desk.locator("#map-box .zoom button").first.click()
        expect(desk.locator(".leaflet-tile-loaded").first).to_be_attached()
        expect(desk.locator(".leaflet-control-attribution")).to_contain_text(SOURCE)
        expect(desk.locator(".sketch")).to_have_count(1)
        height = "pane => Number(getComputedStyle(pane).zIndex)"
        assert desk.locator(".leaflet-tile-pane").evaluate(height) > desk.locator(".leaflet-ground-pane").evaluate(height)


def test_with_good_tiles_the_drawing_is_not_fetched(desk):
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.clock.install()
    with tiles() as server:
        visit(desk)
        expect(desk.locator(".leaflet-tile-loaded").first).to_be_attached()
        expect(desk.locator(".leaflet-control-attribution")).to_contain_text(SOURCE)
        expect(desk.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)  # the server may go: nothing is asked of it
        desk.clock.fast_forward(60_000)  # longer than the map waits for a server that hangs
        desk.evaluate("fetch('/healthz').then((answer) => answer.text())")  # what was asked before it is known by now
        assert any(url.startswith(server.url) for url in asked)
        assert any(url.endswith("/healthz") for url in asked)
        assert not [url for url in asked if url.endswith(".svg") and "map/amsterdam" in url]
        expect(desk.locator(".sketch")).to_have_count(0)
