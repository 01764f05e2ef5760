"""Text messages through an HTTP gateway.

POST SMS_GATEWAY_URL, bearer SMS_GATEWAY_TOKEN, JSON {"to": "+31…", "text": …, "sender": …, "reference": …}. A gateway that has
seen the reference before must not send it again; any 2xx means that it took the message.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from django.conf import settings

from fieldlab.lib.phones import NotAPhoneNumber, normalise
from fieldlab.outbox.lines.failures import Lost, NotNow, Refused, Unclear
from fieldlab.outbox.models import OutboxMessage

TIMEOUT_SECONDS = 10.0
ABOUT_THE_MESSAGE = {400, 404, 409, 410, 413, 422}  # all else that is not 2xx is about us or the gateway, and may pass


@contextmanager
def line() -> Iterator[Callable[[OutboxMessage], None]]:
    """A sender over one HTTP client."""
    if settings.DEMO and not settings.SMS_GATEWAY_URL:
        yield lambda _message: None  # it can be read at /demo/postvak/
        return

    with httpx.Client(timeout=TIMEOUT_SECONDS, headers={"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}) as client:

        def send(message: OutboxMessage) -> None:
            if not settings.SMS_GATEWAY_URL:
                raise Refused("no SMS gateway is set up (SMS_GATEWAY_URL)")
            try:
                answer = client.post(
                    settings.SMS_GATEWAY_URL,
                    json={
                        "to": normalise(message.to),
                        "text": message.text,
                        "sender": settings.SMS_SENDER,
                        "reference": message.message_id,
                    },
                )
            except NotAPhoneNumber:
                raise Refused("not a telephone number") from None
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise Lost(f"no connection to the SMS gateway ({type(error).__name__})") from None
            except httpx.TransportError as error:
                raise Unclear(f"the SMS gateway did not answer ({type(error).__name__})") from None
            if answer.is_success:
                return
            reason = f"the SMS gateway answered {answer.status_code}"
            raise (Refused if answer.status_code in ABOUT_THE_MESSAGE else NotNow)(reason)

        yield send
