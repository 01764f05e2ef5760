"""What search engines may find."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.sitemaps import InitiativeSitemap
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory

pytestmark = pytest.mark.django_db


def locations(response):
    assert response.status_code == 200
    return re.findall(r"<loc>([^<]+)</loc>", response.content.decode())


def test_robots_are_told_where_the_map_is_and_what_is_no_use_to_them(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /mijn/" in lines
    assert not [line for line in lines if line == "Disallow: /"]


def test_only_what_is_published_is_on_the_map_of_the_site(client, settings):
    initiative = InitiativeFactory()
    for status in ("draft", "submitted", "changes_requested", "archived"):
        InitiativeFactory(**{status: True})
    assert locations(client.get("/sitemap-initiatieven.xml")) == [settings.SITE_URL + initiative.get_absolute_url()]


def test_areas_in_force_and_pages_are_on_it(client, settings):
    area, gone = NeighbourhoodFactory(), NeighbourhoodFactory(vanished_at=timezone.now())
    found = locations(client.get("/sitemap-gebieden.xml"))
    assert settings.SITE_URL + reverse("area", args=[area.code]) in found
    assert settings.SITE_URL + reverse("area", args=[gone.code]) not in found
    for address in locations(client.get("/sitemap-pagina.xml")):
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_it_comes_in_pages_of_which_each_reads_only_its_own(client, monkeypatch):
    monkeypatch.setattr(InitiativeSitemap, "limit", 2)
    initiatives = [InitiativeFactory(updated_at=timezone.now() - timedelta(days=each)) for each in range(5)]
    index = client.get("/sitemap.xml")
    mine = [address for address in locations(index) if "initiatieven" in address]
    assert [address.partition("?")[2] for address in mine] == ["", "p=2", "p=3"]
    assert timezone.localdate(initiatives[0].updated_at).isoformat() in index.content.decode()
    with CaptureQueriesContext(connection) as context:
        assert len(locations(client.get("/sitemap-initiatieven.xml?p=3"))) == 1
    assert [query["sql"] for query in context.captured_queries if "LIMIT" in query["sql"] or "OFFSET" in query["sql"]]
    with CaptureQueriesContext(connection) as context:
        client.get("/sitemap.xml")
    assert not [query for query in context.captured_queries if '"slug"' in query["sql"]], "the index counts, it reads no entries"


@pytest.mark.parametrize("query", ["p=0", "p=99", "p=x", "p=%00", "p=9999999999999999999999"])
def test_a_page_that_is_not_there(client, query):
    assert client.get(f"/sitemap-initiatieven.xml?{query}").status_code == 404
    assert client.get("/sitemap-nergens.xml").status_code == 404
