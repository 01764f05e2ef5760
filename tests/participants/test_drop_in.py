""" "I will come by": which places nearby are open, and when."""

import re

import pytest
import time_machine
from django.urls import reverse

from fieldlab.lib.geo import Point
from initiatives.models import Access
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.pages import text
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
DROP_IN = "/ik-kom-langs/"


def hours(*days):
    return {"week": [[day, opens, closes] for day, opens, closes in days], "exceptions": []}


MONDAY = "2026-11-30 10:30+01:00"


@pytest.fixture
def town():
    here = NeighbourhoodFactory(centre=Point(4.94, 52.363))
    day = 24 * 60
    rows = {
        "Morgen": (4.9401, hours((1, 540, 720))),
        "Nu open": (4.95, hours((0, 540, 720))),
        "Straks": (4.945, hours((0, 780, 900))),
        "Dichtbij open": (4.9405, hours((0, 0, day))),
    }
    for name, (lon, opening) in rows.items():
        InitiativeFactory(name=name, area=here, location=Point(lon, 52.363), opening_hours=opening)
    InitiativeFactory(name="Op afspraak", area=here, access=Access.APPOINTMENT, opening_hours=hours((0, 540, 720)))
    InitiativeFactory(name="Geen tijden", area=here)
    InitiativeFactory(name="Nog niet", area=here, submitted=True, opening_hours=hours((0, 540, 720)))
    return here


def names(page):
    return re.findall(r"<h3[^>]*>.*?<a [^>]*>([^<]+)</a></h3>", page)


@time_machine.travel(MONDAY)
def test_open_now_comes_first_and_then_what_opens_first(client, town):
    page = text(client.get(f"{DROP_IN}?gebied={town.code}"))
    assert names(page) == ["Dichtbij open", "Nu open", "Straks", "Morgen"]
    for words in ("Nu open, tot", "Javastraat 112", "020", "Het is vrijwillig"):
        assert words in page


@time_machine.travel(MONDAY)
def test_by_district_and_without_a_place_it_asks_where(client, town):
    assert names(text(client.get(f"{DROP_IN}?gebied={town.parent.parent.code}")))[-2:] == ["Straks", "Morgen"]
    page = text(client.get(DROP_IN))
    assert names(page) == []
    assert f"?gebied={town.parent.parent.code}" in page


@pytest.mark.parametrize("query", ["postcode=x", "postcode=%00", "postcode=0000", "gebied=%00", "gebied=x", "postcode=" + "1" * 3000])
def test_what_names_no_place_is_said(client, town, query):
    assert names(text(client.get(f"{DROP_IN}?{query}"))) == []


def test_places_cost_as_many_queries_however_many_they_are(client):
    here = NeighbourhoodFactory()

    def add():
        InitiativeFactory(area=here, opening_hours=hours((0, 540, 720)))

    assert_constant_queries(client, f"{DROP_IN}?gebied={here.code}", add)


def test_every_page_for_residents_offers_both(client):
    place = InitiativeFactory()
    MemberFactory(initiative=place)
    for url in ("/", place.get_absolute_url(), reverse("area", args=[place.area.code]), "/kaart/"):
        page = text(client.get(url))
        assert "/bel-mij/" in page
        assert DROP_IN in page
    assert f"/bel-mij/?plek={place.slug}" in text(client.get(place.get_absolute_url()))
    assert f"/bel-mij/?gebied={place.area.code}" in text(client.get(reverse("area", args=[place.area.code])))
