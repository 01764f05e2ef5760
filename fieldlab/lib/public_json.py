"""JSON that is the same for everybody: made once per version of its data, compressed once, and only sent to who lacks it."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag


@dataclass(frozen=True, slots=True)
class _Made:
    version: object
    digest: str
    bodies: dict[str, bytes]  # by content encoding


_made: dict[str, _Made] = {}


def public_json(request: HttpRequest, *, name: str, version: object, build: Callable[[], Any], max_age: int) -> HttpResponse:
    """Answer with `build()`, called once per process and `version`. `name` is one of a small fixed set; `max_age` in seconds."""
    made = _made.get(name)
    if made is None or made.version != version:
        text = DjangoJSONEncoder(separators=(",", ":"), ensure_ascii=False).encode(build()).encode()
        bodies = {"br": brotli.compress(text, quality=5), "gzip": gzip.compress(text, 6, mtime=0), "": text}
        _made[name] = made = _Made(version, hashlib.sha256(text).hexdigest()[:20], bodies)
    encoding = _encoding(request)
    etag = quote_etag(f"{made.digest}{encoding and '-'}{encoding}")
    response = HttpResponse(made.bodies[encoding], content_type="application/json")
    if encoding:
        response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=etag, response=response) or response


def _encoding(request: HttpRequest) -> str:
    parts = [part.replace(" ", "").split(";") for part in request.headers.get("Accept-Encoding", "").split(",")]
    accepted = {name for name, *weight in parts if "q=0" not in weight}
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")
