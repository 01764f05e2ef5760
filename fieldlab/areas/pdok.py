"""Addresses from PDOK Locatieserver v3_1. Whatever it answers, or does not, the caller gets an answer within the time-out.

What people type is part of where they live: it is never logged, and no error carries it.
"""

import math
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point

ROWS = 7
LARGEST_ANSWER = 500_000  # bytes
REST_SECONDS = 30.0  # after a failure, how long nobody waits for it again
ADDRESS_FIELDS = "id,weergavenaam,straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,buurtcode,centroide_ll"

_resting_until = 0.0
# A thread of its own gives a hard limit: looking up the server's name knows no time-out.
_callers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="pdok")


class AddressServiceUnavailable(DomainError):  # noqa: N818
    """The address service cannot be reached or talks nonsense; typing the address still works."""

    def __init__(self) -> None:
        super().__init__(str(_("We cannot look up addresses at the moment. You can type the address yourself.")))


@dataclass(frozen=True, slots=True)
class Suggestion:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address. `number` holds letter and addition too; `postcode` is "1094 HP" or empty."""

    id: str
    label: str
    street: str
    number: str
    postcode: str
    city: str
    point: Point


def suggest(query: str, municipalities: Sequence[str] = ()) -> list[Suggestion]:
    """Addresses that `query` may become, best first; only in these municipalities (four digits each), or everywhere."""
    filters = ["type:adres"]
    if municipalities:
        filters.append(f"gemeentecode:({' OR '.join(municipalities)})")
    docs = _docs("suggest", {"q": query, "fq": filters, "fl": "id,weergavenaam,type", "rows": ROWS})
    named = [doc for doc in docs if doc.get("id") and doc.get("weergavenaam")]
    return [Suggestion(str(doc["id"])[:80], str(doc["weergavenaam"])[:200]) for doc in named[:ROWS]]


def lookup(address_id: str) -> Address | None:
    """The address with this id, as `suggest` gave it; None when there is none."""
    docs = _docs("lookup", {"id": address_id, "fl": ADDRESS_FIELDS})
    return _address(docs[0]) if docs else None


def postcode_centre(digits: str) -> Point | None:
    """The middle of the six-character postcodes that start with these four digits; None when there are none."""
    docs = _docs("free", {"q": digits, "fq": ["type:postcode", f"postcode:{digits}*"], "fl": "postcode,centroide_ll", "rows": 100})
    points = [point for doc in docs if str(doc.get("postcode", "")).startswith(digits) and (point := _point(doc.get("centroide_ll")))]
    if not points:
        return None
    return Point(round(sum(p.lon for p in points) / len(points), 6), round(sum(p.lat for p in points) / len(points), 6))


# --- Asking


def forget_failure() -> None:
    """Ask again at once, also after a failure just now."""
    global _resting_until
    _resting_until = 0.0


def _docs(service: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    global _resting_until
    if time.monotonic() < _resting_until:
        raise AddressServiceUnavailable
    call = _callers.submit(_fetch, f"{settings.PDOK_LOCATIESERVER_URL}/{service}", params)
    try:
        return call.result(timeout=settings.PDOK_TIMEOUT_SECONDS)
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        FutureTimeoutError,
        RecursionError,
    ) as error:
        call.cancel()
        # A 400 is about what somebody typed; it must not stop the others.
        if not (isinstance(error, httpx.HTTPStatusError) and error.response.status_code == 400):
            _resting_until = time.monotonic() + REST_SECONDS
        # The cause would carry the address into the log.
        raise AddressServiceUnavailable from None


@cache
def _client() -> httpx.Client:
    return httpx.Client(headers={"Accept": "application/json"}, follow_redirects=False)


def _fetch(url: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    body = bytearray()
    deadline = time.monotonic() + settings.PDOK_TIMEOUT_SECONDS
    with _client().stream("GET", url, params=params, timeout=settings.PDOK_TIMEOUT_SECONDS) as response:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
                raise ValueError("too much or too slow")
    docs = httpx.Response(200, content=bytes(body)).json()["response"]["docs"]
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        raise ValueError("no list of documents")
    return docs


# --- Reading


def _address(doc: dict[str, Any]) -> Address | None:
    point = _point(doc.get("centroide_ll"))
    if point is None:
        return None
    number = str(doc.get("huisnummer") or "") + str(doc.get("huisletter") or "")
    if addition := str(doc.get("huisnummertoevoeging") or ""):
        number += f"-{addition}"
    postcode = str(doc.get("postcode") or "").replace(" ", "")
    return Address(
        id=str(doc.get("id") or "")[:80],
        label=str(doc.get("weergavenaam") or "")[:200],
        street=str(doc.get("straatnaam") or "")[:120],
        number=number[:20],
        postcode=f"{postcode[:4]} {postcode[4:]}" if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", postcode) else "",
        city=str(doc.get("woonplaatsnaam") or "")[:80],
        point=point,
    )


def _point(text: object) -> Point | None:
    match = re.fullmatch(r"POINT\(([-+.\deE]{1,30}) ([-+.\deE]{1,30})\)", str(text))
    if not match:
        return None
    try:
        point = Point(float(match[1]), float(match[2]))
    except ValueError:
        return None
    return point if all(map(math.isfinite, point)) and abs(point.lon) <= 180 and abs(point.lat) <= 90 else None
