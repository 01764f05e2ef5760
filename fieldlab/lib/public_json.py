"""JSON that is the same for everybody: made once per version of its data, compressed once, and only sent to who lacks it."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

BROTLI, GZIP = 5, 4  # a step more halves the speed for the last few hundredths
REFUSED = {"0", "0.0", "0.00", "0.000"}


@dataclass(frozen=True, slots=True)
class Packed:
    """A text and the same text compressed; `digest` names what is in it."""

    digest: str
    plain: bytes
    gzip: bytes
    brotli: bytes


def pack(data: Any) -> Packed:
    """JSON of lists, dictionaries, texts and numbers, without a space too many. The digest is 64 bits of its SHA-256."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return Packed(
        digest=hashlib.sha256(text).hexdigest()[:16],
        plain=text,
        gzip=gzip.compress(text, GZIP, mtime=0),
        brotli=brotli.compress(text, quality=BROTLI),
    )


def send_packed(request: HttpRequest, packed: Packed, *, cache_control: str) -> HttpResponse:
    """In the best encoding that the reader takes, each with its own ETag; 304 to who has it."""
    encoding = _encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    body = {"br": packed.brotli, "gzip": packed.gzip}.get(encoding, packed.plain)
    etag = f'"{packed.digest}-{encoding}"' if encoding else f'"{packed.digest}"'
    headers = {"ETag": etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding", "Content-Length": str(len(body))}
    if encoding:
        headers["Content-Encoding"] = encoding
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response


def _encoding(accepted: str) -> str:
    """`br`, `gzip` or neither, of a header such as `gzip, deflate, br;q=0.5`: the smallest of those not refused."""
    parts = (part.replace(" ", "").partition(";q=") for part in accepted.lower().split(","))
    taken = {name for name, _, weight in parts if weight not in REFUSED}
    return next((encoding for encoding in ("br", "gzip") if encoding in taken), "")


@dataclass(frozen=True, slots=True)
class _Made:
    version: object
    packed: Packed


_made: dict[str, _Made] = {}


def public_json(request: HttpRequest, *, name: str, version: object, build: Callable[[], Any], max_age: int) -> HttpResponse:
    """Answer with `build()`, called once per process and `version`. `name` is one of a small fixed set; `max_age` in seconds."""
    made = _made.get(name)
    if made is None or made.version != version:
        _made[name] = made = _Made(version, pack(build()))
    return send_packed(request, made.packed, cache_control=f"public, max-age={max_age}")
