"""How long a text message is, and how to say the same in 160 letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.gsm import fits, fitted, plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Zoë’s café", "Zoe's café"),
        ("Özgür Çelik, ıłŁ", "Özgür Çelik, ilL"),
        ("São “Tomé” – 5…", 'Sao "Tomé" - 5...'),
        ("مرحبا", "مرحبا"),
        ("€ 5", "€ 5"),
    ],
)
def test_letters_of_every_phone_where_that_stays_readable(written, sent):
    assert plain(written) == sent


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("€" * 80, True),
        ("€" * 80 + "a", False),
        ("ع" * 70, True),
        ("ع" * 71, False),
        ("🙂" * 36, False),
    ],
)
def test_how_much_is_one_message(text, one):
    assert fits(text) is one


def test_as_few_parts_as_possible_are_said_shorter():
    assert fitted([["one", "1"], ["two", "2"]]) == "one two"
    assert fitted([["a" * 100, "a"], ["b" * 90, "b" * 50]]) == f"a {'b' * 90}"
    assert fitted([["a" * 100, "a" * 99], ["b" * 90, "b" * 50], ["c", ""]]) == f"{'a' * 100} {'b' * 50} c"


def test_what_never_fits_is_as_short_as_it_can_be():
    assert fitted([["c" * 200, "c" * 190], ["d", ""]]) == "c" * 190


@given(st.lists(st.lists(st.text(max_size=90), min_size=1, max_size=3), max_size=5))
def test_whatever_the_words_it_is_one_line(parts):
    assert fitted(parts) == " ".join(fitted(parts).split())
