"""Search against a plain model of it: every filter, alone and together, and the counts beside them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldlab.lib.geo import Point
from fieldlab.lib.opening import OpeningHours, OtherHours
from initiatives.models import Initiative, SearchEntry
from initiatives.search import GROUPS, Asked, Box, address_of, matching, querystring, read_question
from initiatives.search.areas import areas
from initiatives.search.distances import nearest
from initiatives.search.facets import count
from initiatives.search.matching import open_at, prepare
from initiatives.search.spelling import most_like
from initiatives.search.words import Marker, plain, words_of
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory

pytestmark = pytest.mark.django_db

# Tuesday 8 December 2026, 14.00 hours in Amsterdam
AT = datetime(2026, 12, 8, 13, tzinfo=UTC)
HERE = Point(4.94, 52.363)
slow = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = {
    "kind": ["cooperative", "community_centre"],
    "activity": ["garden", "kitchen", "sewing"],
    "phase": ["idea", "stable", ""],
    "offers": [[], ["work"], ["work", "meals"], ["childcare"]],
    "languages": [["nl"], ["nl", "ar"], ["tr"]],
    "accessibility": [[], ["step_free"], ["step_free", "toilet"]],
    "audiences": [[], ["women"], ["women", "older"]],
    "room": ["", "yes", "waiting_list"],
    "access": ["walk_in", "walk_in", "appointment"],
}
HOURS = [{}, {"week": [[1, 540, 1020]], "exceptions": []}, {"week": [[1, 540, 840]], "exceptions": []}]


@pytest.fixture
def network(db):
    """Two dozen places over two districts, each with its own mixture of facts; {key: initiative}."""
    here = NeighbourhoodFactory(name="Dapperbuurt", parent__name="Indische Buurt", parent__parent__name="Oost")
    beside = NeighbourhoodFactory(name="Javabuurt", parent=here.parent)
    far = NeighbourhoodFactory(name="Osdorp", parent__name="Osdorp Midden", parent__parent__name="Nieuw-West")
    found = {}
    for number in range(24):
        fields = {name: choices[(number * 7 + step) % len(choices)] for step, (name, choices) in enumerate(WORDS.items())}
        initiative = InitiativeFactory(
            name=f"{'Naaien' if number % 3 else 'Koken'} {number}",
            summary="Samen bezig.",
            area=(here, beside, far)[number % 3],
            location=Point(HERE.lon + number / 500, HERE.lat),
            service_areas=[[], [here.code], [far.parent.parent.code], []][number % 4],
            opening_hours=HOURS[number % len(HOURS)],
            room_at=AT - timedelta(days=number * 3) if fields["room"] else None,
            **fields,
        )
        found[initiative.pk] = initiative
    return found


def lies_or_comes(initiative, area):
    tree = areas()
    own = [initiative.area.code, initiative.area.parent.code, initiative.area.parent.parent.code]
    touching = {tree.by_pk[pk].code for pk in tree.touching(area)}
    return area.code in own or bool(touching & set(initiative.service_areas))


def open_to_walk_in(initiative, at):
    """By appointment only, its hours are when somebody answers the telephone: as everywhere, it is not called open."""
    return initiative.access != "appointment" and initiative.hours.is_open(at)


def answers(initiative, asked, at, *, but=""):
    """The question put to one initiative in plain Python; `but` names what does not count."""
    box = asked.box
    checks = {
        group.field: not (wanted := asked.chosen(group))
        or bool({*wanted} & ({*getattr(initiative, group.column)} if group.many else {getattr(initiative, group.column)}))
        for group in GROUPS
    }
    checks["words"] = asked.words.lower() in initiative.name.lower()
    checks["area"] = asked.area is None or lies_or_comes(initiative, asked.area)
    checks["open"] = not asked.open_now or open_to_walk_in(initiative, at)
    checks["room"] = not asked.room_now or initiative.room_now(at) == "yes"
    checks["box"] = box is None or (box.west <= initiative.location.lon <= box.east and box.south <= initiative.location.lat <= box.north)
    return all(holds for name, holds in checks.items() if name != but)


def some(values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@st.composite
def questions(draw):
    return Asked(
        words=draw(st.sampled_from(["", "", "naaien", "koken"])),
        kinds=draw(some(["cooperative", "community_centre"])),
        activities=draw(some(["garden", "kitchen", "music"])),
        phases=draw(some(["idea", "stable"])),
        offers=draw(some(["work", "meals", "childcare"])),
        languages=draw(some(["nl", "ar", "tr"])),
        accessibility=draw(some(["step_free", "toilet"])),
        audiences=draw(some(["women", "older"])),
        area=draw(st.sampled_from([None, *areas().by_pk.values()])),
        open_now=draw(st.booleans()),
        room_now=draw(st.booleans()),
        box=draw(st.sampled_from([None, Box(4.94, 52.0, 4.96, 53.0)])),
    )


@slow
@given(data=st.data())
def test_what_matches_and_what_is_counted_is_what_a_plain_loop_finds(network, data):
    asked = data.draw(questions())
    right = {pk for pk, initiative in network.items() if answers(initiative, asked, AT)}
    assert set(matching(asked, at=AT).values_list("pk", flat=True)) == right
    counts = count(asked, prepare(asked), AT)
    assert counts.total == len(right)
    assert counts.open_now == sum(open_to_walk_in(network[pk], AT) for pk in right)
    assert counts.room_now == sum(network[pk].room_now(AT) == "yes" for pk in right)
    for group in GROUPS:
        others = [initiative for initiative in network.values() if answers(initiative, asked, AT, but=group.field)]
        for value in group.choices.values:
            has = sum(value in ({*getattr(each, group.column)} if group.many else {getattr(each, group.column)}) for each in others)
            assert counts.facts[group.name, value] == has, (group.name, value)
    for part in areas().parts.get(asked.area and asked.area.pk, []):
        assert counts.parts[part.pk] == sum(lies_or_comes(network[pk], part) for pk in right), part.name


def test_every_area_counts_what_lies_in_its_parts_or_comes_there(network):
    tree = areas()
    for area in [None, *tree.by_pk.values()]:
        asked = Asked(area=area)
        counts = count(asked, prepare(asked), AT)
        for part in tree.parts.get(area and area.pk, []):
            assert counts.parts[part.pk] == matching(Asked(area=part)).count() > 0, (area, part)
            assert counts.parts[part.pk] == sum(lies_or_comes(each, part) for each in network.values()), (area, part)


@slow
@given(data=st.data())
def test_an_address_holds_the_whole_question(network, data):
    asked = data.draw(questions())
    read = read_question(QueryDict(querystring(asked)))
    assert read == replace(asked, **{group.field: getattr(read, group.field) for group in GROUPS})
    assert all({*read.chosen(group)} == {*asked.chosen(group)} for group in GROUPS)
    assert read_question(QueryDict(address_of(asked, page=3).partition("?")[2])).page == 3


# --- Open now

minutes = st.integers(0, 1440)
day_hours = st.lists(st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1]), max_size=2).map(
    lambda pairs: [pair for n, pair in enumerate(sorted(pairs)) if not n or pair[0] >= sorted(pairs)[n - 1][1]]
)
# With the nights in which the clock is changed
moments = st.one_of(
    st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26)),
    st.datetimes(datetime(2027, 3, 27), datetime(2027, 3, 29)),
    st.datetimes(datetime(2026, 12, 1), datetime(2026, 12, 15)),
).map(lambda naive: naive.replace(tzinfo=UTC))


@settings(slow, max_examples=150)
@given(week=st.lists(day_hours, min_size=7, max_size=7), at=moments, other=st.none() | day_hours, days=st.integers(0, 2))
def test_open_in_sql_is_open_in_python(open_place, week, at, other, days):
    first = at.date() - timedelta(days=days % 2)
    exceptions = () if other is None else (OtherHours(first, first + timedelta(days=days), tuple(map(tuple, other))),)
    hours = OpeningHours(tuple((day, *times) for day, spans in enumerate(week) for times in spans), exceptions)
    Initiative.objects.filter(pk=open_place.pk).update(opening_hours=hours.to_json())
    assert SearchEntry.objects.filter(open_at(at)).exists() == hours.is_open(at)


@pytest.fixture
def open_place(db):
    return InitiativeFactory()


def test_an_exception_closes_only_its_own_days(open_place):
    hours = OpeningHours(((1, 540, 1020),), (OtherHours(date(2026, 12, 8), date(2026, 12, 8)),))
    Initiative.objects.filter(pk=open_place.pk).update(opening_hours=hours.to_json())
    assert [SearchEntry.objects.filter(open_at(AT + timedelta(weeks=weeks))).exists() for weeks in (0, 1)] == [False, True]


# --- Near


@slow
@given(
    offsets=st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=1, max_size=12)
    | st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=20, max_size=30),
    lat=st.sampled_from([52.36, 0.0, -33.9, 69.6]),
    start=st.integers(0, 14),
)
def test_every_page_is_in_order_of_metres(spread, offsets, lat, start):
    centre = Point(4.9, lat)
    places = [Point(round(4.9 + east, 5), round(lat + north, 5)) for east, north in offsets]
    for pk, place in zip(spread, [*places, *[None] * (len(spread) - len(places))], strict=True):
        SearchEntry.objects.filter(pk=pk).update(point=place)
    entries = SearchEntry.objects.filter(pk__in=spread)
    by_key = dict(zip(spread, places, strict=False))

    def metres(pk):
        return (pk not in by_key, by_key[pk].metres_to(centre) if pk in by_key else 0)

    found = nearest(entries, centre, start, start + 5)
    right = sorted(spread, key=metres)[start : start + 5]
    assert len(found) == len(right)
    for one, other in zip(found, right, strict=True):
        assert metres(one) == pytest.approx(metres(other), abs=0.01)


@pytest.fixture
def spread(db):
    area = NeighbourhoodFactory()
    return [InitiativeFactory(area=area).pk for _ in range(30)]


# --- Words


def found(text):
    asked = Asked(words=text)
    return sorted(Initiative.objects.filter(pk__in=matching(asked).values("pk")).values_list("name", flat=True))


def test_words_are_found_wherever_they_stand():
    InitiativeFactory(name="Atelier", summary="Wij hebben een naaimachine.", activity="table")
    InitiativeFactory(name="Café", summary="Koffie.", description="Op dinsdag wordt er genaaid en GEBREID.", activity="table")
    InitiativeFactory(name="Plein", summary="Ontmoeten.", activity="table", area=NeighbourhoodFactory(name="Dapperbuurt"))
    assert found("naaien") == ["Atelier"]
    assert found("gebreid") == found("gebreide koffie") == ["Café"]
    assert found("cafe") == found("CAFÉ") == ["Café"]
    assert found("dapper") == ["Plein"]
    assert found("koffie dapper") == []


def test_facts_are_found_by_their_name():
    InitiativeFactory(name="Een", activity="garden", summary="Iets.", languages=["nl", "tr"])
    InitiativeFactory(name="Twee", activity="table", summary="Iets.", languages=["nl"], kind="cooperative")
    assert found("turks") == ["Een"]
    assert found("turkse tuin") == ["Een"]
    assert found("turks tuinieren") == ["Een"]
    assert found("de cooperatie") == ["Twee"]
    # Everybody speaks it: the word is only found where it stands
    assert found("nederlands") == []


def test_a_word_spelt_wrong_finds_what_is_like_it_unless_the_word_exists():
    InitiativeFactory(name="Naaiatelier", summary="Samen naaien.", activity="table")
    InitiativeFactory(name="Taalcafé Oosterpark", summary="Praten.", activity="table", area=NeighbourhoodFactory(name="Dapperbuurt"))
    assert found("nayen") == ["Naaiatelier"]
    assert found("taalcafee oosdterpark") == ["Taalcafé Oosterpark"]
    assert found("daperbuurt") == ["Taalcafé Oosterpark"]
    assert found("naaien oosdterpark") == []
    InitiativeFactory(name="Huiskamer", summary="Koffie.", description="Op dinsdag restaureren wij meubels.", activity="table")
    assert found("restoureren") == ["Huiskamer"]
    InitiativeFactory(name="Nayen", summary="Een naam.", activity="table")
    assert found("nayen") == ["Nayen"]


def test_another_filter_does_not_make_a_word_look_misspelt():
    InitiativeFactory(name="Naaien", kind="cooperative")
    InitiativeFactory(name="Naaister", kind="community_centre")
    assert not matching(Asked(words="naaien", kinds=("informal_group",))).exists()
    assert prepare(Asked(words="naaien", kinds=("informal_group",))).alike is False


@pytest.mark.parametrize("text", ["de", "de het een", "!!!", "_", "😀", "مرحبا", "'):*", "\\", "ﷺ" * 120, "x" * 120, "a " * 60])
def test_any_words_are_a_question(text):
    InitiativeFactory(name="Een")
    assert matching(Asked(words=text)).count() in (0, 1)


@pytest.mark.parametrize("text", ["Café", "Łódź", "ßtraße", "Ørsted", "İstanbul", "ŒUVRE æ", "naïef", "Şişli ılık"])
def test_plain_is_what_the_database_makes_of_it(text):
    InitiativeFactory(name=text, summary="x")
    assert SearchEntry.objects.get().words == f"{plain(text)} x"


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("nayen", ["naaien", "zaaien", "naar", "buurt"], ["naaien"]),
        ("repareeren", ["repareren", "reparatie", "keren"], ["repareren"]),
        ("fietsn", ["fietsen", "fiets", "niets"], ["fietsen", "fiets"]),
        ("zeppelin", ["zon", "keuken"], []),
    ],
)
def test_the_words_most_like_it(typed, known, meant):
    assert most_like(typed, known) == meant


def test_marks_are_where_the_hits_are_and_markup_stays_text():
    marker = Marker(words_of("naaien"))
    assert marker.mark("<b>Naaimachine</b> & Náái") == "&lt;b&gt;<mark>Naaimachine</mark>&lt;/b&gt; &amp; <mark>Náái</mark>"
    assert Marker().mark("<i>") == "&lt;i&gt;"


def test_a_hit_in_the_description_shows_a_piece_of_it():
    marker = Marker(words_of("breien"))
    text = "Woord " * 60 + "en dan <breien> wij. " + "Woord " * 60
    piece = marker.fragment(text)
    assert "&lt;<mark>breien</mark>&gt;" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < 200
    assert marker.fragment("Niets.") == ""


# --- Reading an address

BAD = {
    "vak=5,53,4,52": "vak",
    "vak=4,52,5": "vak",
    "vak=NaN,52,5,53": "vak",
    "vak=-1e9,52,5,53": "vak",
    "vak=inf,inf,inf,inf": "vak",
    "vak=4,52,5,99": "vak",
    "bij=NaN,4.9": "bij",
    "bij=52": "bij",
    "bij=99,4.9": "bij",
    "bij=52.3,181": "bij",
    "bij=٥٢,٤": "bij",
    "bij=52,4,3": "bij",
    "gebied=nergens": "gebied",
    "gebied=%00": "gebied",
    "area=nergens": "gebied",
    "soort=ruimteschip": "soort",
    "kind=ruimteschip": "soort",
    "taal=xx&taal=": "taal",
    "open=ja": "open",
    "plek=1": "plek",
    "toon=alles": "toon",
}


@pytest.mark.parametrize(("query", "name"), BAD.items(), ids=range(len(BAD)))
def test_what_does_not_exist_is_left_out_and_named(query, name):
    asked = read_question(QueryDict(query))
    assert asked == Asked(unknown=(name,))


@pytest.mark.parametrize(
    "query", ["", "soort=&taal=&q=&bij=&vak=&gebied=&open=&page=", "onzin=1", "page=-1", "page=٣", "page=" + "9" * 5000]
)
def test_empty_or_strange_is_no_question(query):
    assert read_question(QueryDict(query)) == Asked()


def test_long_and_broken_texts_are_cut():
    asked = read_question(QueryDict("q=" + "a%00" * 300_000 + "&postcode=" + "b" * 1_000_000 + "&page=1000000"))
    assert len(asked.words) == 120
    assert "\x00" not in asked.words
    assert len(asked.place) == 120
    assert asked.page == 1_000_000


def test_a_place_is_rounded_before_anything_else():
    asked = read_question(QueryDict("bij=52.36412345,4.93987654"))
    assert asked.near == Point(4.94, 52.364)
    assert querystring(asked) == "bij=52.364,4.94"


def test_a_postcode_typed_wins_from_the_place_there_was():
    assert read_question(QueryDict("bij=52.364,4.94&postcode=1094")).near is None
    assert read_question(QueryDict("bij=52.364,4.94&postcode=Javastraat 112")).near == Point(4.94, 52.364)
    assert read_question(QueryDict("bij=52.364,4.94&postcode=")).near == Point(4.94, 52.364)


def test_the_old_names_of_filters_go_on_working(network):
    code = next(iter(network.values())).area.code
    asked = read_question(QueryDict(f"kind=cooperative&activity=garden&area={code}"))
    assert (asked.kinds, asked.activities, asked.area.code) == (("cooperative",), ("garden",), code)
    assert querystring(asked) == f"doet=garden&soort=cooperative&gebied={code}"


def test_an_address_typed_is_never_written_back():
    asked = read_question(QueryDict("q=naaien&postcode=Javastraat 112"))
    assert querystring(asked) == "q=naaien"
    assert querystring(read_question(QueryDict("postcode=1094 HP"))) == "postcode=1094+HP"


def test_room_is_believed_for_thirty_days():
    for days, room in ((1, "yes"), (29, "yes"), (31, "yes"), (1, "no"), (1, "waiting_list")):
        InitiativeFactory(name=f"{room} {days}", room=room, room_at=timezone.now() - timedelta(days=days))
    names = Initiative.objects.filter(pk__in=matching(Asked(room_now=True)).values("pk")).values_list("name", flat=True)
    assert sorted(names) == ["yes 1", "yes 29"]


@pytest.mark.parametrize(("word", "index"), [("naaien", "search_entry_activity"), ("buurthuis", "search_entry_kind")])
def test_a_word_that_names_a_fact_too_needs_no_walk_through_every_entry(network, word, index):
    """One condition of several without an index, and the others are of no use."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = matching(Asked(words=word)).order_by().explain()
    assert {"search_entry_vector", index} <= set(re.findall("search_entry_[a-z]+", plan)), plan
    assert "Seq Scan" not in plan, plan
