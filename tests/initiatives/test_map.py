import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from fieldlab.areas.models import Postcode4
from fieldlab.lib.geo import Point
from initiatives.actions import reassign_areas
from initiatives.models import Initiative, Status
from initiatives.search import LONGEST_QUERY, Asked, distance, find, marked
from initiatives.search import _bare as bare
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

HERE = Point(4.94, 52.363)
URL = "/kaart/"


@pytest.fixture(autouse=True)
def known_postcode(db):
    Postcode4.objects.create(digits="1094", centre=HERE, learned_at=timezone.now())


def place(name, *, east=0.0, **fields):
    """An initiative `east` degrees east of the middle of postcode 1094."""
    fields = {"summary": "Iets voor de buurt.", "activity": "table", "kind": "residents_group"} | fields
    return InitiativeFactory(name=name, location=Point(HERE.lon + east, HERE.lat), **fields)


def names(client, **query):
    return [hit["initiative"].name for hit in client.get(URL, query).context["hits"]]


def test_words_are_found_in_name_and_summary_and_by_their_stem(client):
    place("Atelier", summary="Wij hebben een naaimachine.")
    place("Naaicafé De Draad")
    place("Fietshoek", summary="Fietsen maken.")
    assert names(client, q="naaien") == ["Naaicafé De Draad", "Atelier"]
    assert names(client, q="NAAICAFE") == ["Naaicafé De Draad"]
    assert names(client, q="fiets maken") == ["Fietshoek"]


def test_a_typing_error_still_finds(client):
    place("Taalcafé Oosterpark")
    assert names(client, q="taalcafee ooster") == ["Taalcafé Oosterpark"]
    assert names(client, q="oosdterpark") == ["Taalcafé Oosterpark"]


def test_a_neighbourhood_and_an_activity_are_words_too(client):
    area = NeighbourhoodFactory(name="Dapperbuurt")
    place("Een", area=area)
    place("Twee", activity="garden")
    assert names(client, q="dapper") == ["Een"]
    assert names(client, q="tuinieren") == ["Twee"]


def test_hits_are_marked_and_markup_stays_text(client):
    place("<b>Naaien</b> & meer", summary="Leren naaien, <script>alert(1)</script>")
    html = client.get(URL, {"q": "naaien"}).content.decode()
    assert "&lt;b&gt;<mark>Naaien</mark>&lt;/b&gt; &amp; meer" in html
    assert "<script>alert" not in html
    assert marked("\x02<i>\x03") == "<mark>&lt;i&gt;</mark>"


def test_the_nearest_to_a_postcode_comes_first_with_minutes_on_foot(client):
    place("Ver", east=0.2)
    place("Dichtbij", east=0.002)
    place("Midden", east=0.02)
    response = client.get(URL, {"postcode": "1094 HP"})
    assert [hit["initiative"].name for hit in response.context["hits"]] == ["Dichtbij", "Midden", "Ver"]
    assert [(hit["distance"].minutes, hit["distance"].kilometres) for hit in response.context["hits"]] == [(2, 1), (17, 2), (0, 14)]
    assert "2 minuten lopen" in response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("metres", "minutes"), [(0, 1), (79, 1), (81, 2), (4799, 60), (4801, 0)])
def test_eighty_metres_a_minute(metres, minutes):
    far = distance(HERE, Point(HERE.lon, HERE.lat + metres / 111_195))
    assert far.minutes == minutes


def test_an_unknown_postcode_is_said_and_everything_stays_visible(client):
    place("Een")
    response = client.get(URL, {"postcode": "0000"})
    assert response.context["unknown_postcode"]
    assert len(response.context["hits"]) == 1


def test_filters_count_what_they_would_leave(client):
    place("Een", kind="cooperative", activity="garden")
    place("Twee", kind="cooperative", activity="kitchen")
    place("Drie", kind="community_centre", activity="kitchen")
    found = find(Asked(kinds=("cooperative",)))
    assert {choice.value: choice.count for choice in found.activities} == {"garden": 1, "kitchen": 1}
    assert {choice.value: choice.count for choice in found.kinds} == {"cooperative": 2, "community_centre": 1}
    assert names(client, kind="cooperative", activity="kitchen") == ["Twee"]
    assert sorted(names(client, activity=["garden", "kitchen"])) == ["Drie", "Een", "Twee"]


def test_only_what_is_published_is_found_anywhere(client):
    for status in Status.values:
        place(f"Plek {status}", status=status)
    assert names(client) == ["Plek published"]
    assert names(client, q="plek") == ["Plek published"]
    assert [point[5] for point in client.get("/kaart/punten.json").json()["points"]] == ["Plek published"]


def test_an_area_shows_what_lies_in_it(client):
    area = NeighbourhoodFactory(name="Dapperbuurt")
    place("Binnen", area=area)
    place("Buiten")
    assert names(client, area=area.code) == ["Binnen"]
    assert names(client, area=area.parent.parent.code) == ["Binnen"]
    assert client.get(URL, {"area": area.code}).context["map_data"]["area"] == ["neighbourhood", area.code]


def test_pages_of_forty_numbered_on(client):
    for number in range(43):
        place(f"Plek {number:02}")
    second = client.get(URL, {"page": 2})
    assert [hit["number"] for hit in second.context["hits"]] == [41, 42, 43]
    assert '<ol start="41">' in second.content.decode()
    # The map still knows all that matches.
    assert len(client.get(URL, {"q": "plek"}).context["map_data"]["only"]) == 43


def test_nothing_found_says_what_to_do(client):
    page = client.get(URL, {"q": "zeppelin"}).content.decode()
    assert 'href="/kaart/"' in page
    assert 'href="tel:' in page


HOSTILE = [
    "\x00",
    "a\x00b",
    "'",
    "'):*",
    "\\",
    "& | ! <->",
    "%_%",
    "x" * 20_000,
    "de het een",
    "😀😀😀",
    "مرحبا",
    "__",
    "1e9999",
    "-1",
    "9" * 5000,
    "<script>",
    "a " * 500,
    "٣",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_in_any_parameter_gets_a_page(client, text):
    place("Een")
    for name in ("q", "postcode", "kind", "activity", "area", "page"):
        assert client.get(URL, {name: text}).status_code == 200, name


def test_an_unknown_filter_is_said_and_left_out(client):
    place("Een")
    response = client.get(URL, {"kind": ["spaceship", ""], "page": 10**9})
    assert response.context["asked"].unknown
    assert len(response.context["hits"]) == 1
    assert not client.get(URL, {"kind": "", "q": "", "activity": ""}).context["asked"].unknown


@pytest.mark.parametrize("query", ["", "?q=plek&postcode=1094", "?kind=cooperative"])
def test_the_same_queries_however_many_are_shown(client, query):
    numbers, area = iter(range(10)), NeighbourhoodFactory()
    assert_constant_queries(client, URL + query, lambda: place(f"Plek {next(numbers)}", kind="cooperative", area=area))


def test_points_are_compact_and_only_sent_when_changed(client, django_assert_num_queries):
    area = NeighbourhoodFactory(name="Dapperbuurt", centre=Point(4.9270001, 52.3624999))
    exact = place("Een", area=area)
    InitiativeFactory(name="Twee", area=area, location=None)
    answer = client.get("/kaart/punten.json", headers={"Accept-Encoding": "gzip"})
    data = json.loads(gzip.decompress(answer.content))
    assert data["points"][0] == [exact.pk, 4.94, 52.363, 0, exact.slug, "Een", 0]
    assert data["points"][1][1:3] == [4.927, 52.3625]
    assert data["areas"] == ["Dapperbuurt"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]}
    with django_assert_num_queries(2):
        assert client.get("/kaart/punten.json", headers=headers).status_code == 304
    Initiative.objects.filter(pk=exact.pk).update(name="Eén", updated_at=timezone.now() + timedelta(seconds=1))
    assert client.get("/kaart/punten.json", headers=headers).status_code == 200


def test_new_boundaries_reassign(client):
    east, west = NeighbourhoodFactory(), NeighbourhoodFactory()
    moves = InitiativeFactory(area=west, location=east.centre)
    stays = InitiativeFactory(area=west, location=west.centre)
    outside = InitiativeFactory(area=west, location=Point(6.5, 53.2))
    gone = NeighbourhoodFactory(vanished_at=timezone.now(), centre=Point(east.centre.lon + 0.001, east.centre.lat))
    orphan = InitiativeFactory(area=gone, location=None)
    at = timezone.now()
    assert reassign_areas(at=at) == 2
    assert reassign_areas(at=at) == 0
    areas = {row.pk: row.area_id for row in Initiative.objects.all()}
    assert areas == {moves.pk: east.pk, stays.pk: west.pk, outside.pk: west.pk, orphan.pk: east.pk}


def test_signs_that_grow_are_cut_too():
    assert len(bare("\ufdfa" * LONGEST_QUERY)) == LONGEST_QUERY
