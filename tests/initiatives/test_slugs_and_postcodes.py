import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.postcodes import NotAPostcode, normalise
from initiatives.actions.slugs import RESERVED, base_slug, free_slug

names = st.text(max_size=80)
digits = st.integers(1000, 9999).map(str)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


@given(names)
def test_a_slug_is_a_short_word_of_plain_characters(name):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?", base_slug(name))


@given(st.lists(names, max_size=30))
def test_slugs_never_collide_and_are_never_reserved(names):
    taken = set()
    for name in names:
        slug = free_slug(name, taken)
        assert slug not in taken | RESERVED
        assert len(slug) <= 80
        taken.add(slug)


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Naaiatelier De Draad", set(), "naaiatelier-de-draad"),
        ("Naaiatelier De Draad", {"naaiatelier-de-draad"}, "naaiatelier-de-draad-2"),
        ("De Draad", {"de-draad", "de-draad-2", "de-draad-9", "de-draad-kinder"}, "de-draad-10"),
        ("Nieuw", set(), "nieuw-2"),
        ("مطبخ", set(), "initiatief"),
        ("Café Éénoog", set(), "cafe-eenoog"),
    ],
)
def test_slugs_people_will_meet(name, taken, slug):
    assert free_slug(name, taken) == slug


@given(digits, letters, st.sampled_from(["", " ", "  ", "-", "."]), st.booleans())
def test_a_postcode_is_read_however_it_is_typed(figures, capitals, between, small):
    typed = f" {figures}{between}{capitals.lower() if small else capitals} "
    assert normalise(typed) == f"{figures} {capitals}"


@given(st.text(max_size=12))
def test_what_is_read_as_a_postcode_reads_the_same_again(typed):
    try:
        postcode = normalise(typed)
    except NotAPostcode:
        return
    assert re.fullmatch(r"[1-9][0-9]{3} [A-Z]{2}", postcode)
    assert normalise(postcode) == postcode


@pytest.mark.parametrize("typed", ["", "1094", "0123 AB", "1094 H", "1094 HPP", "١٠٩٤ HP", "1094 ÉÉ", "1094 HP\x00"])
def test_what_is_no_postcode(typed):
    with pytest.raises(NotAPostcode):
        normalise(typed)
