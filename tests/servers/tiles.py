"""A tile server over a real socket that answers with one tile, or misbehaves as told.

with tile_server() as server, override_settings(MAP_TILE_URL=server.url + TILE_PATH): ...
"""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers.http import HangUp, Reply, Request, Server, serve

TILE_PATH = "/{z}/{x}/{y}.png"
TILE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


@contextmanager
def tile_server(mood: str = "") -> Iterator[Server]:
    """`mood` is `""` for well, or 500, garbage, hanging; `server.state["mood"]` changes it."""
    state, ended = {"mood": mood}, threading.Event()

    def answer(_request: Request) -> Reply:
        if state["mood"] == "hanging":
            ended.wait()
            raise HangUp
        return {
            "500": Reply(500, body=b"kapot", content_type="text/plain"),
            "garbage": Reply(body=bytes(range(256)), content_type="image/png"),
        }.get(state["mood"], Reply(body=TILE, content_type="image/png"))

    with serve(answer) as server:
        server.state = state  # type: ignore[attr-defined]
        try:
            yield server
        finally:
            ended.set()
