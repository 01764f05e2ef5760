"""Suggesting places is pure: the same places in any order give the same answer, and nearer is never worse."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from participants.suggestions import ROOM, Person, Place, far, suggest

LANGUAGES = ["nl", "ti", "ar", "en"]
OFFERS = ["coaching", "lessons", "work"]
NAMES = {"nl": "Nederlands", "ti": "Tigrinya", "ar": "Arabisch", "en": "Engels", "coaching": "Iemand die meedenkt", "lessons": "Lessen"}
DOOR = {"step_free": "geen drempel"}

codes = st.frozensets(st.sampled_from(LANGUAGES))
offers = st.frozensets(st.sampled_from(OFFERS))
people = st.builds(Person, languages=codes, offers=offers, quiet_room=st.booleans())
places = st.builds(
    Place,
    id=st.integers(1, 10**6),
    metres=st.none() | st.floats(0, 50_000),
    languages=codes,
    offers=offers,
    accessibility=st.frozensets(st.sampled_from(["quiet", "step_free"])),
    room=st.sampled_from(sorted(ROOM)),
)
several = st.lists(places, max_size=20, unique_by=lambda place: place.id)


def ids(person, found):
    return [each.place.id for each in suggest(person, found, names=NAMES, at_door=DOOR)]


@given(people, several, st.randoms())
def test_the_order_does_not_depend_on_the_order_given(person, found, random):
    shuffled = found[:]
    random.shuffle(shuffled)
    assert ids(person, shuffled) == ids(person, found)


@given(people, several, st.floats(0, 1), st.data())
def test_nearer_is_never_worse(person, found, part, data):
    measured = [place for place in found if place.metres is not None]
    if not measured:
        return
    one = data.draw(st.sampled_from(measured))
    nearer = [replace(place, metres=place.metres * part) if place is one else place for place in found]
    assert ids(person, nearer).index(one.id) <= ids(person, found).index(one.id)


@given(people, places)
def test_every_place_says_why_or_what_to_mind_in_words(person, place):
    (found,) = suggest(person, [place], names=NAMES, at_door=DOOR)
    assert all(isinstance(words, str) and words for words in (*found.reasons, *found.but))
    assert (place.metres is None) or found.reasons


@given(st.floats(0, 40_000), st.floats(0, 40_000))
def test_distances_are_read_in_metres_or_kilometres(one, other):
    assert far(one).endswith((" m", " km"))
    if one < other:
        assert _metres(far(one)) <= _metres(far(other))


def _metres(words):
    number, unit = words.split()
    return float(number.replace(",", ".")) * (1000 if unit == "km" else 1)


def test_the_reasons_as_they_are_read():
    selam = Person(languages=frozenset({"ti"}), quiet_room=True)
    place = Place(id=1, metres=612.0, languages=frozenset({"nl", "ti"}), accessibility=frozenset({"step_free"}), room="yes")
    (found,) = suggest(selam, [place], names=NAMES, at_door=DOOR)
    assert found.reasons == ("600 m", "spreekt Tigrinya", "geen drempel", "plek nu")
    assert found.but == ("geen rustige ruimte bekend",)


def test_a_place_further_away_where_one_is_understood_goes_before_a_closed_door():
    selam = Person(languages=frozenset({"ti"}))
    near = Place(id=1, metres=200.0, languages=frozenset({"nl"}), room="no")
    further = Place(id=2, metres=2400.0, languages=frozenset({"ti"}), room="yes")
    assert ids(selam, [near, further]) == [2, 1]
