"""The word for an initiative in addresses on this site."""

import re
from collections.abc import Collection

from django.utils.text import slugify

LENGTH = 60
# Words that have their own page below /initiatieven/
RESERVED = frozenset({"nieuw", "wijzigen"})


def base_slug(name: str) -> str:
    """At most LENGTH characters; "initiatief" for a name without Latin letters or figures."""
    return slugify(name)[:LENGTH].strip("-_") or "initiatief"


def free_slug(name: str, taken: Collection[str]) -> str:
    """`base_slug(name)`, with the first number behind it that makes it neither taken nor reserved."""
    base = base_slug(name)
    if base not in taken and base not in RESERVED:
        return base
    numbers = (int(match[1]) for slug in taken if (match := re.fullmatch(rf"{re.escape(base)}-([0-9]{{1,9}})", slug, re.ASCII)))
    return f"{base}-{max(numbers, default=1) + 1}"
