"""Calendar files (RFC 5545) and invitations by mail (RFC 5546), by the library icalendar. Knows no app.

An event keeps its `uid` for ever and its `sequence` rises with every change: so a calendar moves or strikes the event that it has,
and does not add another. Times are given with their time zone, so that the summer's hour stays the summer's hour.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

ZONE = ZoneInfo("Europe/Amsterdam")
PRODUCT = "-//Fieldlab//Agenda//NL"


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event in a calendar. `stamp` is when this version of it was made; all times are aware."""

    uid: str
    sequence: int
    begins: datetime
    ends: datetime
    stamp: datetime
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False


def invitation(entry: Entry, *, method: Method, organizer: str, attendee: str) -> str:
    """What goes along with a mail: put this in the agenda, or strike it. Addresses are the sender's and the reader's own."""
    calendar = _calendar(method)
    event = _event(entry)
    event.add("organizer", vCalAddress(f"mailto:{_line(organizer)}"))
    person = vCalAddress(f"mailto:{_line(attendee)}")
    person.params["PARTSTAT"] = vText("ACCEPTED")
    person.params["RSVP"] = vText("FALSE")
    event.add("attendee", person)
    calendar.add_component(event)
    return _written(calendar, [entry])


def feed(entries: Iterable[Entry], *, name: str) -> str:
    """A calendar that a program reads again and again."""
    entries = list(entries)
    calendar = _calendar(Method.PUBLISH)
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return _written(calendar, entries)


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    return calendar


@lru_cache(maxsize=64)
def _zone(first: int, last: int) -> str:
    """When the clock is changed in these years; the year before, as in January its last change holds. Written once for all events."""
    zone = Timezone.from_tzinfo(ZONE, first_date=date(first - 1, 1, 1), last_date=date(last + 1, 1, 1))
    written: bytes = zone.to_ical()
    return written.decode()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(ZoneInfo("UTC")))
    event.add("dtstart", entry.begins.astimezone(ZONE))
    event.add("dtend", entry.ends.astimezone(ZONE))
    event.add("summary", _line(entry.summary))
    if entry.location:
        event.add("location", _line(entry.location))
    if entry.description:
        event.add("description", _text(entry.description))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _written(calendar: Calendar, entries: Sequence[Entry]) -> str:
    """The time zone stands before the events that are given in it."""
    written: bytes = calendar.to_ical()
    head, event, events = written.decode().partition("BEGIN:VEVENT\r\n")
    if not event:
        return head
    years = {moment.astimezone(ZONE).year for entry in entries for moment in (entry.begins, entry.ends)}
    return head + _zone(min(years), max(years)) + event + events


def _text(value: str) -> str:
    """Lines end in a newline, and nothing is left that no calendar takes."""
    lines = "\n".join(value.splitlines())
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _line(value: str) -> str:
    return " ".join(_text(value).split())
