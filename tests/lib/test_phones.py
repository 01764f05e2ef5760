import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.phones import NotAPhoneNumber, display, normalise


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("020 000 01 23", "+31200000123", "020 000 01 23"),
        ("020-6241111", "+31206241111", "020 624 11 11"),
        ("06-12345678", "+31612345678", "06 12 34 56 78"),
        ("+31 (0)6 12345678", "+31612345678", "06 12 34 56 78"),
        ("0031612345678", "+31612345678", "06 12 34 56 78"),
        ("0297 123456", "+31297123456", "0297 12 34 56"),
        ("0800 1351", "+318001351", "0800 13 51"),
        ("+32 2 000 00 00", "+3220000000", "+32 2 000 00 00"),
    ],
)
def test_numbers_as_people_type_and_read_them(typed, kept, shown):
    assert normalise(typed) == kept
    assert display(typed) == display(kept) == shown


no_numbers = ["", "abc", "12", "0612345678 x12", "0612345678@demo.example", "0612345678abc", "0" * 40, "0000000", "+999 123", "\0"]


@pytest.mark.parametrize("typed", no_numbers)
def test_what_is_no_number_is_refused_and_not_repeated(typed):
    with pytest.raises(NotAPhoneNumber) as caught:
        normalise(typed)
    assert not typed.strip("\0") or typed not in str(caught.value)
    assert display(typed) == typed


@given(st.text(max_size=40) | st.from_regex(r"\+?[0-9 ()-]{3,20}", fullmatch=True))
def test_anything_typed_is_a_number_or_refused(typed):
    try:
        kept = normalise(typed)
    except NotAPhoneNumber:
        return
    assert kept.startswith("+")
    assert kept[1:].isascii()
    assert kept[1:].isdigit()
    assert normalise(kept) == kept
    display(kept)
