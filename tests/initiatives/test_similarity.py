"""What makes two entries alike: symmetric, never oneself, and never more alike by being further away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.geo import Point
from initiatives.similarity import (
    NEARBY,
    SHOWN,
    Entry,
    Likeness,
    Reason,
    Strength,
    compare,
    most_alike,
    name_alike,
    own_words,
    place_words,
    site,
)

HERE = Point(4.94, 52.363)


def away(metres):
    """A point so many metres north."""
    return Point(HERE.lon, HERE.lat + metres / 111_195.08)


def one(**facts):
    return Entry(key=1, **{"name": "De Draad", "point": HERE, **facts})


def other(**facts):
    return Entry(key=2, **{"name": "Iets heel anders", "point": away(100), **facts})


ENTRIES = st.builds(
    Entry,
    key=st.integers(1, 3),
    name=st.sampled_from(["", "De Draad", "Naaiatelier De Draad", "Buurthuis De Horizon", "Buurthuis De Meevaart", "Café Ünïcøde 🧵", "ﷺ"]),
    point=st.none() | st.builds(Point, st.floats(4.7, 5.1), st.floats(52.2, 52.5)),
    postcode=st.sampled_from(["", "1094 HP", "1013 AB"]),
    house_number=st.sampled_from(["", "112", "112 A", "112a"]),
    phone=st.sampled_from(["", "+31200000123"]),
    email=st.sampled_from(["", "info@demo.example", "Info@demo.example"]),
    website=st.sampled_from(["", "https://draad.example/", "http://www.draad.example", "https://facebook.com/draad", "https://[half"]),
    activity=st.sampled_from(["", "sewing", "garden"]),
    places=st.sampled_from([frozenset(), frozenset({"draad"})]),
    offers=st.frozensets(st.sampled_from(["work", "meals", "lessons"])),
)
ALIKE = st.floats(0, 1)


@given(ENTRIES, ENTRIES, ALIKE)
def test_it_does_not_matter_which_of_the_two_comes_first(a, b, alike):
    assert compare(a, b, alike=alike) == compare(b, a, alike=alike)


@given(ENTRIES, ALIKE)
def test_nothing_is_its_own_twin(entry, alike):
    assert compare(entry, entry, alike=alike) is None


@given(ENTRIES, ENTRIES, ALIKE)
def test_a_score_is_between_0_and_1_and_has_a_reason(a, b, alike):
    likeness = compare(a, b, alike=alike)
    assert likeness is None or (0 < likeness.score <= 1 and likeness.reasons)


@given(ENTRIES, ENTRIES, ALIKE, st.floats(0, 20_000), st.floats(0, 20_000))
def test_further_away_is_never_more_alike(a, b, alike, near, far):
    near, far = sorted((near, far))

    def rank(metres):
        facts = {**vars(a), "key": 1, "point": HERE}, {**vars(b), "key": 2, "point": away(metres)}
        likeness = compare(Entry(**facts[0]), Entry(**facts[1]), alike=alike)
        if likeness is None:
            return (0, 0.0)
        return (2 if likeness.strength == Strength.SAME else 1, round(likeness.score, 9))

    assert rank(near) >= rank(far)


@given(st.text(max_size=80), st.text(max_size=80), ALIKE)
def test_any_name_can_be_compared(a, b, whole):
    assert 0 <= name_alike(a, b, whole) <= 1


@given(st.text(max_size=200))
def test_any_website_can_be_compared(website):
    assert isinstance(site(website), str)


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({"phone": "+31200000123"}, {"phone": "+31200000123"}, Reason.PHONE),
        ({"email": "info@demo.example"}, {"email": "Info@demo.example"}, Reason.EMAIL),
        ({"website": "https://www.draad.example/wij/"}, {"website": "http://draad.example/wij"}, Reason.WEBSITE),
    ],
)
def test_one_number_address_or_website_is_enough_anywhere(mine, theirs, reason):
    likeness = compare(one(**mine), other(**theirs, point=away(9000)), alike=0)
    assert likeness
    assert (likeness.strength, likeness.reasons) == (Strength.SAME, (reason,))


@pytest.mark.parametrize("host", ["facebook.com/groups/1", "www.instagram.com/x", "nl-nl.facebook.com/x", "linktr.ee/x", "youtube.com"])
def test_a_host_that_thousands_share_says_nothing(host):
    page = f"https://{host}"
    assert compare(one(website=page), other(website=page), alike=0) is None


def test_an_address_alone_is_no_twin_as_many_share_a_building():
    place = {"postcode": "1094 HP", "house_number": "112 A"}
    assert compare(one(**place), other(**place), alike=0) is None
    likeness = compare(one(**place), other(name="Draad", postcode="1094 HP", house_number="112a"), alike=0.5)
    assert likeness
    assert (likeness.strength, likeness.reasons) == (Strength.SAME, (Reason.NAME, Reason.ADDRESS))


@pytest.mark.parametrize(
    ("mine", "theirs", "whole", "alike"),
    [
        ("De Draad", "Naaiatelier De Draad", 0.43, True),
        ("Stichting de Horizon", "Horizon", 0.4, True),
        ("Café Zeeburg", "Cafe Zeeburg", 1.0, True),
        ("Horizon", "De Horizon Ontmoeting", 0.33, True),
        ("Buurthuis De Horizon", "Buurthuis De Meevaart", 0.45, False),
        ("Naaiclub Zeeweg", "Naaiclub Oost", 0.5, False),
        ("Moestuin", "Moestuin", 1.0, False),
    ],
)
def test_words_that_say_what_kind_of_place_it_is_count_less(mine, theirs, whole, alike):
    likeness = compare(one(name=mine), other(name=theirs, point=away(250)), alike=whole)
    assert bool(likeness and likeness.strength == Strength.SAME) is alike


def test_the_name_of_the_neighbourhood_counts_less_but_at_the_same_address_it_tells():
    here = {"places": place_words("Mercatorbuurt", "De Baarsjes", "West"), "postcode": "1057 AA", "house_number": "3"}
    mine = one(name="Naaiatelier Mercator", **here)
    assert compare(mine, other(name="Werkplaats Mercatorbuurt", **{**here, "house_number": "9"}), alike=0.3) is None
    assert compare(mine, other(name="Atelier Mercator", **{**here, "house_number": "9"}), alike=0.6) is None
    assert compare(mine, other(name="Atelier Mercator", **here), alike=0.6).strength == Strength.SAME


def test_a_likely_name_across_town_is_not_enough_but_the_same_name_is():
    assert compare(one(), other(name="De Draden", point=away(4000)), alike=0.5) is None
    assert compare(one(), other(name="De Draad", point=away(9000)), alike=1)


def test_the_same_work_nearby_is_no_twin_but_a_meeting():
    likeness = compare(one(activity="sewing"), other(activity="sewing", point=away(NEARBY - 1)), alike=0)
    assert likeness
    assert (likeness.strength, likeness.reasons) == (Strength.LIKE, (Reason.ACTIVITY,))
    assert compare(one(activity="sewing"), other(activity="sewing", point=away(NEARBY + 1)), alike=0) is None
    assert compare(one(activity="sewing"), other(activity="sewing", point=None), alike=0) is None


def test_offers_count_when_half_of_them_are_shared():
    def with_offers(*theirs):
        return compare(one(offers=frozenset({"work", "meals"})), other(offers=frozenset(theirs)), alike=0)

    assert with_offers("work", "meals", "lessons").reasons == (Reason.OFFERS,)
    assert with_offers("work") is None
    assert with_offers("work", "meals", "a", "b", "c") is None


def test_at_most_five_the_strongest_first():
    found = [(key, Likeness(Strength.LIKE, key / 10, (Reason.ACTIVITY,), 1.0)) for key in range(1, 9)]
    found.append((99, Likeness(Strength.SAME, 0.5, (Reason.NAME,), None)))
    assert [key for key, _ in most_alike(found)] == [99, 8, 7, 6]
    same = [(key, Likeness(Strength.SAME, 0.5, (Reason.NAME,), None)) for key in range(20, 30)]
    assert [key for key, _ in most_alike([*found, *same])] == [20, 21, 22, 23, 24]
    assert SHOWN == 5


def test_own_words_are_plain():
    assert own_words("Stichting Buurthuis 'De Zeeheld' & Café") == ["zeeheld"]
