"""Initiatives by the ten thousand, made of the same words over and over: for measuring, not for reading."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

import shapely
from django.db import connection
from django.db.models import Max
from shapely.geometry import shape

from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from fieldlab.lib.opening import OpeningHours
from initiatives.actions.slugs import base_slug
from initiatives.channels import Channel, written
from initiatives.models import Access, Accessibility, Activity, Audience, Initiative, Kind, Language, Offer, Phase, Room, Status, Theme
from initiatives.sample import words
from initiatives.sample.entries import in_order, week_of

# Many more in one statement take longer each, as their triggers wait for its end
AT_ONCE = 5_000
LETTERS = "ABCDEGHJKLMNPRTVWXZ"
KINDS = {
    Kind.RESIDENTS_GROUP: 30,
    Kind.INFORMAL_GROUP: 25,
    Kind.SOCIAL_ENTERPRISE: 16,
    Kind.COMMUNITY_CENTRE: 12,
    Kind.SELF_MANAGED: 9,
    Kind.COOPERATIVE: 8,
}
SPOKEN = {
    Language.ENGLISH: 50,
    Language.ARABIC: 30,
    Language.TURKISH: 22,
    Language.SURINAMESE: 15,
    Language.TAMAZIGHT: 12,
    Language.SPANISH: 8,
    Language.POLISH: 5,
}
PHASES = {Phase.STABLE: 45, Phase.GROWING: 25, Phase.START: 12, Phase.IDEA: 4, Phase.STOPPING: 4, "": 10}
ROOMS = {Room.YES: 40, Room.WAITING_LIST: 12, Room.NO: 8, "": 40}
ACCESSES = {Access.WALK_IN: 55, Access.APPOINTMENT: 30, Access.NO_FIXED_PLACE: 15}
WEEKS = [OpeningHours(week_of(hours)).to_json() for hours in words.HOURS]

COLUMNS = (
    "slug", "name", "kind", "activity", "summary", "description", "offers", "themes", "audiences", "languages", "accessibility", "phase",
    "room", "room_at", "opening_hours", "access", "street", "house_number", "postcode", "city", "location", "area_id", "service_areas",
    "contact_name", "phone", "email", "website", "channels", "website_public", "phone_public", "email_public", "status", "by_phone",
    "draft_key", "revision", "created_at", "updated_at", "submitted_at", "published_at", "confirmed_at", "checked_revision",
)  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    """Neighbourhoods to choose from, by how many people live there."""

    areas: Sequence[Area]
    shapes: Sequence[Any]
    # Counted up: each with all before it
    weights: Sequence[float]

    @classmethod
    def now(cls) -> "_Ground":
        drawn = Area.objects.in_force().neighbourhoods().filter(boundary__isnull=False, centre__isnull=False)
        areas = list(drawn.select_related("parent__parent").order_by("code"))
        shapes = [shape(area.boundary) for area in areas if area.boundary]
        shapely.prepare(shapes)
        districts = [area.parent.parent.code if area.parent and area.parent.parent else "" for area in areas]
        weights = [words.INHABITANTS.get(code, 50) / districts.count(code) for code in districts]
        return cls(areas, shapes, list(accumulate(weights)))

    def place_in(self, number: int, random: Random) -> Point:
        """Somewhere in the neighbourhood, more often near its middle than at its edge."""
        within, centre = self.shapes[number], self.areas[number].centre or Point(0, 0)
        west, south, east, north = within.bounds
        for _try in range(20):
            outward = random.random() ** 0.7
            lon = centre.lon + (random.uniform(west, east) - centre.lon) * outward
            lat = centre.lat + (random.uniform(south, north) - centre.lat) * outward
            if shapely.contains_xy(within, lon, lat):
                return Point(round(lon, 6), round(lat, 6))
        return centre


def load_many(n: int, at: datetime) -> None:
    """Add `n` published initiatives, spread over all neighbourhoods; in the same database the same ones.

    They come in by COPY, some thousands at a time. The table's triggers run as for any other row: search entries, marks for the map,
    and history.
    """
    first = (Initiative.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    random = Random(f"many-{first}")  # noqa: S311
    ground = _Ground.now()
    names = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    for start in range(first, first + n, AT_ONCE):
        rows = (_row(number, ground, random, at) for number in range(start, min(start + AT_ONCE, first + n)))
        with connection.cursor() as cursor, cursor.copy(f"COPY {Initiative._meta.db_table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in COLUMNS])


def _row(number: int, ground: _Ground, random: Random, at: datetime) -> dict[str, Any]:
    which = random.choices(range(len(ground.areas)), cum_weights=ground.weights)[0]
    area, activity = ground.areas[which], random.choice(list(Activity))
    street = random.choice(words.STREETS)
    values = {"hood": area.name, "street": street, "number": number % 60 + 1}
    name = f"{random.choice(words.NAMES[activity])} {random.choice(words.WHERE_TO).format(**values)}"
    slug = f"{base_slug(name)}-{number}"
    confirmed = at - timedelta(minutes=int(random.expovariate(1 / 200_000)))
    made = confirmed - timedelta(days=random.randint(3, 900))
    access = _one(ACCESSES, random)
    room = _one(ROOMS, random)
    return {
        "slug": slug,
        "name": name,
        "kind": _one(KINDS, random),
        "activity": str(activity),
        "summary": f"{random.choice(words.SUMMARIES[activity])} {random.choice(words.FOR_WHOM)}".strip(),
        "description": " ".join(random.sample(words.SENTENCES, random.randint(0, 5))),
        "offers": in_order(Offer, _some(words.OFFERS[activity], random, 0.6)),
        "themes": in_order(Theme, _some(words.THEMES[activity], random, 0.7)),
        "audiences": _some(Audience, random, 0.06),
        "languages": in_order(Language, [Language.DUTCH, *(each for each, share in SPOKEN.items() if random.randrange(100) < share)]),
        "accessibility": _some(Accessibility, random, 0.3),
        "phase": _one(PHASES, random),
        "room": room,
        "room_at": at - timedelta(hours=random.randint(0, 24 * 60)) if room else None,
        "opening_hours": json.dumps(random.choice(WEEKS) if access == Access.WALK_IN else {}),
        "access": access,
        **_where(access, street, number, which, ground, random),
        "contact_name": random.choice(words.FIRST_NAMES),
        # 020 0…: no number in use begins so
        "phone": f"+31200{number % 1_000_000:06}",
        "email": f"plek-{number}@demo.example",
        "website": f"https://{slug}.demo.example/" if random.random() < 0.4 else "",
        "channels": json.dumps(written([Channel("other", f"https://agenda.demo.example/{slug}", public=True)]))
        if number % 5 == 0
        else "[]",
        "website_public": random.random() < 0.9,
        "phone_public": True,
        "email_public": random.random() < 0.7,
        "status": str(Status.PUBLISHED),
        "by_phone": False,
        "draft_key": UUID(int=random.getrandbits(128), version=4),
        "revision": 1,
        "created_at": made,
        "updated_at": confirmed,
        "submitted_at": made,
        "published_at": made + timedelta(days=2),
        "confirmed_at": confirmed,
        "checked_revision": 1,
    }


def _where(access: str, street: str, number: int, which: int, ground: _Ground, random: Random) -> dict[str, Any]:
    area = ground.areas[which]
    if access == Access.NO_FIXED_PLACE:
        nowhere = dict.fromkeys(("street", "house_number", "postcode", "city"), "")
        return {**nowhere, "location": None, "area_id": area.pk, "service_areas": [area.parent.code] if area.parent else []}
    point = ground.place_in(which, random)
    return {
        "street": street,
        "house_number": str(number % 300 + 1),
        "postcode": f"{1011 + number % 98} {random.choice(LETTERS)}{random.choice(LETTERS)}",
        "city": "Amsterdam",
        "location": f"({point.lon},{point.lat})",
        "area_id": area.pk,
        "service_areas": [],
    }


def _one(shares: Mapping[Any, int], random: Random) -> str:
    return str(random.choices(list(shares), list(shares.values()))[0])


def _some(choices: Iterable[Any], random: Random, share: float) -> list[str]:
    return [str(choice) for choice in choices if random.random() < share]
