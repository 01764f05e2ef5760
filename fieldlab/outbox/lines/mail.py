"""E-mail through Django's mail backend: one connection a batch."""

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from fieldlab.outbox.lines.failures import Lost, NotNow, Refused
from fieldlab.outbox.models import OutboxMessage

CLOSING = 421  # "service not available, closing": said at any moment, about no message in particular


@contextmanager
def line() -> Iterator[Callable[[OutboxMessage], None]]:
    """A sender over one connection. Raises Lost when there is none to be had."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise Lost(_reason("no connection to the mail server", error)) from None

    def send(message: OutboxMessage) -> None:
        try:
            validate_email(message.to)
            _compose(message, connection).send()
        except (ValidationError, ValueError):
            raise Refused("not an e-mail address") from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("the mail server does not take such an address") from None
        except smtplib.SMTPSenderRefused as error:
            # That is about us, not about this message: it waits until we are put right.
            raise (Lost if error.smtp_code == CLOSING else NotNow)(_reason("sender refused", error)) from None
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise _judged("recipient refused", smtplib.SMTPResponseException(code, reply)) from None
        except smtplib.SMTPResponseException as error:
            raise _judged("message refused", error) from None
        except OSError as error:
            raise Lost(_reason("connection to the mail server lost", error)) from None

    try:
        yield send
    finally:
        connection.close()


def _compose(message: OutboxMessage, connection: object) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        formataddr((name or settings.SITE_NAME, address)),
        [message.to],
        connection=connection,
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",  # so that no holiday reply comes back
        },
    )
    mail.attach_alternative(message.html, "text/html")
    if message.calendar:
        _invite(mail, message.calendar)
    return mail


def _invite(mail: EmailMultiAlternatives, calendar: str) -> None:
    """As iMIP has it (RFC 6047), last among the alternatives, so that Outlook and Gmail offer it; and as a file for all others."""
    method = re.search(r"^METHOD:([A-Z]+)", calendar, re.MULTILINE)
    mail.attach_alternative(calendar, f"text/calendar; method={method[1] if method else 'PUBLISH'}")
    mail.attach("afspraak.ics", calendar, "text/calendar")


def _judged(what: str, error: smtplib.SMTPResponseException) -> Exception:
    if error.smtp_code == CLOSING:
        return Lost(_reason(what, error))
    return (Refused if error.smtp_code >= 500 else NotNow)(_reason(what, error))


def _reason(what: str, error: Exception) -> str:
    """Only the codes: a mail server likes to repeat the address in its words."""
    if not isinstance(error, smtplib.SMTPResponseException):
        return f"{what} ({type(error).__name__})"
    reply = error.smtp_error.decode("ascii", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", reply)
    return f"{what} ({error.smtp_code}{' ' + enhanced[0] if enhanced else ''})"
