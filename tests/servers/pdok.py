"""Answers like PDOK Locatieserver v3_1 with three invented addresses, or misbehaves as told.

with pdok() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url): ...
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.servers.http import HangUp, Reply, Request, Server, serve

PARAMETERS = {"q", "fq", "fl", "rows", "id", "start", "wt", "sort", "lat", "lon"}


@dataclass
class Mood:
    """How the service behaves: `""` well, or html, 400, 404, 500, hang up, garbage, wrong, huge, drip; `delay` in seconds."""

    mood: str = ""
    delay: float = 0.0


def _address(number: int, street: str, house_number: int, postcode: str, lon: float, lat: float, buurt: str) -> dict[str, object]:
    return {
        "id": f"adr-{number:032x}",
        "type": "adres",
        "weergavenaam": f"{street} {house_number}, {postcode} Amsterdam",
        "straatnaam": street,
        "huisnummer": house_number,
        "postcode": postcode,
        "woonplaatsnaam": "Amsterdam",
        "gemeentenaam": "Amsterdam",
        "gemeentecode": "0363",
        "buurtcode": buurt,
        "centroide_ll": f"POINT({lon} {lat})",
        "score": 10.0 - number,
    }


ADDRESSES = [
    _address(1, "Javastraat", 112, "1094HP", 4.93945, 52.36352, "BU0363MB01"),
    _address(2, "Javastraat", 114, "1094HP", 4.93955, 52.36350, "BU0363MB01"),
    _address(3, "Dapperstraat", 20, "1093BT", 4.92721, 52.36240, "BU0363MA01"),
]
POSTCODES = [
    {"id": f"pcd-{i}", "type": "postcode", "postcode": code, "centroide_ll": f"POINT({lon} {lat})"}
    for i, (code, lon, lat) in enumerate([("1094HP", 4.939, 52.363), ("1094AA", 4.943, 52.365), ("1093BT", 4.927, 52.362)])
]


@contextmanager
def pdok(mood: str = "", delay: float = 0.0) -> Iterator[Server]:
    state = Mood(mood, delay)

    def answer(request: Request) -> Reply:
        time.sleep(state.delay)
        if state.mood == "hang up":
            raise HangUp
        return _misbehave(state.mood) or _answer(request)

    with serve(answer) as server:
        server.state = state  # type: ignore[attr-defined]
        yield server


def _misbehave(mood: str) -> Reply | None:
    return {
        "html": Reply(body=b"<!doctype html><title>Onderhoud</title>", content_type="text/html"),
        "500": Reply(500, json={"error": "kapot"}),
        "400": Reply(400, json={"error": "niet begrepen"}),
        "404": Reply(404, json={"error": "weg"}),
        "garbage": Reply(body=b'{"response": {"docs": [{"id": '),
        "binary": Reply(body=bytes(range(256)) * 4),
        "wrong": Reply(json={"response": {"docs": "geen lijst"}}),
        "list": Reply(json=[1, 2, 3]),
        "null": Reply(json={"response": None}),
        "huge": Reply(body=b'{"response": {"docs": [' + b" " * 3_000_000 + b"]}}"),
        "deep": Reply(body=b"[" * 200_000),
    }.get(mood)


def _answer(request: Request) -> Reply:
    if unknown := set(request.query) - PARAMETERS:
        return Reply(400, json={"error": f"onbekend: {sorted(unknown)}"})
    service = request.path.rsplit("/", 1)[-1]
    words = request.query.get("q", "").lower().replace(" ", "")
    if service == "suggest":
        asked = request.query.get("q", "").lower().split()
        docs = [doc for doc in ADDRESSES if all(word in str(doc["weergavenaam"]).lower() for word in asked)]
        fields = ("id", "type", "weergavenaam", "score")
        docs = [{name: doc[name] for name in fields} for doc in docs]
    elif service == "lookup":
        docs = [doc for doc in ADDRESSES if doc["id"] == request.query.get("id")]
    else:
        docs = [doc for doc in POSTCODES if str(doc["postcode"]).lower().startswith(words)]
    return Reply(body=json.dumps({"response": {"numFound": len(docs), "start": 0, "docs": docs}}).encode())
