"""The map's document: what is in it, how it is sent, and that no change is missed; and the viewport beside it."""

import gzip
import json
from datetime import timedelta
from itertools import accumulate
from threading import Event
from time import monotonic, sleep

import brotli
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fieldlab.areas.sample
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from fieldlab.lib.public_json import _encoding as encoding
from initiatives import map_document
from initiatives.map_document import KEPT, current_address, publish, publish_if_due
from initiatives.models import Initiative, MapChange, MapDocument, SearchEntry, Status
from initiatives.sample import load_many
from initiatives.search import viewport
from initiatives.views import map_data
from tests.concurrency.harness import race
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.servers.worker import celery_worker, until

pytestmark = pytest.mark.django_db
HERE = Point(4.94, 52.363)
NOW = timezone.now()


@pytest.fixture(autouse=True)
def nothing_in_memory():
    map_data._stored.cache_clear()
    map_data._last_known = ""


def content(client, **headers):
    return client.get(current_address(), headers=headers)


def newest():
    return json.loads(bytes(MapDocument.objects.order_by("-made_at").first().plain))


def places(document):
    """[(key, longitude, latitude, kind, name, area, district)] as the map's script reads them."""
    keys, lons, lats = (list(accumulate(document[name])) for name in ("keys", "lon", "lat"))
    areas = [document["areas"][index] for index in document["area"]]
    return [
        (key, lon / 1e5, lat / 1e5, document["kinds"][kind], name, area, document["districts"][district][1])
        for key, lon, lat, kind, name, (area, district) in zip(keys, lons, lats, document["kind"], document["names"], areas, strict=True)
    ]


# --- What is in it


def test_it_holds_what_is_published_and_only_that():
    dapper = NeighbourhoodFactory(name="Dapperbuurt", centre=Point(4.9270001, 52.3624999))
    exact = InitiativeFactory(name="Één “plek” 😀", kind="cooperative", area=dapper, location=HERE)
    vague = InitiativeFactory(name="Ergens", kind="informal_group", area=dapper, location=None)
    for status in Status.values:
        if status != "published":
            InitiativeFactory(status=status)
    publish(at=NOW)
    district = dapper.parent.parent.name
    assert places(newest()) == [
        (exact.pk, 4.94, 52.363, "cooperative", "Één “plek” 😀", "Dapperbuurt", district),
        (vague.pk, 4.927, 52.3625, "informal_group", "Ergens", "Dapperbuurt", district),
    ]
    assert newest()["places"] == 2


def test_an_empty_map_is_a_document_too(client):
    assert content(client).json()["keys"] == []


def test_above_the_limit_it_says_how_many_and_no_more(monkeypatch):
    monkeypatch.setattr(map_document, "MOST_IN_ONE", 1)
    for _ in range(2):
        InitiativeFactory()
    publish(at=NOW)
    assert newest() == {"places": 2}


def test_ten_thousand_places_stay_below_two_hundred_kilobytes():
    """Spread over the sample's neighbourhoods, with names of its words: what is measured is what is sent."""
    fieldlab.areas.sample.load(NOW)
    load_many(10_000, NOW)
    publish(at=NOW)
    document = MapDocument.objects.get()
    told = json.loads(bytes(document.plain))
    assert {len(told[name]) for name in ("keys", "lon", "lat", "kind", "area", "names")} == {10_000}
    assert len(set(told["names"])) > 1_000, "what repeats itself packs too well to tell anything"
    assert len(bytes(document.brotli)) < 200_000
    assert brotli.decompress(bytes(document.brotli)) == bytes(document.plain)


def test_as_many_queries_for_three_as_for_one():
    def queries():
        with CaptureQueriesContext(connection) as asked:
            publish(at=NOW)
        return [query["sql"].partition(" ")[0] for query in asked]

    InitiativeFactory()
    publish(at=NOW)  # then both times there is an older version
    Initiative.objects.update(name="Een")
    one = queries()
    InitiativeFactory()
    InitiativeFactory()
    assert queries() == one
    assert newest()["places"] == 3
    assert len(one) == 11  # three of them the savepoint and the lock


# --- How it is sent


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR", "br"),
        ("br;q=0.000,gzip;q=0", ""),
        ("", ""),
        ("brotli, gzipped", ""),
        (";;;,,,q=", ""),
    ],
)
def test_the_best_encoding_that_is_taken(accepted, sent):
    assert encoding(accepted) == sent


def test_every_encoding_holds_the_same_and_has_its_own_etag(client):
    InitiativeFactory()
    plain, packed, smallest = (content(client, accept_encoding=name) for name in ("", "gzip", "br"))
    assert gzip.decompress(packed.content) == brotli.decompress(smallest.content) == plain.content
    assert len({plain["ETag"], packed["ETag"], smallest["ETag"]}) == 3
    assert not plain["ETag"].startswith("W/")
    assert (packed["Content-Encoding"], smallest["Content-Encoding"]) == ("gzip", "br")
    for answer in (plain, packed, smallest):
        assert answer["Vary"] == "Accept-Encoding"  # no cookie, no language: any cache may share it
        assert "immutable" in answer["Cache-Control"]
        assert not answer.cookies


def test_who_has_it_gets_304_and_head_gets_no_body(client, django_assert_num_queries):
    answer = content(client, accept_encoding="br")
    headers = {"Accept-Encoding": "br", "If-None-Match": f'"other", {answer["ETag"]}'}
    address = current_address()
    with django_assert_num_queries(0):
        again = client.get(address, headers=headers)
        head = client.head(address, headers={"Accept-Encoding": "br"})
    assert (again.status_code, again.content, again["ETag"], again["Vary"]) == (304, b"", answer["ETag"], "Accept-Encoding")
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(answer.content)))
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 200, "another encoding is another thing"
    assert client.post(address).status_code == 405


def test_an_old_address_leads_to_the_newest(client):
    answer = client.get(f"/kaart/punten/{'0' * 16}.json")
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, current_address(), "no-store")
    for version in ("x" * 80, "DEADBEEF", "x"):
        assert client.get(f"/kaart/punten/{version}.json").status_code == 404
    answer = client.get("/kaart/punten.json")
    assert (answer["Location"], answer["Cache-Control"]) == (current_address(), "public, max-age=1")


def test_without_a_database_it_answers_what_it_has(client, monkeypatch):
    address = client.get("/kaart/punten.json")["Location"]
    client.get(address)

    def away(*args, **kwargs):
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        assert client.get("/kaart/punten.json")["Location"] == address
        assert client.get(address).status_code == 200


def test_memory_stays_bounded(client):
    for number in range(2 * map_data.IN_MEMORY):
        InitiativeFactory(name=f"Plek {number}")
        client.get(f"/kaart/punten/{publish(at=NOW)}.json")
    assert map_data._stored.cache_info().currsize == map_data.IN_MEMORY


# --- When it is made


def test_every_way_of_changing_is_noticed_and_nothing_else():
    initiative, draft = InitiativeFactory(), InitiativeFactory(draft=True)
    publish(at=NOW)
    assert not publish_if_due(at=NOW)
    Initiative.objects.filter(pk=draft.pk).update(name="Iets anders")
    assert not publish_if_due(at=NOW)
    for change in (
        lambda: Initiative.objects.filter(pk=initiative.pk).update(name="Nieuw"),
        lambda: Initiative.objects.bulk_create([InitiativeFactory.build(area=initiative.area, slug="nog-een")]),
        lambda: Initiative.objects.filter(pk=initiative.pk).update(status="archived"),
        lambda: Initiative.objects.filter(slug="nog-een").delete(),
    ):
        before = current_address()
        change()
        assert publish_if_due(at=NOW)
        assert current_address() != before
        assert not MapChange.objects.exists()


def test_a_change_that_the_map_does_not_show_keeps_the_version():
    initiative = InitiativeFactory()
    before = publish(at=NOW)
    Initiative.objects.filter(pk=initiative.pk).update(summary="Iets anders")
    assert publish_if_due(at=NOW)
    assert publish(at=NOW) == before
    assert MapDocument.objects.count() == 1


def test_what_comes_back_is_the_newest_again():
    """Also when the clock of the machine that publishes is behind."""
    initiative = InitiativeFactory(name="Een")
    first = publish(at=NOW)
    Initiative.objects.filter(pk=initiative.pk).update(name="Twee")
    publish(at=NOW - timedelta(minutes=5))
    assert newest()["names"] == ["Twee"]
    Initiative.objects.filter(pk=initiative.pk).update(name="Een")
    assert publish(at=NOW - timedelta(minutes=9)) == first
    assert newest()["names"] == ["Een"]


def test_old_versions_go_and_a_new_name_of_an_area_comes():
    initiative = InitiativeFactory()
    publish(at=NOW - 2 * KEPT)
    Area.objects.filter(pk=initiative.area_id).update(name="Andere Buurt")
    assert publish_if_due(at=NOW)
    assert MapDocument.objects.count() == 1
    assert newest()["areas"][0][0] == "Andere Buurt"


@pytest.mark.django_db(transaction=True)
def test_of_many_publishers_and_writers_no_change_is_missed():
    area = NeighbourhoodFactory()
    for turn in range(6):

        def write(turn=turn):
            InitiativeFactory(name=f"Plek {turn}", area=area, slug=f"plek-{turn}")

        for outcome in race(write, *[lambda: publish(at=timezone.now())] * 3):
            assert outcome.error is None
        publish_if_due(at=timezone.now())
        assert [row[4] for row in places(newest())] == [f"Plek {number}" for number in range(turn + 1)]
        assert not MapChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_it_reads_is_in_the_next(monkeypatch):
    area = NeighbourhoodFactory()
    read, go_on = Event(), Event()
    content = map_document._content

    def slow():
        found = content()
        read.set()
        assert go_on.wait(20)
        return found

    monkeypatch.setattr(map_document, "_content", slow)

    def write():
        assert read.wait(20)
        InitiativeFactory(name="Ondertussen", area=area)
        go_on.set()

    for outcome in race(lambda: publish(at=timezone.now()), write):
        assert outcome.error is None
    assert newest()["names"] == []
    assert MapChange.objects.count() == 1
    monkeypatch.undo()
    assert publish_if_due(at=timezone.now())
    assert newest()["names"] == ["Ondertussen"]


@pytest.mark.django_db(transaction=True)
def test_a_mark_of_what_is_not_yet_written_stays():
    """A change and its mark become visible together: who publishes in between takes neither."""
    area = NeighbourhoodFactory()
    written, published = Event(), Event()

    def write():
        with transaction.atomic():
            InitiativeFactory(name="Nog niet klaar", area=area)
            written.set()
            assert published.wait(20)

    def publish_now():
        assert written.wait(20)
        publish(at=timezone.now())
        published.set()

    for outcome in race(write, publish_now):
        assert outcome.error is None
    assert newest()["names"] == []
    assert publish_if_due(at=timezone.now())
    assert newest()["names"] == ["Nog niet klaar"]


# --- By viewport


AROUND = "4.8,52.3,5.0,52.4"


def test_close_ones_are_counted_and_named_by_where_most_lie(client):
    dapper, other = NeighbourhoodFactory(name="Dapperbuurt"), NeighbourhoodFactory(name="Elders")
    for number in range(5):
        InitiativeFactory(area=other if number == 3 else dapper, location=Point(HERE.lon + number / 1e5, HERE.lat))
    alone = InitiativeFactory(name="Alleen", kind="cooperative", area=other, location=Point(4.85, 52.33))
    InitiativeFactory(location=Point(6.0, 52.4))
    answer = client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 13}).json()
    assert answer["cells"] == [[494002, 5236300, "Dapperbuurt", 5, 494000, 5236300, 494004, 5236300]]
    assert answer["points"] == [[alone.pk, 485000, 5233000, answer["kinds"].index("cooperative"), "Alleen", "Elders"]]


def test_from_far_districts_are_counted(client):
    one = InitiativeFactory(kind="cooperative", location=HERE)
    InitiativeFactory(area=one.area, location=HERE)
    district = one.area.parent.parent
    Area.objects.filter(pk=district.pk).update(centre=HERE, changed_at=timezone.now())
    answer = client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 11}).json()
    assert answer == {"districts": [[district.code, district.name, 494000, 5236300, 2]]}
    assert client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 11, "soort": "cooperative"}).json()["districts"][0][4] == 1


def test_the_question_of_the_page_counts_and_what_the_page_draws_itself_does_not(client):
    first = InitiativeFactory(kind="cooperative", location=HERE)
    second = InitiativeFactory(kind="cooperative", location=HERE, area=first.area)
    InitiativeFactory(location=HERE, area=first.area)

    def keys(**query):
        answer = client.get("/kaart/vak.json", {"beeld": AROUND, "zoom": 14, **query}).json()
        return [point[0] for point in answer["points"]], [cell[3] for cell in answer["cells"]]

    assert keys(soort="cooperative") == ([], [2])
    assert keys(soort="cooperative", zonder=f"{first.pk},x,,-1,{'9' * 30}") == ([second.pk], [])
    assert keys(vak="5.1,52.3,5.2,52.4") == ([], []), "the box of the question still holds"


@pytest.mark.parametrize(
    "box",
    [
        "",
        "4.9",
        "4.9,52.3,4.8",
        "5.0,52.3,4.8,52.4",
        "4.8,52.4,5.0,52.3",
        "4.8,52.3,4.8,52.3",
        "nan,nan,nan,nan",
        "inf,-inf,inf,inf",
        "-180,-90,180,90",
        "179.9,52.3,-179.9,52.4",
        "4.8,52.3,500,52.4",
        "4.8,52.3,5.0,1e300",
        "4.8;52.3;5.0;52.4",
        "4.8,52.3,5.0,52.4\x00",
        "4.8,52.3,5.0,٥٢",
        "9" * 100_000,
        ",".join("9" * 4000 for _ in range(4)),
    ],
    ids=range(17),
)
def test_a_box_that_is_none_is_refused_in_words(client, box):
    for name in ("vak", "beeld"):
        answer = client.get("/kaart/vak.json", {name: box, "zoom": 13})
        assert answer.status_code == 400
        assert answer.json()["message"]


@pytest.mark.parametrize("zoom", ["", "x", "-1", "0", "99", "1e3", "9" * 5000, "\x00", "12.5"])
def test_a_zoom_level_that_is_none_is_refused(client, zoom):
    assert client.get("/kaart/vak.json", {"vak": AROUND, "zoom": zoom}).status_code == 400


def test_too_large_to_be_seen_so_near_is_refused(client):
    assert client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 19}).status_code == 400
    assert client.get("/kaart/vak.json", {"vak": "-20,40,20,60", "zoom": 11}).status_code == 400


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=40))
def test_anything_gets_an_answer(client, box, zoom, without):
    answer = client.get("/kaart/vak.json", {"vak": box, "zoom": zoom, "zonder": without, "q": without, "soort": box})
    assert answer.status_code in (200, 400)


def test_a_screen_full_stays_small(client):
    area = NeighbourhoodFactory()
    view = viewport.read_view("4.90,52.33,4.984,52.38", "16")
    width, height = view.cell
    cells = [(x, y) for x in range(45) for y in range(42)]
    SearchEntry.objects.all().delete()
    initiatives = [
        InitiativeFactory.build(
            area=area,
            slug=f"plek-{n}",
            name=f"Plek nummer {n}",
            location=Point(4.901 + (n % 1890 % 45) * width, 52.331 + (n % 1890 // 45) * height),
        )
        for n in range(2 * len(cells))
    ]
    Initiative.objects.bulk_create(initiatives)
    answer = client.get("/kaart/vak.json", {"vak": "4.90,52.33,4.984,52.38", "zoom": 16}, headers={"Accept-Encoding": "br"})
    assert sum(cell[3] for cell in json.loads(brotli.decompress(answer.content))["cells"]) > 3000
    assert len(answer.content) < 50_000


def test_as_many_queries_however_many_places(client, django_assert_max_num_queries):
    area = NeighbourhoodFactory()
    for _ in range(3):
        InitiativeFactory(area=area, location=HERE)
    client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 13})
    with django_assert_max_num_queries(4):
        client.get("/kaart/vak.json", {"vak": AROUND, "zoom": 13})


# --- One place


def test_one_place_as_the_list_shows_it(client):
    shown, hidden = InitiativeFactory(name="<b>Naaien</b>"), InitiativeFactory(submitted=True)
    page = client.get(f"/kaart/plek/{shown.pk}/").content.decode()
    assert "&lt;b&gt;Naaien" in page
    assert page.strip().startswith("<li")
    for key in (hidden.pk, 0, 10**9, 10**30, "9" * 5000):
        assert client.get(f"/kaart/plek/{key}/").status_code == 404


# --- How far behind


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_change_is_on_the_map_within_five_seconds():
    """A real worker with beat; each change comes at another moment between two beats, and a cache may hold the address for a second."""
    area, client = NeighbourhoodFactory(), Client()
    InitiativeFactory(area=area)
    with celery_worker() as worker:
        until(lambda: "publish_map" in worker.log, what="the first beat")
        for number in range(4):
            sleep(0.45 * number)
            before, changed = current_address(), monotonic()
            InitiativeFactory(area=area, name=f"Nieuw {number}")
            until(lambda before=before: client.get("/kaart/punten.json")["Location"] != before, seconds=5, what="the new document")
            cached = 1
            assert monotonic() - changed + cached <= 5
            assert f"Nieuw {number}" in client.get(current_address()).json()["names"]
