"""What there is in an area and whom to ask: beside the ways in tests/initiatives/test_pages.py."""

import json
import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from fieldlab.areas.models import Level
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory, QuarterFactory
from tests.factories.initiatives import InitiativeFactory, make_contact, make_spanner
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def page_of(client, area, **query):
    response = client.get(reverse("area", args=[area.code]), query)
    assert response.status_code == 200
    return response


def test_who_comes_there_from_elsewhere_stands_behind_who_is_there(client):
    here, elsewhere = NeighbourhoodFactory(), NeighbourhoodFactory()
    guest = InitiativeFactory(area=elsewhere, name="A comes here", service_areas=[here.parent.code])
    own = InitiativeFactory(area=here, name="Z is here")
    InitiativeFactory(area=elsewhere, name="Comes to nobody")
    InitiativeFactory(area=elsewhere, submitted=True, service_areas=[here.code])
    response = page_of(client, here)
    assert list(response.context["page"]) == [own, guest]
    assert [each.comes_here for each in response.context["page"]] == [False, True]


def test_it_is_passed_on_by_its_own_name_and_address(client, settings):
    area = NeighbourhoodFactory(name="Kop & Zuid")
    page = page_of(client, area).content.decode()
    address = f"{settings.SITE_URL}/gebieden/{area.code}/"
    assert f'href="https://wa.me/?text=Kop%20%26%20Zuid%3A%20{quote(address, safe="")}"' in page
    assert f'data-url="{address}"' in page


def test_contacts_of_the_area_itself_come_first(client):
    area = NeighbourhoodFactory()
    of_district = make_contact(area.parent.parent, name="Anna")
    of_both = make_contact(area, area.parent.parent, name="Zoë")
    of_quarter = make_contact(area.parent, name="Bert")
    make_contact(NeighbourhoodFactory(parent=area.parent), name="Of next door")
    assert page_of(client, area).context["contacts"] == [of_both, of_quarter, of_district]
    assert page_of(client, area.parent.parent).context["contacts"] == [of_district, of_both]


def test_whoever_looks_after_the_list_is_named_with_nothing_else(client):
    area = NeighbourhoodFactory()
    spanner = make_spanner(area.parent.parent, name="Lucia Sarpong")
    make_spanner(area.parent.parent, name="Weg Gegaan", is_active=False)
    make_spanner(NeighbourhoodFactory().parent.parent, name="Van Elders")
    page = page_of(client, area).content.decode()
    assert "Lucia Sarpong" in page
    assert spanner.email not in page
    assert "Weg Gegaan" not in page
    assert "Van Elders" not in page


def test_counts_are_words_with_a_way_to_the_map(client):
    area = NeighbourhoodFactory()
    for offers in (["work", "meals"], ["work"], []):
        InitiativeFactory(area=area, kind="cooperative", offers=offers)
    InitiativeFactory(area=area, kind="informal_group")
    response = page_of(client, area)
    assert [(value, count, share) for value, _label, count, share in response.context["kinds"]] == [
        ("cooperative", 3, 100),
        ("informal_group", 1, 33),
    ]
    assert [(value, count) for value, _label, count, _share in response.context["offers"]] == [("work", 2), ("meals", 1)]
    assert f'href="{reverse("map")}?gebied={area.code}&amp;aanbod=work"' in response.content.decode()


def test_of_two_areas_with_one_code_the_larger_has_the_page(client):
    district = DistrictFactory(code="B1")
    QuarterFactory(code="B1")
    assert page_of(client, district).context["area"] == district
    assert page_of(client, district).context["area"].level == Level.DISTRICT


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "1e9", "\x00", "\u202e2"])
def test_any_page_number_gives_a_page(client, number):
    area = NeighbourhoodFactory()
    InitiativeFactory(area=area)
    assert list(page_of(client, area, page=number).context["page"])


def test_later_pages_are_their_own_address_to_search_engines(client, settings, monkeypatch):
    monkeypatch.setattr("initiatives.views.area.PER_PAGE", 1)
    area = NeighbourhoodFactory()
    for _ in range(2):
        InitiativeFactory(area=area)
    address = settings.SITE_URL + reverse("area", args=[area.code])
    for page, canonical in ((1, address), (2, f"{address}?page=2")):
        shown = page_of(client, area, page=page).content.decode()
        assert re.findall(r'rel="canonical"\s+href="([^"]+)"', shown) == [canonical]


def test_machines_read_the_way_to_it_and_what_is_there(client):
    initiative = InitiativeFactory(name="</script><b>")
    page = page_of(client, initiative.area).content.decode()
    way, there = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert [each["position"] for each in way["itemListElement"]] == [1, 2, 3]
    assert [each["name"] for each in there["itemListElement"]] == [initiative.name]


def test_the_page_asks_the_database_as_much_for_more_of_everything(client):
    area = NeighbourhoodFactory()
    elsewhere = NeighbourhoodFactory()

    def row():
        InitiativeFactory(area=area, offers=["work"])
        InitiativeFactory(area=elsewhere, service_areas=[area.code])
        make_contact(area, area.parent, user=UserFactory())
        make_spanner(area.parent.parent)

    assert assert_constant_queries(client, reverse("area", args=[area.code]), row) <= 11
