import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from shapely.geometry import shape

from fieldlab.areas import sample
from fieldlab.areas.models import Area

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 1, tzinfo=UTC)
URL = "/gebieden/grenzen.json"


@pytest.fixture(autouse=True)
def areas():
    sample.load(AT)


def test_the_districts_come_compressed_and_only_once(client):
    answer = client.get(URL, headers={"Accept-Encoding": "gzip"})
    features = json.loads(gzip.decompress(answer.content))["features"]
    assert [f["properties"]["name"] for f in features][:2] == ["Centrum", "Westpoort"]
    assert "Accept-Encoding" in answer["Vary"]
    again = client.get(URL, headers={"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get(URL)
    assert plain["ETag"] != answer["ETag"]
    assert plain.json()["features"] == features
    assert client.get(URL, headers={"Accept-Encoding": "br;q=1, gzip;q=0"})["Content-Encoding"] == "br"
    assert "Content-Encoding" not in client.get(URL, headers={"Accept-Encoding": "br;q=0, gzip;q=0"})


def test_neighbours_still_share_their_borders(client):
    drawn = [shape(f["geometry"]) for f in client.get(URL, {"level": "neighbourhood"}).json()["features"]]
    assert len(drawn) == 60
    assert shapely.coverage_is_valid(drawn)


def test_a_change_gives_another_etag(client):
    before = client.get(URL)["ETag"]
    Area.objects.filter(code="A").update(name="Binnenstad", changed_at=AT + timedelta(days=1))
    assert client.get(URL)["ETag"] != before


@pytest.mark.parametrize("level", ["", "street", "\x00", "x" * 5000])
def test_an_unknown_level_is_not_found(client, level):
    assert client.get(URL, {"level": level}).status_code == 404


def test_one_query(client, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(1):
        client.get(URL)
