import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.channels import Channel, ChannelKind, NotAnAddress, normalise, read, written


@pytest.mark.parametrize(
    ("kind", "typed", "address", "href"),
    [
        ("whatsapp", "06 12 34 56 78", "+31612345678", "https://wa.me/31612345678"),
        ("whatsapp", "https://chat.whatsapp.com/Abc", "https://chat.whatsapp.com/Abc", None),
        ("signal", "+31 6 12345678", "+31612345678", "https://signal.me/#p/+31612345678"),
        ("signal", "https://signal.group/#Abc", "https://signal.group/#Abc", None),
        ("telegram", "@dedraad", "https://t.me/dedraad", None),
        ("instagram", "@dedraad", "https://www.instagram.com/dedraad", None),
        ("youtube", "@dedraad", "https://www.youtube.com/@dedraad", None),
        ("facebook", "www.facebook.com/dedraad", "https://www.facebook.com/dedraad", None),
        ("linkedin", " http://nl.linkedin.com/company/draad ", "https://nl.linkedin.com/company/draad", None),
        ("other", "nextdoor.nl/dedraad", "https://nextdoor.nl/dedraad", None),
    ],
)
def test_what_people_type_becomes_an_address(kind, typed, address, href):
    assert normalise(kind, typed) == address
    assert Channel(kind, address, True).href == (href or address)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("whatsapp", "12"),
        ("whatsapp", "https://example.org/+31612345678"),
        ("facebook", "https://facebook.com.evil.example/dedraad"),
        ("facebook", "https://evilfacebook.com/dedraad"),
        ("facebook", "https://facebook.com@evil.example/x"),
        ("facebook", "https://facebook.com:8443/x"),
        ("facebook", "https://facebook.com/"),
        ("facebook", "dedraad"),
        ("other", "javascript:alert(1)"),
        ("other", "data:text/html,x"),
        ("other", "ftp://example.org/x"),
        ("other", "https://example.org/\x00"),
        ("other", "https://[::1"),
        ("other", "https://example.org/" + "a" * 1_000_000),
        ("telegram", "@"),
        ("telegram", "@\u202etrat"),
        ("twitter", "https://twitter.com/x"),
        ("", ""),
    ],
)
def test_what_is_no_address_of_that_kind_is_refused(kind, typed):
    with pytest.raises(NotAnAddress):
        normalise(kind, typed)


def test_what_was_written_is_read_back_and_what_is_wrong_is_left_out():
    channels = [Channel("whatsapp", "+31612345678", True), Channel("other", "https://demo.example/x", False)]
    assert read(written(channels)) == channels
    bad = [{"kind": "other", "address": "javascript:alert(1)", "public": True}, {"kind": "x"}, "x", None, 7]
    assert read(written(channels) + bad) == channels
    assert read(None) == []
    assert read([{"kind": "facebook", "address": "https://facebook.com/x"}]) == [Channel("facebook", "https://facebook.com/x", False)]


def test_names_and_addresses_as_people_read_them():
    assert [Channel("whatsapp", "+31612345678", True).label, Channel("whatsapp", "+31612345678", True).shown] == [
        "WhatsApp",
        "06 12 34 56 78",
    ]
    assert Channel("other", "https://www.demo.example/x/", True).label == "demo.example"
    assert Channel("other", "https://www.demo.example/x/", True).shown == "demo.example/x"


@given(st.sampled_from(ChannelKind.values), st.text())
def test_whatever_is_typed_becomes_https_or_a_number_or_is_refused(kind, typed):
    try:
        address = normalise(kind, typed)
    except NotAnAddress:
        return
    assert normalise(kind, address) == address
    assert Channel(kind, address, True).href.startswith("https://")
