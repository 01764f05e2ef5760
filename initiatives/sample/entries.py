"""The invented initiatives as they stand in `texts/`, and what they become in the database."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import TextChoices

from fieldlab.areas.models import Area, Level
from fieldlab.lib.geo import Point
from fieldlab.lib.opening import DAY_MINUTES, ZONE, OpeningHours, OtherHours
from initiatives.actions.slugs import base_slug
from initiatives.channels import Channel, written
from initiatives.models import Accessibility, Audience, Language, Offer, Theme

TEXTS = Path(__file__).with_name("texts")
DISTRICTS = ["centrum", "westpoort", "west", "nieuw_west", "zuid", "oost", "noord", "weesp", "zuidoost"]
DAYS = ["ma", "di", "wo", "do", "vr", "za", "zo"]
# From the +3120000 numbers, which do not exist
FIRST_NUMBER = 400


@dataclass(frozen=True)
class Entry:
    name: str
    kind: str
    activity: str
    summary: str
    neighbourhood: str
    access: str
    contact: str
    confirmed_days_ago: int
    description: str = ""
    # "Street 1, 1094 HP"; none without a fixed place
    address: str = ""
    # Latitude and longitude, as maps show them
    place: tuple[float, float] | None = None
    offers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    phase: str = ""
    room: str = ""
    room_days_ago: int = 0
    # "ma-vr 9-17; za 9.30-12"
    hours: str = ""
    # Some of the words in `_closed`
    closed: tuple[str, ...] = ()
    # Names of areas; of two with one name the larger
    serves: tuple[str, ...] = ()
    # "public" or "members"
    website: str = ""
    # Such as "facebook", or "whatsapp members"
    channels: tuple[str, ...] = ()
    # Of "phone" and "email", what only its team and moderators see
    private: tuple[str, ...] = ()
    published_days_ago: int = 0

    @property
    def slug(self) -> str:
        return base_slug(self.name)

    @property
    def point(self) -> Point | None:
        return Point(self.place[1], self.place[0]) if self.place else None


def read(name: str) -> list[Entry]:
    """The entries of one file, in its order."""
    return [_entry(row) for row in texts(name)["initiative"]]


def _entry(row: dict[str, Any]) -> Entry:
    frozen: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Entry(**frozen)


def texts(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def published() -> list[Entry]:
    return [entry for district in DISTRICTS for entry in read(district)]


def areas_by_name() -> dict[str, Area]:
    """Of areas with one name the largest; a neighbourhood also as "neighbourhood NAME"."""
    order = [Level.NEIGHBOURHOOD, Level.QUARTER, Level.DISTRICT]
    rows = sorted(Area.objects.in_force().without_boundaries(), key=lambda area: order.index(Level(area.level)))
    return {area.name: area for area in rows} | {f"{area.level} {area.name}": area for area in rows}


def fields(entry: Entry, number: int, areas: Mapping[str, Area], at: datetime) -> dict[str, Any]:
    """Its columns but for status, slug and times; `number` makes its telephone number."""
    street_and_number, _, postcode = entry.address.partition(", ")
    street, _, house_number = street_and_number.rpartition(" ")
    phone = f"+3120000{FIRST_NUMBER + number:04}"
    return {
        "name": entry.name,
        "kind": entry.kind,
        "activity": entry.activity,
        "summary": entry.summary,
        "description": entry.description.strip(),
        "offers": in_order(Offer, entry.offers),
        "themes": in_order(Theme, entry.themes),
        "audiences": in_order(Audience, entry.audiences),
        "languages": in_order(Language, entry.languages),
        "accessibility": in_order(Accessibility, entry.accessibility),
        "phase": entry.phase,
        "room": entry.room,
        "room_at": at - timedelta(days=entry.room_days_ago, hours=number % 9) if entry.room else None,
        "opening_hours": _hours(entry, at.astimezone(ZONE).date()).to_json(),
        "access": entry.access,
        "street": street,
        "house_number": house_number,
        "postcode": postcode,
        "city": ("Weesp" if postcode.startswith("138") else "Amsterdam") if entry.address else "",
        "location": entry.point,
        "area": areas[f"{Level.NEIGHBOURHOOD} {entry.neighbourhood}"],
        "service_areas": [areas[name].code for name in entry.serves],
        "contact_name": entry.contact,
        "phone": phone,
        "email": f"{entry.slug}@demo.example",
        "website": f"https://{entry.slug}.demo.example/" if entry.website else "",
        "website_public": entry.website != "members",
        "channels": written(_channel(words, entry.slug, phone) for words in entry.channels),
        "phone_public": "phone" not in entry.private,
        "email_public": "email" not in entry.private,
    }


def in_order(choices: type[TextChoices], words: Iterable[str]) -> list[str]:
    """As the forms write them. Raises ValueError for a word that does not exist."""
    return sorted(map(str, words), key=choices.values.index)


def _channel(words: str, slug: str, phone: str) -> Channel:
    kind, _, members = words.partition(" ")
    address = {
        "whatsapp": phone,
        "signal": phone,
        "telegram": f"https://t.me/demo_example_{slug.replace('-', '_')}",
        "facebook": f"https://www.facebook.com/demo.example.{slug}",
        "instagram": f"https://www.instagram.com/demo.example.{slug}",
        "linkedin": f"https://www.linkedin.com/company/demo-example-{slug}",
        "youtube": f"https://www.youtube.com/@demo-example-{slug}",
        "other": f"https://agenda.demo.example/{slug}",
    }
    return Channel(kind, address[kind], public=not members)


# --- Opening hours


def _hours(entry: Entry, today: date) -> OpeningHours:
    exceptions: list[OtherHours] = []
    for word in entry.closed:
        other = _closed(word, today)
        # In December the market may fall in the holidays.
        if all(other.last < each.first or each.last < other.first for each in exceptions):
            exceptions.append(other)
    return OpeningHours(week_of(entry.hours), tuple(exceptions))


def week_of(text: str) -> tuple[tuple[int, int, int], ...]:
    """The openings of "ma-vr 9-17; za 9.30-12"."""
    return tuple(opening for part in text.split(";") if part.strip() for opening in _openings(part.split()))


def _openings(words: list[str]) -> list[tuple[int, int, int]]:
    """Of "di do 9.30-12": from and until on each of these days."""
    *days, times = words
    opens, closes = (_minutes(time) for time in times.split("-"))
    return [(day, opens, closes) for word in days for day in _days(word)]


def _days(word: str) -> range:
    first, _, last = word.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(".")
    return min(int(hours) * 60 + int(minutes or 0), DAY_MINUTES)


def _closed(word: str, today: date) -> OtherHours:
    """The next time that this comes round."""
    match word:
        case "kerst":
            return OtherHours(date(today.year, 12, 24), date(today.year + 1, 1, 1), note="Wij vieren kerst en rusten uit.")
        case "winter":
            first = date(today.year - (today.month < 3), 11, 16)
            return OtherHours(first, date(first.year + 1, 2, 28), note="De tuin slaapt. In maart zijn wij er weer.")
        case "markt":
            saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
            return OtherHours(saturday, saturday, ((660, 780),), "Wij staan daarna op de buurtmarkt.")
        case "verf":
            monday = today + timedelta(days=7 - today.weekday() + 14)
            return OtherHours(monday, monday + timedelta(days=4), note="Wij verven de muren. Kwasten zijn welkom.")
    raise ValueError(word)
