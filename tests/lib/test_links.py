import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.links import LinkExpired, LinkInvalid, make_link_token, read_link_token

AT = datetime(2026, 12, 8, 14, tzinfo=UTC)
TOMORROW = AT + timedelta(days=1)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(object_id=st.uuids() | st.integers() | st.text(), revision=st.integers() | st.text(), expires=moments)
def test_what_goes_in_comes_out_until_it_expires_and_not_at_that_moment(object_id, revision, expires):
    token = make_link_token("confirm", object_id, revision, expires)
    claim = read_link_token("confirm", token, expires - timedelta(microseconds=1))
    assert (claim.object_id, claim.revision, claim.expires) == (str(object_id), str(revision), expires)
    claim.check_revision(revision)
    with pytest.raises(LinkExpired):
        read_link_token("confirm", token, expires)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", token)


@given(data=st.data())
def test_any_byte_that_changes_kills_it(data):
    token = make_link_token("confirm", 17, 3, TOMORROW)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[place]))
    with pytest.raises(LinkInvalid):
        read_link_token("confirm", token[:place] + other + token[place + 1 :], AT)


def test_each_single_bit_of_it_counts():
    token = make_link_token("confirm", 17, 3, TOMORROW).encode()
    for place in range(len(token)):
        for bit in range(7):
            changed = bytearray(token)
            changed[place] ^= 1 << bit
            with pytest.raises(LinkInvalid):
                read_link_token("confirm", changed.decode(), AT)


@given(token=st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,43}", fullmatch=True))
def test_what_we_did_not_make_is_refused(token):
    with pytest.raises(LinkInvalid):
        read_link_token("confirm", token, AT)


@given(purpose=st.text().filter(lambda purpose: purpose != "confirm"))
def test_a_link_is_for_one_purpose(purpose):
    with pytest.raises(LinkInvalid):
        read_link_token(purpose, make_link_token("confirm", 17, 3, TOMORROW), AT)


def test_another_key_makes_other_links(settings):
    token = make_link_token("confirm", 17, 3, TOMORROW)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-0123456789-0123456789-0123456789-0123456789"
    with pytest.raises(LinkInvalid):
        read_link_token("confirm", token, AT)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_link_token("confirm", token, AT).object_id == "17"


def test_a_changed_object_kills_its_links():
    claim = read_link_token("confirm", make_link_token("confirm", 17, 3, TOMORROW), AT)
    with pytest.raises(LinkExpired) as caught:
        claim.check_revision(4)
    assert "17" not in caught.value.message
