"""What other apps may ask of areas."""

import re
from collections.abc import Sequence

import redis
from django.core.cache import cache
from django.utils import timezone

from fieldlab.areas import pdok
from fieldlab.areas.boundaries import Reading, municipality, read
from fieldlab.areas.imports import ImportReport, import_areas
from fieldlab.areas.index import neighbourhoods
from fieldlab.areas.models import Area, Postcode4
from fieldlab.areas.pdok import Address, AddressServiceUnavailable, Suggestion
from fieldlab.lib.geo import Point

__all__ = [
    "Address",
    "AddressServiceUnavailable",
    "ImportReport",
    "Reading",
    "Suggestion",
    "area_at",
    "areas_at",
    "import_areas",
    "lookup_address",
    "postcode_centre",
    "postcode_digits",
    "read",
    "suggest_addresses",
]

SHORTEST_QUERY, LONGEST_QUERY = 3, 120
UNKNOWN_POSTCODE_SECONDS = 24 * 3600


def area_at(point: Point) -> Area | None:
    """The neighbourhood that holds this place; None outside all of them."""
    return areas_at([point])[0]


def areas_at(points: Sequence[Point]) -> list[Area | None]:
    """The neighbourhood of each place, in order; two queries, however many places."""
    if not points:
        return []
    ids = neighbourhoods().find(points)
    found = Area.objects.without_boundaries().in_bulk({pk for pk in ids if pk is not None})
    return [found.get(pk) if pk is not None else None for pk in ids]


def suggest_addresses(query: str) -> list[Suggestion]:
    """Addresses in our municipalities that this may become; none for fewer than three characters. Raises AddressServiceUnavailable."""
    query = " ".join(query.replace("\x00", " ").split())[:LONGEST_QUERY]
    if len(query) < SHORTEST_QUERY:
        return []
    return pdok.suggest(query, sorted({municipality(code) for code in Area.objects.in_force().districts().values_list("code", flat=True)}))


def lookup_address(address_id: str) -> Address | None:
    """The address behind a suggestion; None when it does not exist (any more). Raises AddressServiceUnavailable."""
    return pdok.lookup(address_id) if re.fullmatch(r"adr-[0-9a-f]{1,64}", address_id) else None


def postcode_digits(text: str) -> str | None:
    """The four digits of "1094", "1094 HP" or "1094hp"; None for anything else."""
    match = re.fullmatch(r"([1-9][0-9]{3})(\s*[A-Za-z]{2})?", text.strip(), re.ASCII)
    return match[1] if match else None


def postcode_centre(postcode: str) -> Point | None:
    """The middle of a postcode's area (its four digits count); None when it is unknown, or cannot be known at the moment."""
    digits = postcode_digits(postcode)
    if digits is None:
        return None
    known = Postcode4.objects.filter(digits=digits).first()
    if known:
        return known.centre
    unknown = f"postcode:unknown:{digits}"
    try:
        centre = None if cache.get(unknown) else pdok.postcode_centre(digits)
        if centre is None:
            cache.set(unknown, True, UNKNOWN_POSTCODE_SECONDS)
    except (AddressServiceUnavailable, redis.RedisError):
        return None
    if centre:
        Postcode4.objects.bulk_create([Postcode4(digits=digits, centre=centre, learned_at=timezone.now())], ignore_conflicts=True)
    return centre
