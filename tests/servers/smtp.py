"""A mail server over a real socket, which can be slow, refuse, or hang up."""

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    sessions: int = 0
    delay: float = 0.0  # seconds between having a message and saying so
    refused: dict[str, str] = field(default_factory=dict)  # recipient: answer to RCPT
    data_answer: str = "250 OK"
    hang_ups: int = 0  # after so many messages taken, the line closes instead of an answer

    @property
    def settings(self) -> dict[str, str]:
        return {
            "EMAIL_BACKEND": "fieldlab.outbox.lines.smtp.EmailBackend",
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": str(self.port),
        }

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(message["Message-ID"] for message in self.messages)

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]) -> list[str]:  # noqa: N802
        self.sessions += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            self.messages.append(email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default))
        await asyncio.sleep(self.delay)
        if self.hang_ups:
            self.hang_ups -= 1
            server.transport.close()
        return self.data_answer


class _Controller(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # asked for any free one
        super()._trigger_server()

    def factory(self) -> Any:
        return SMTP(self.handler, hostname="mail.demo.example", ident="stand-in", data_size_limit=10_000_000, loop=self.loop)


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    handler = MailServer()
    controller = _Controller(handler, hostname=handler.host, port=port)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()
