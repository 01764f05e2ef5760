from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from fieldlab.outbox import actions
from fieldlab.outbox.models import Channel, Mail, OutboxMessage

_number = count(1)


def email(**fields: Any) -> OutboxMessage:
    """A queued e-mail; `mail`, `key`, `to`, `language` and `at` may be given."""
    number = next(_number)
    mail = fields.pop("mail", Mail(f"Subject {number}", [f"Paragraph {number}."], ("Look", "https://demo.example/look/")))
    values = {"key": f"test-{number}", "to": f"person{number}@demo.example", "language": "en", "at": timezone.now(), **fields}
    actions.queue_email(mail=mail, **values)
    return OutboxMessage.objects.get(key=values["key"])


def sms(**fields: Any) -> OutboxMessage:
    number = next(_number)
    values = {"key": f"test-{number}", "to": "06 00 00 00 01", "language": "en", "text": f"Text {number}", "at": timezone.now(), **fields}
    actions.queue_sms(**values)
    return OutboxMessage.objects.get(key=values["key"])


def deliver(at: datetime | None = None) -> int:
    """What the worker does every two seconds, in this process."""
    return sum(actions.deliver_due(channel=channel, at=at or timezone.now()) for channel in Channel)


@contextmanager
def settings_of(server: Any) -> Iterator[None]:
    """Deliver to a stand-in from tests.servers."""
    values = dict(server.settings)
    assert all(hasattr(settings, name) for name in values)
    with override_settings(**values):
        yield
