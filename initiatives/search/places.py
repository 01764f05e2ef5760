"""Where somebody wants to be near: a postcode, the name of an area, or an address that is looked up and then forgotten."""

from fieldlab.areas.actions import lookup_address, postcode_centre, postcode_digits, suggest_addresses
from fieldlab.lib.geo import Point
from initiatives.search.areas import areas
from initiatives.search.asked import DECIMALS, Asked
from initiatives.search.words import plain


def centre_of(asked: Asked) -> Point | None:
    """The middle of what somebody wants to be near; None when nothing is asked, or it is not known."""
    return asked.near or (postcode_centre(asked.place) if asked.place else None)


def needs_looking_up(asked: Asked) -> bool:
    return bool(asked.place) and postcode_digits(asked.place) is None


def look_up(typed: str) -> Point | None:
    """About where this is, to 100 metres; None when nothing has this name. Raises AddressServiceUnavailable."""
    point = _area_named(typed) or _address(typed)
    return point and Point(round(point.lon, DECIMALS), round(point.lat, DECIMALS))


def _area_named(typed: str) -> Point | None:
    name = plain(typed)
    return next((area.centre for area in areas().by_pk.values() if area.centre and plain(area.name) == name), None)


def _address(typed: str) -> Point | None:
    suggestions = suggest_addresses(typed)
    address = lookup_address(suggestions[0].id) if suggestions else None
    return address.point if address else None
