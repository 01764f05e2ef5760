"""The page of an initiative as visitors, the network and its own team read it."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.geo import Point
from initiatives.models import Accessibility, Language, Offer
from initiatives.structured_data import script
from initiatives.templatetags.facts import OWN_NAMES, PHASES, accessible, offered, spoken
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_contact, make_spanner
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
MEMBERS_ONLY = {
    "website": "https://alleen-netwerk.example",
    "website_public": False,
    "channels": [
        {"kind": "whatsapp", "address": "+31600000001", "public": True},
        {"kind": "facebook", "address": "https://facebook.com/alleen-netwerk", "public": False},
    ],
}


def read(client, initiative):
    response = client.get(initiative.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


# --- What visitors read


@pytest.mark.django_db
def test_what_is_there_is_said_and_what_is_not_known_too(client):
    initiative = InitiativeFactory(
        offers=["work", "meals"], themes=["food"], audiences=["women"], languages=["nl", "ar"], accessibility=["toilet"], phase="stopping"
    )
    page = read(client, initiative)
    assert '<b lang="ar" dir="rtl">العربية</b>' in page
    known, unknown = accessible(initiative)
    assert len(known) == 1
    assert len(known) + len(unknown) == len(Accessibility.values)
    assert ", ".join(unknown).lower() in page
    assert str(PHASES["stopping"]) in page
    bare = read(client, InitiativeFactory())
    assert "العربية" not in bare


@pytest.mark.django_db
@time_machine.travel(MONDAY, tick=False)
def test_open_now_and_room_now(client):
    hours = {"week": [[0, 540, 1020]], "exceptions": [{"from": "2026-12-24", "until": "2026-12-26", "hours": [], "note": "Kerst"}]}
    initiative = InitiativeFactory(opening_hours=hours, room="yes", room_at=timezone.now() - timedelta(days=3))
    page = read(client, initiative)
    assert 'class="open"' in page
    assert "17.00" in page
    assert "Kerst" in page
    assert client.get(initiative.get_absolute_url()).context["room"] == "yes"


@pytest.mark.django_db
def test_room_that_was_said_too_long_ago_is_not_known(client):
    initiative = InitiativeFactory(room="yes", room_at=timezone.now() - timedelta(days=31))
    assert client.get(initiative.get_absolute_url()).context["room"] == ""


@pytest.mark.django_db
def test_a_page_that_nobody_looked_through_for_a_year_says_so(client):
    old, year = timezone.now() - timedelta(days=800), timedelta(days=366)
    stale = InitiativeFactory(created_at=old, confirmed_at=timezone.now() - year)
    assert client.get(stale.get_absolute_url()).context["stale"]
    never = InitiativeFactory(created_at=old, confirmed_at=None)
    assert client.get(never.get_absolute_url()).context["stale"]
    assert not client.get(InitiativeFactory().get_absolute_url()).context["stale"]


@pytest.mark.django_db
def test_who_comes_to_people_names_the_areas(client):
    area = NeighbourhoodFactory(name="Slotermeer")
    gone = NeighbourhoodFactory(vanished_at=timezone.now())
    initiative = InitiativeFactory(nowhere=True, service_areas=[area.code, gone.code])
    assert f'href="{reverse("area", args=[area.code])}">Slotermeer</a>' in read(client, initiative)
    assert list(client.get(initiative.get_absolute_url()).context["comes_to"]) == [area]


@pytest.mark.django_db
def test_a_page_can_be_passed_on_without_a_script(client, settings):
    initiative = InitiativeFactory(name="Thee & taart")
    page = read(client, initiative)
    address = settings.SITE_URL + initiative.get_absolute_url()
    assert "https://wa.me/?text=Thee%20%26%20taart%3A%20http%3A%2F%2F" in page
    assert "mailto:?subject=Thee%20%26%20taart" in page
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page


# --- What only the network reads


@pytest.mark.django_db
def test_members_only_ways_to_reach_are_for_the_network(client):
    initiative = InitiativeFactory(**MEMBERS_ONLY)
    elsewhere = NeighbourhoodFactory()
    outsiders = [client, signed_in(UserFactory())]
    network = [
        signed_in(UserFactory(coordinator=True)),
        signed_in(make_spanner(elsewhere.parent.parent)),
        signed_in(MemberFactory().user),
        signed_in(MemberFactory(initiative=initiative).user),
        signed_in(make_contact(elsewhere, user=UserFactory()).user),
    ]
    for visitor in outsiders:
        page = read(visitor, initiative)
        assert "wa.me/31600000001" in page
        assert "alleen-netwerk" not in page
    for visitor in network:
        page = read(visitor, initiative)
        assert "https://alleen-netwerk.example" in page
        assert "https://facebook.com/alleen-netwerk" in page
        assert page.count('<span class="badge">') == 2, "what not everybody sees is marked so"
        assert "alleen-netwerk" not in json.dumps(data_of(page)), "what machines read is for everybody"


@pytest.mark.django_db
def test_a_private_number_stays_with_the_team(client):
    initiative = InitiativeFactory(phone="+31200000999", phone_public=False, email="stil@demo.example", email_public=False)
    for visitor in (client, signed_in(MemberFactory().user), signed_in(UserFactory(coordinator=True))):
        page = read(visitor, initiative)
        assert "0000999" not in page
        assert "09\xa099" not in page
        assert "stil@demo.example" not in page


@pytest.mark.django_db
def test_the_team_has_its_tools_and_whoever_moderates_its_own(client):
    initiative = InitiativeFactory()
    tools = [
        reverse(f"initiative_{name}", args=[initiative.slug]) for name in ("edit", "photo", "team", "history", "messages", "introductions")
    ]
    mine = read(signed_in(MemberFactory(initiative=initiative).user), initiative)
    assert all(f'href="{tool}' in mine for tool in tools)
    assert 'id="own-page"' in mine
    moderator = read(signed_in(make_spanner(district_of(initiative))), initiative)
    assert 'id="own-page"' not in moderator
    assert f'href="{reverse("moderate", args=[initiative.slug])}"' in moderator
    for visitor in (client, signed_in(MemberFactory().user)):
        page = read(visitor, initiative)
        assert not any(tool in page for tool in tools)


# --- Similar ones


@pytest.mark.django_db
def test_similar_ones_are_near_and_do_the_same(client):
    here = NeighbourhoodFactory(centre=Point(4.9, 52.36))
    initiative = InitiativeFactory(area=here, activity="sewing", offers=["work", "lessons"])

    def neighbour(metres, **fields):
        return InitiativeFactory(area=here, location=Point(4.9, 52.36 + metres / 111_195), activity="garden", **fields)

    next_door = neighbour(50)
    alike = neighbour(300, offers=["work", "lessons"])
    far_and_alike = neighbour(9000, offers=["work", "lessons"])
    others = [neighbour(1500), neighbour(2500)]
    similar = client.get(initiative.get_absolute_url()).context["similar"]
    assert similar == [next_door, alike, others[0]]
    assert far_and_alike not in similar


@pytest.mark.django_db
def test_the_page_asks_the_database_as_much_with_more_to_show():
    here = NeighbourhoodFactory()
    initiative = InitiativeFactory(area=here, service_areas=[NeighbourhoodFactory().code], **MEMBERS_ONLY)
    client = signed_in(MemberFactory(initiative=initiative).user)
    assert assert_constant_queries(client, initiative.get_absolute_url(), lambda: InitiativeFactory(area=here)) <= 12


# --- For machines


@pytest.mark.django_db
@time_machine.travel(MONDAY, tick=False)
def test_machines_read_what_visitors_read(client):
    hours = {
        "week": [[0, 540, 750], [0, 810, 1440]],
        "exceptions": [{"from": "2026-12-24", "until": "2026-12-26", "hours": [], "note": ""}],
    }
    initiative = InitiativeFactory(kind="cooperative", opening_hours=hours, email_public=False)
    data = data_of(read(client, initiative))
    assert (data["@type"], data["telephone"]) == ("LocalBusiness", "+31200000456")
    assert "email" not in data
    assert data["address"]["postalCode"] == "1094 HP"
    assert data["geo"]["latitude"] == initiative.location.lat
    assert [(each.get("dayOfWeek"), each["opens"], each["closes"]) for each in data["openingHoursSpecification"]] == [
        ("Monday", "09:00", "12:30"),
        ("Monday", "13:30", "23:59"),
        (None, "00:00", "00:00"),
    ]
    group = data_of(read(client, InitiativeFactory(kind="informal_group", nowhere=True)))
    assert group["@type"] == "NGO"
    assert not {"address", "geo", "openingHoursSpecification"} & group.keys()


@pytest.mark.django_db
def test_what_strangers_do_not_see_is_not_told_to_machines():
    member = MemberFactory(initiative=InitiativeFactory(submitted=True))
    page = read(signed_in(member.user), member.initiative)
    assert "ld+json" not in page
    assert 'content="noindex"' in page


@given(st.text())
def test_no_text_ends_the_block_of_data(text):
    element = script({"name": text})
    inside = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"name": text}


def test_every_word_has_its_icon_and_every_language_its_own_name():
    everything = InitiativeFactory.build(area=None, offers=list(Offer.values), languages=list(Language.values))
    assert len(offered(everything)) == len(Offer.values)
    assert len(spoken(everything)) == len(Language.values)
    assert set(Language.values) - OWN_NAMES.keys() == {"dse"}
