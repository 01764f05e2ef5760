import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from fieldlab import pages
from fieldlab.accounts.models import User
from fieldlab.lib.templatetags.look import drawing_version
from initiatives.models import Kind
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def test_home_counts_what_is_published_and_nothing_else(client):
    InitiativeFactory.create_batch(2, kind=Kind.COOPERATIVE)
    InitiativeFactory(kind=Kind.COOPERATIVE, submitted=True, name="Still secret")
    response = client.get("/")
    assert response.context["total"] == 2
    assert {kind: count for kind, _, count in response.context["street"]} == dict.fromkeys(Kind.values, 0) | {Kind.COOPERATIVE: 2}
    assert b"Still secret" not in response.content
    assert f"{reverse('map')}?kind=cooperative".encode() in response.content


def test_home_without_any_initiative_makes_no_empty_promises(client):
    response = client.get("/")
    assert response.status_code == 200
    assert b'class="cards' not in response.content


def test_home_asks_the_database_the_same_for_one_and_many(client):
    assert assert_constant_queries(client, "/", InitiativeFactory) <= 2


def test_home_is_light(client):
    InitiativeFactory.create_batch(5)
    assert len(client.get("/").content) < 40_000


def test_overview_of_a_member(client):
    member = MemberFactory()
    client.force_login(member.user)
    response = client.get(reverse("overview"))
    assert list(response.context["initiatives"]) == [member.initiative]
    assert reverse("initiative_edit", args=[member.initiative.slug]).encode() in response.content
    assert reverse("moderation_queue").encode() not in response.content
    assert reverse("people").encode() not in response.content


def test_overview_of_a_boundary_spanner_counts_the_own_district_only(client):
    mine, other = InitiativeFactory(submitted=True), InitiativeFactory(submitted=True)
    client.force_login(make_spanner(district_of(mine)))
    response = client.get(reverse("overview"))
    assert response.context["waiting"] == 1
    assert list(response.context["longest_waiting"]) == [mine]
    assert other.name.encode() not in response.content


def test_overview_of_a_coordinator_invites_everybody(client, settings):
    settings.SECOND_FACTOR_ENFORCED = False
    client.force_login(UserFactory(coordinator=True))
    response = client.get(reverse("overview"))
    for name in ("professional", "facilitator", "jury", "researcher", "coordinator"):
        assert reverse(f"{name}invitation_list").encode() in response.content


def test_overview_asks_the_same_for_one_and_many(client):
    user = UserFactory()
    client.force_login(user)
    assert_constant_queries(client, reverse("overview"), lambda: MemberFactory(user=user))


def test_overview_needs_an_account(client):
    assert client.get(reverse("overview")).status_code == 302


@pytest.mark.parametrize("name", ["about", "privacy", "accessibility", "complaints"])
def test_pages_about_us_are_for_everybody(client, name, settings):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert re.search(r"<h1>[^<]+</h1>", response.content.decode())
    assert 'href="tel:' in response.content.decode()


def test_privacy_names_the_map_only_where_it_comes_from_outside(client, settings):
    settings.MAP_TILE_URL = "https://tiles.demo.example/{z}/{x}/{y}.png"
    assert client.get(reverse("privacy")).context["map_from_outside"]
    settings.MAP_TILE_URL = ""
    assert not client.get(reverse("privacy")).context["map_from_outside"]


def test_the_language_is_remembered_in_a_cookie_and_with_the_account(client, settings):
    user = UserFactory(language="nl")
    client.force_login(user)
    response = client.post(reverse("set_language"), {"language": "en", "next": "/kaart/?postcode=1094"})
    assert (response.status_code, response["Location"]) == (302, "/kaart/?postcode=1094")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert User.objects.get().language == "en"
    assert client.get("/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_switching_language_never_leaves_the_site(client, back):
    assert client.post(reverse("set_language"), {"language": "en", "next": back})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client, settings):
    response = client.post(reverse("set_language"), {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    assert client.get(reverse("set_language")).status_code == 405


def test_a_cover_may_be_kept_for_ever(client):
    response = client.get(reverse("cover", args=[drawing_version(), "cooperative", "garden", 3]))
    assert response["Content-Type"] == "image/svg+xml"
    assert "immutable" in response["Cache-Control"]
    assert response.content.startswith(b"<svg")


def test_a_cover_of_an_older_version_is_not_kept_for_ever(client):
    assert "immutable" not in client.get(reverse("cover", args=["old", "cooperative", "garden", 3]))["Cache-Control"]


@pytest.mark.parametrize("args", [["v", "castle", "garden", 3], ["v", "cooperative", "gold", 3], ["v", "cooperative", "garden", 64]])
def test_a_cover_that_does_not_exist(client, args):
    assert client.get(reverse("cover", args=args)).status_code == 404


def test_a_page_that_is_not_there_says_so_in_the_house_style(client):
    response = client.get("/nergens/")
    assert response.status_code == 404
    assert b'class="helpbar"' in response.content


def test_error_pages_need_no_database_and_no_request():
    with connection.execute_wrapper(_refuse):
        for response in (
            pages.server_error(RequestFactory().get("/")),
            pages.bad_request(RequestFactory().get("/"), SuspiciousOperation()),
        ):
            assert response.status_code in (400, 500)
            assert b'class="helpbar"' in response.content


def _refuse(*args):
    raise AssertionError("an error page asked the database")


def test_every_page_starts_with_a_way_to_the_content_and_names_its_language(client):
    html = " ".join(client.get("/").content.decode().split())
    assert html.index('href="#main"') < html.index("<header")
    assert '<html lang="nl" dir="ltr">' in html
    assert 'id="main"' in html
    assert html.count("<h1>") == 1


def test_the_newest_come_first(client):
    now = timezone.now()
    for days in (3, 1, 2):
        InitiativeFactory(name=f"{days} days", created_at=now - timedelta(days=9), published_at=now - timedelta(days=days))
    assert [initiative.name for initiative in client.get("/").context["newest"]] == ["1 days", "2 days", "3 days"]


def test_home_asks_the_database_little_and_no_more_for_more(client):
    always = {"week": [[day, 0, 1440] for day in range(7)]}
    assert assert_constant_queries(client, "/", lambda: InitiativeFactory(opening_hours=always)) <= 2
    assert b'class="open"' in client.get("/").content


def test_who_finds_a_hole_reads_where_to_go(client, settings):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert client.get(lines["Contact"].removeprefix(settings.SITE_URL)).status_code == 200
    assert timezone.now() < datetime.fromisoformat(lines["Expires"]) < timezone.now() + timedelta(days=365)
