"""Dutch postcodes: kept and shown as "1094 HP"."""

import re

_TYPED = re.compile(r"\s*([1-9][0-9]{3})[\s.-]*([A-Za-z]{2})\s*", re.ASCII)


class NotAPostcode(ValueError):  # noqa: N818 - reads as what it says
    """What was typed cannot be a postcode."""


def normalise(typed: str) -> str:
    """As in "1094 HP". Raises NotAPostcode."""
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise NotAPostcode("A postcode is four figures and two letters.")
    return f"{match[1]} {match[2].upper()}"
