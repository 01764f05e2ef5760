"""Written by one library, read by itself and by hand; whatever the words, nobody adds a line of their own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from fieldlab.lib.ics import ZONE, Entry, Method, feed, invitation

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
HOSTILE = st.text() | st.sampled_from(
    ["a\r\nATTENDEE:mailto:x@demo.example", "=cmd()", "مرحبا", "\u202eabc", "é" * 200, "a;b,c\\n", "\x00"]
)


def entry(**changes):
    begins = changes.pop("begins", AT + timedelta(days=3))
    plain = {"uid": "a@demo.example", "sequence": 0, "ends": begins + timedelta(hours=1), "stamp": AT, "summary": "Gesprek"}
    return Entry(begins=begins, **plain | changes)


def read(text):
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def invited(made, method=Method.REQUEST):
    return invitation(made, method=method, organizer="fieldlab@demo.example", attendee="samira@demo.example")


def test_an_invitation_says_when_in_local_time_with_its_zone():
    text = invited(entry(location="Huis aan het Plein, kamer 2"))
    calendar, event = read(text)
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", "a@demo.example", 0, "CONFIRMED")
    assert "DTSTART;TZID=Europe/Amsterdam:20261130T100000" in text
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert event["DTSTART"].dt == AT + timedelta(days=3)
    assert event["LOCATION"] == "Huis aan het Plein, kamer 2"


def test_what_is_cancelled_keeps_its_uid_and_has_risen():
    calendar, event = read(invited(entry(sequence=2, cancelled=True), Method.CANCEL))
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"], event["STATUS"]) == ("CANCEL", "a@demo.example", 2, "CANCELLED")


@pytest.mark.parametrize(
    ("day", "hour"), [(datetime(2026, 10, 24, 12, tzinfo=ZONE), "+0200"), (datetime(2026, 10, 26, 12, tzinfo=ZONE), "+0100")]
)
def test_around_the_night_that_the_clock_goes_back(day, hour):
    _calendar, event = read(invited(entry(begins=day)))
    assert event["DTSTART"].dt.strftime("%H:%M%z") == f"12:00{hour}"


def test_a_feed_is_empty_or_holds_every_entry():
    assert list(Calendar.from_ical(feed([], name="Fieldlab")).walk("VEVENT")) == []
    many = [entry(uid=f"{number}@demo.example") for number in range(30)]
    assert len(list(Calendar.from_ical(feed(many, name="Fieldlab")).walk("VEVENT"))) == 30


@given(summary=HOSTILE, location=HOSTILE, description=HOSTILE)
def test_no_words_become_a_line_of_their_own(summary, location, description):
    text = invited(entry(summary=summary, location=location, description=description))
    _calendar, event = read(text)
    assert len(event.get("ATTENDEE", [])) == len("mailto:samira@demo.example"), "one, and not a list"
    assert set(event.keys()) <= {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION",
        "STATUS", "TRANSP", "CLASS", "ORGANIZER", "ATTENDEE",
    }  # fmt: skip
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
