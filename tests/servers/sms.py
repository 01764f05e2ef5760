"""An SMS gateway over a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.servers.http import HangUp, Reply, Request, serve

TOKEN = "for-the-gateway"


@dataclass
class Gateway:
    url: str = ""
    status: int = 202
    hang_up: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        return {"SMS_GATEWAY_URL": self.url, "SMS_GATEWAY_TOKEN": TOKEN, "SMS_SENDER": "Fieldlab"}

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(401)
        if self.status < 300:
            self.messages.append(request.json())
        if self.hang_up:
            raise HangUp
        return Reply(self.status, json={})


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    with serve(gateway.answer) as server:
        gateway.url = f"{server.url}/messages"
        yield gateway
