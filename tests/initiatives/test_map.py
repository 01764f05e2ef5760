"""The map page without JavaScript: list, choices, near, contacts, and whatever may stand in its address."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldlab.areas.models import Postcode4
from fieldlab.lib.geo import Point
from fieldlab.lib.opening import OpeningHours
from initiatives.actions import reassign_areas
from initiatives.models import AreaContact, Initiative, SearchEntry, Status
from initiatives.search import distance
from initiatives.search.finding import opening
from initiatives.views.map import LOOK_UPS_A_MINUTE
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, make_contact
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


def hits(response):
    return [hit.initiative.name for hit in response.context["hits"]]


def names(client, **query):
    return hits(client.get(URL, query))


def text(response):
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


# --- Words


def test_words_and_their_order(client):
    place("Atelier", summary="Wij hebben een naaimachine.")
    place("Naaicafé De Draad")
    place("Koffiehuis", description="Iedere dinsdag is er een tafel om samen te naaien.")
    place("Fietshoek", summary="Fietsen maken.")
    assert names(client, q="naaien") == ["Naaicafé De Draad", "Atelier", "Koffiehuis"]
    assert names(client, q="NAAICAFE") == ["Naaicafé De Draad"]
    assert names(client, q="fiets maken") == ["Fietshoek"]


def test_hits_are_marked_also_far_into_the_description(client):
    place("<b>Naaien</b> & meer", summary="Leren naaien, <script>alert(1)</script>")
    place("Koffiehuis", description="Woord " * 100 + "en dinsdag naaien. " + "Woord " * 100)
    html = client.get(URL, {"q": "naaien"}).content.decode()
    assert "&lt;b&gt;<mark>Naaien</mark>&lt;/b&gt; &amp; meer" in html
    assert "<script>alert" not in html
    assert "en dinsdag <mark>naaien</mark>. Woord" in html


def test_what_was_found_by_a_fact_says_so(client):
    place("Een", languages=["nl", "tr"])
    assert "<mark>Turks</mark>" in client.get(URL, {"q": "turks"}).content.decode()


def test_a_typing_error_is_told(client):
    place("Taalcafé Oosterpark")
    response = client.get(URL, {"q": "oosdterpark"})
    assert hits(response) == ["Taalcafé Oosterpark"]
    assert response.context["found"].alike
    assert "<mark>Oosterpark</mark>" in text(response)
    assert not client.get(URL, {"q": "zeppelin"}).context["found"].alike


def test_nothing_found_says_what_to_do(client):
    page = client.get(URL, {"q": "zeppelin"}).content.decode()
    assert 'href="/kaart/"' in page
    assert 'href="tel:' in page


# --- Choices


def test_choices_count_what_they_would_leave(client):
    place("Een", kind="cooperative", activity="garden")
    place("Twee", kind="cooperative", activity="kitchen")
    place("Drie", kind="community_centre", activity="kitchen")
    facts = client.get(URL, {"soort": "cooperative"}).context["found"].counts.facts
    assert facts["doet", "garden"] == facts["doet", "kitchen"] == facts["soort", "community_centre"] == 1
    assert facts["soort", "cooperative"] == 2
    assert names(client, soort="cooperative", doet="kitchen") == ["Twee"]
    assert sorted(names(client, doet=["garden", "kitchen"])) == ["Drie", "Een", "Twee"]


def test_what_is_chosen_stands_on_top_with_an_address_without_it(client):
    area = NeighbourhoodFactory(name="Dapperbuurt")
    place("Een", kind="cooperative", languages=["nl", "ar"], area=area)
    query = {"q": "een", "soort": "cooperative", "taal": ["ar"], "gebied": area.code, "postcode": "1094"}
    chosen = client.get(URL, query).context["panel"].chosen
    assert chosen[0].label == "‘een’"
    whole = {"q": ["een"], "soort": ["cooperative"], "taal": ["ar"], "gebied": [area.code], "postcode": ["1094"]}
    for each, name in zip(chosen, ["q", "postcode", "gebied", "taal", "soort"], strict=True):
        assert parse_qs(urlsplit(each.without).query) == {key: value for key, value in whole.items() if key != name}


def test_every_choice_shown_is_a_box_with_its_name_in_a_form(client):
    facts = {"doet": "table", "aanbod": "work", "toegang": "step_free", "voor": "women", "soort": "cooperative", "fase": "idea"}
    lists = {"offers": ["work"], "languages": ["nl", "ar"], "accessibility": ["step_free"], "audiences": ["women"]}
    place("Een", kind="cooperative", phase="idea", **lists)
    html = text(client.get(URL, {"taal": "ar"}))
    assert 'id="taal-ar" name="taal" value="ar" checked' in html
    for name, value in facts.items():
        assert html.count(f'id="{name}-{value}" name="{name}" value="{value}">') == 1
    assert html.count('id="taal-ar"') == 1


def test_from_the_whole_through_a_district_to_a_neighbourhood(client):
    area = NeighbourhoodFactory(name="Dapperbuurt")
    place("Binnen", area=area)
    place("Komt er", service_areas=[area.parent.code])
    place("Buiten")
    district = area.parent.parent
    response = client.get(URL, {"gebied": district.code})
    assert sorted(hits(response)) == ["Binnen", "Komt er"]
    assert [(each.value, each.count) for each in response.context["panel"].where] == [
        ("", None),
        (district.code, None),
        (area.parent.code, 2),
    ]
    assert sorted(names(client, gebied=area.code)) == ["Binnen", "Komt er"]
    assert names(client, area=area.code) == names(client, gebied=area.code)
    assert response.context["map_data"]["area"] == ["district", district.code]


def test_a_piece_of_the_map_is_passed_on_by_the_form_and_can_be_left(client):
    place("Binnen")
    place("Buiten", east=0.2)
    response = client.get(URL, {"vak": "4.9,52.3,5,52.4"})
    assert hits(response) == ["Binnen"]
    assert 'name="vak" value="4.9,52.3,5.0,52.4"' in text(response)
    assert response.context["panel"].chosen[0].without == URL


def test_open_now_and_until_when(client):
    place("Open", opening_hours={"week": [[1, 540, 1020]], "exceptions": []})
    place("Dicht", opening_hours={"week": [[2, 540, 1020]], "exceptions": []})
    with time_machine.travel(datetime(2026, 12, 8, 13, tzinfo=UTC), tick=False):
        response = client.get(URL, {"open": "nu"})
        assert hits(response) == ["Open"]
        assert "17.00" in text(response)
        assert len(names(client)) == 2


@pytest.mark.parametrize(
    ("week", "now", "words"),
    [
        ([(1, 540, 1020)], True, "17.00"),
        ([(1, 540, 1440)], True, "24.00"),
        ([(1, 870, 1020)], False, "14.30"),
        ([(2, 570, 600)], False, "9.30"),
        ([(0, 570, 600)], False, "9.30"),
    ],
)
def test_opening_in_a_few_words(week, now, words):
    told = opening(OpeningHours(tuple(week)), datetime(2026, 12, 8, 13, tzinfo=UTC))
    assert told.now is now
    assert words in told.words
    assert opening(OpeningHours(), timezone.now()) is None


# --- Near


def test_the_nearest_to_a_postcode_comes_first_with_minutes_on_foot(client):
    place("Ver", east=0.2)
    place("Dichtbij", east=0.002)
    place("Midden", east=0.02)
    for query in ({"postcode": "1094 HP"}, {"bij": "52.363,4.940"}):
        response = client.get(URL, query)
        assert hits(response) == ["Dichtbij", "Midden", "Ver"]
        assert [(hit.distance.minutes, hit.distance.kilometres) for hit in response.context["hits"]] == [(2, 1), (17, 2), (0, 14)]
        assert "2 minuten lopen" in text(response)


@pytest.mark.parametrize(("metres", "minutes"), [(0, 1), (79, 1), (81, 2), (4799, 60), (4801, 0)])
def test_eighty_metres_a_minute(metres, minutes):
    far = distance(HERE, Point(HERE.lon, HERE.lat + metres / 111_195))
    assert far.minutes == minutes


def test_an_unknown_postcode_is_said_and_everything_stays_visible(client):
    place("Een")
    response = client.get(URL, {"postcode": "0000"})
    assert 'id="place-error"' in text(response)
    assert 'value="0000"' in text(response)
    assert len(response.context["hits"]) == 1


def test_an_address_becomes_a_point_of_a_hundred_metres(client, service, java_buurt):
    place("Een")
    response = client.get(URL, {"postcode": "Javastraat 112", "taal": "nl", "q": "een"})
    assert response.status_code == 302
    assert response["Location"] == "/kaart/?q=een&bij=52.364,4.939&taal=nl"
    page = client.get(response["Location"])
    assert page.context["near"] == "Javabuurt"
    assert 'name="bij" value="52.364,4.939"' in text(page)
    assert "112" not in text(page).partition("<main")[2].partition("Een")[0]


def test_the_name_of_an_area_is_a_place_too(client):
    area = NeighbourhoodFactory(name="Dappérbuurt", centre=Point(4.92712, 52.36249))
    assert client.get(URL, {"postcode": "dapperbuurt "})["Location"] == "/kaart/?bij=52.362,4.927"
    assert area.centre


@pytest.mark.parametrize("mood", ["html", "500", "400", "garbage", "wrong", "huge", "hang up", "null"])
def test_the_address_service_in_trouble(client, service, mood):
    place("Een")
    service.state.mood = mood
    response = client.get(URL, {"postcode": "Javastraat 112"})
    assert response.status_code == 200
    assert 'id="place-error"' in text(response)
    assert 'value="Javastraat 112"' in text(response)
    assert hits(response) == ["Een"]
    # What was typed stands in its own box and nowhere else.
    assert text(response).count("Javastraat 112") == 1


def test_an_address_nobody_knows(client, service, java_buurt):
    place("Een")
    assert client.get(URL, {"postcode": "Nergensstraat 1", "bij": "52.363,4.940"}).context["near"] == "Javabuurt"
    response = client.get(URL, {"postcode": "Nergensstraat 1"})
    assert 'id="place-error"' in text(response)
    assert hits(response) == ["Een"]


def test_looking_up_has_its_limit(client, service):
    for _ in range(LOOK_UPS_A_MINUTE):
        client.get(URL, {"postcode": "Nergensstraat 1"})
    asked = len(service.requests)
    response = client.get(URL, {"postcode": "Javastraat 112"})
    assert response.status_code == 200
    assert len(service.requests) == asked
    cache.clear()
    assert client.get(URL, {"postcode": "Javastraat 112"}).status_code == 302


# --- Whom to ask


def test_the_contact_nearest_to_home_stands_with_the_places(client, java_buurt):
    district = java_buurt.parent.parent
    make_contact(district, name="Van het stadsdeel")
    place("Een", area=java_buurt)
    assert "Van het stadsdeel" in text(client.get(URL, {"gebied": java_buurt.code}))
    make_contact(java_buurt, name="Van de buurt")
    for query in ({"gebied": java_buurt.code}, {"bij": "52.363,4.940"}, {"postcode": "1094"}):
        page = text(client.get(URL, query))
        assert "Van de buurt" in page
        assert "Van het stadsdeel" not in page
    assert "Van de buurt" not in text(client.get(URL))


def test_all_contacts_those_of_here_first(client, java_buurt):
    make_contact(NeighbourhoodFactory(), name="A elders")
    make_contact(java_buurt, name="B hier")
    page = text(client.get(URL, {"toon": "aanspreekpunten", "gebied": java_buurt.code}))
    assert page.index("B hier") < page.index("A elders")
    assert "A elders" in text(client.get(URL, {"toon": "aanspreekpunten"}))


# --- The page


def test_only_what_is_published_is_found_anywhere(client):
    for status in Status.values:
        place(f"Plek {status}", status=status)
    assert names(client) == ["Plek published"]
    assert names(client, q="plek") == ["Plek published"]


def test_pages_of_forty_numbered_on(client):
    for number in range(43):
        place(f"Plek {number:02}", east=number / 1000)
    second = client.get(URL, {"page": 2, "q": "plek"})
    assert [hit.number for hit in second.context["hits"]] == [41, 42, 43]
    assert '<ol start="41">' in second.content.decode()
    assert 'href="/kaart/?q=plek" rel="prev"' in text(second)
    assert len(second.context["map_data"]["only"]) == 43
    near = client.get(URL, {"page": 2, "bij": "52.363,4.940"})
    assert hits(near) == ["Plek 40", "Plek 41", "Plek 42"]
    assert len(client.get(URL, {"page": 10**9}).context["hits"]) == 3


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
    "\u202egnp.exe",
    "__",
    "1e9999",
    "-1",
    "NaN,NaN",
    "52,4",
    "4,52,5,53",
    "5,53,4,52",
    "9" * 5000,
    "<script>",
    "a " * 500,
    "٣",
]
PARAMETERS = ["q", "postcode", "bij", "soort", "kind", "doet", "aanbod", "taal", "toegang", "fase", "voor", "gebied", "area"]
PARAMETERS += ["open", "plek", "toon", "vak", "page"]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_in_any_parameter_gets_a_page(client, service, typed):
    place("Een")
    for name in PARAMETERS:
        cache.clear()
        assert client.get(URL, {name: typed}).status_code in (200, 302), name


def test_an_unknown_filter_is_said_and_left_out(client):
    place("Een")
    response = client.get(URL, {"soort": ["spaceship", ""], "page": 10**9})
    assert response.context["asked"].unknown == ("soort",)
    assert len(response.context["hits"]) == 1
    assert not client.get(URL, {"soort": "", "q": "", "doet": ""}).context["asked"].unknown


@pytest.mark.parametrize(
    "query", ["", "?q=plek&postcode=1094", "?soort=cooperative", "?q=pleck&taal=nl&open=nu", "?bij=52.3,4.9", "?gebied=A"]
)
def test_the_same_queries_however_many_are_shown(client, query):
    numbers, area = iter(range(10)), NeighbourhoodFactory(parent__parent__code="A")
    make_contact(area)
    count = assert_constant_queries(
        client, URL + query, lambda: place(f"Plek {next(numbers)}", kind="cooperative", area=area, languages=["nl"])
    )
    assert count <= 16


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_until_something_changes(client):
    first = place("Een")
    assert names(client) == ["Een"]
    with CaptureQueriesContext(connection) as again:
        page = text(client.get(URL))
    assert "Een" in page
    assert len(again) <= 3
    Initiative.objects.filter(pk=first.pk).update(name="Twee", updated_at=timezone.now())
    assert names(client) == ["Twee"]
    Initiative.objects.filter(pk=first.pk).update(status=Status.ARCHIVED)
    assert names(client) == []


@pytest.mark.django_db(transaction=True)
def test_nor_longer_than_a_contact_is_the_same(client):
    area = NeighbourhoodFactory()
    contact = make_contact(area, name="Fenna")
    assert "Fenna" in text(client.get(URL, {"gebied": area.code}))
    AreaContact.objects.update(name="Hatice")
    assert "Hatice" in text(client.get(URL, {"gebied": area.code}))
    contact.delete()
    assert "Hatice" not in text(client.get(URL, {"gebied": area.code}))


@pytest.mark.django_db(transaction=True)
def test_what_somebody_types_is_not_kept(client):
    place("Naaien")
    names(client, q="naaien")
    SearchEntry.objects.update(name="Anders")  # without a mark of its own it would not be seen
    with CaptureQueriesContext(connection) as again:
        client.get(URL, {"q": "naaien"})
    assert len(again) > 3


@pytest.mark.django_db(transaction=True)
def test_a_kept_answer_is_kept_in_its_language(client):
    place("Een")
    assert "Wat zoekt u?" in text(client.get(URL))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text(client.get(URL))
    assert 'lang="en"' in page
    assert "More choices" in page
    assert "Meer keuzes" not in page


def test_broken_bytes_in_an_address(client):
    place("Een")
    assert client.get(f"{URL}?q=%ff%ed%bf%bf&postcode=%ff&soort=%c3%28").status_code == 200


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
