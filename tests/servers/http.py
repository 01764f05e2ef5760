"""A small HTTP server over a real socket, to stand in for a service that is not ours.

def answer(request: Request) -> Reply:
    return Reply(json={"hello": request.query["name"]})

with serve(answer) as server:
    httpx.get(server.url + "/hello?name=you")
    assert server.requests[0].path == "/hello"
"""

import json as jsonlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return jsonlib.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """`json` or `body`; a status; headers."""

    status: int = 200
    json: Any = None
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class HangUp(Exception):  # noqa: N818 - what the server does, not what went wrong
    """Raise it in an answer: the connection closes without a word."""


@dataclass
class Server:
    url: str
    requests: list[Request] = field(default_factory=list)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left early is not this test's business."""


@contextmanager
def serve(answer: Callable[[Request], Reply], host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Answer every request on a free port by calling `answer`, each in its own thread; an answer may sleep."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            request = Request(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            server.requests.append(request)
            try:
                reply = answer(request)
            except HangUp:
                self.close_connection = True
                return
            body = reply.body if reply.json is None else jsonlib.dumps(reply.json).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, "Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parameter's name in http.server
            """Tests print nothing."""

    with _Quiet((host, port), Handler) as listener:
        server = Server(f"http://{host}:{listener.server_port}")
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
