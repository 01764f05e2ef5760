"""The map page as people use it: list and map in step, by keyboard, and without JavaScript."""

import re
from datetime import UTC, datetime

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from fieldlab.areas import pdok, sample
from fieldlab.areas.actions import area_at
from fieldlab.lib.geo import Point
from initiatives.models import Initiative
from tests.e2e.browser import axe, sign_in
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.servers.pdok import pdok as pdok_server

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


def pins(page):
    return page.locator("#map-box .pin")


def names(page):
    return page.locator("#results h2").all_inner_texts()


def test_searching_keeps_list_and_map_in_step(page):
    page.goto("/kaart/")
    expect(page.locator("#map-box .leaflet-container")).to_be_visible()
    page.fill("#q", "naaien")
    page.fill("#postcode", "1094")
    page.keyboard.press("Enter")
    expect(page.locator("#results li")).to_have_count(2)
    assert names(page) == ["Naaiatelier De Draad", "Huis aan het Plein"]
    assert "q=naaien" in page.url
    expect(pins(page)).to_have_count(2)
    assert sorted(pin.get_attribute("aria-label") for pin in pins(page).all()) == ["1. Naaiatelier De Draad", "2. Huis aan het Plein"]
    expect(page.locator("#map-status")).not_to_be_empty()
    axe(page)
    page.locator("label.chip", has=page.locator("#activity-house")).click()
    expect(page.locator("#results li")).to_have_count(1)
    expect(pins(page)).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "activity-house"
    page.go_back()
    expect(page.locator("#results li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_pointing_at_one_marks_the_other(desk):
    desk.goto("/kaart/?q=naaien&postcode=1094")
    expect(pins(desk)).to_have_count(2)
    desk.locator("#results li").nth(1).hover()
    expect(desk.locator("#map-box .pin--on")).to_have_attribute("aria-label", "2. Huis aan het Plein")
    pins(desk).filter(has_text="De Draad").hover()
    expect(desk.locator("#results li[aria-current]")).to_contain_text("De Draad")


def test_by_keyboard_through_the_map_and_out_again(desk):
    desk.goto("/kaart/?q=naaien&postcode=1094")
    expect(pins(desk)).to_have_count(2)
    desk.locator("#map").focus()
    before = desk.evaluate("document.querySelector('#map .leaflet-map-pane').getBoundingClientRect().x")
    desk.keyboard.press("ArrowRight")
    desk.wait_for_function("x => document.querySelector('#map .leaflet-map-pane').getBoundingClientRect().x !== x", arg=before)
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.getAttribute('aria-label')") == "1. Naaiatelier De Draad"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.getAttribute('aria-label')") == "2. Huis aan het Plein"
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.textContent.trim()") == "Huis aan het Plein"
    assert desk.evaluate("document.activeElement.closest('#results') !== null")
    pins(desk).first.focus()
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.closest('#results') !== null")


def test_places_close_together_are_one_button_that_zooms_in(desk):
    for number in range(5):
        point = Point(4.9394 + number / 20000, 52.3635)
        InitiativeFactory(name=f"Buren {number}", location=point, area=area_at(point))
    desk.goto("/kaart/")
    cluster = desk.locator("#map-box .clus").first
    expect(cluster).to_be_visible()
    assert "6" in cluster.get_attribute("aria-label")
    assert "Indische Buurt West" in cluster.get_attribute("aria-label")
    count = desk.locator("#map-box .clus, #map-box .pin").count()
    cluster.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#map-box .clus, #map-box .pin")).not_to_have_count(count)
    assert desk.evaluate("document.activeElement.closest('#map-box') !== null")


def test_without_javascript_the_list_is_whole(no_js):
    no_js.goto("/kaart/")
    assert len(names(no_js)) == 4
    expect(no_js.locator("#map-box")).to_be_hidden()
    no_js.fill("#q", "naaien")
    no_js.press("#q", "Enter")
    assert sorted(names(no_js)) == ["Huis aan het Plein", "Naaiatelier De Draad"]
    no_js.locator("#results h2 a").first.click()
    assert "/initiatieven/" in no_js.url


def test_back_from_a_profile_is_the_search_as_it_was(page):
    page.goto("/kaart/?q=draad&postcode=1094")
    page.locator("#results h2 a").first.click()
    page.locator("a.crumb").click()
    expect(page).to_have_url(re.compile(r"/kaart/\?q=draad&postcode=1094$"))


def test_the_profile_shows_where_it_is(page):
    page.goto("/kaart/?q=draad")
    page.locator("#results h2 a").first.click()
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
        edit_page.wait_for_timeout(300)
    expect(words).to_contain_text("Indische Buurt Oost")
    assert float(edit_page.locator("[name=lon]").input_value()) > 4.9394
    axe(edit_page)
    edit_page.locator(".picker .textbtn").click()
    assert edit_page.locator("[name=lon]").input_value() == ""


def test_the_address_is_told_while_typing(edit_page):
    pdok.forget_failure()
    with pdok_server() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url):
        edit_page.fill("[name=postcode]", "1094 hp")
        edit_page.fill("[name=house_number]", "114")
        expect(edit_page.locator("[data-address] [role=status]")).to_have_text("Javastraat 114, 1094HP Amsterdam")
