"""Django's SMTP backend, but one that knows whether a message can have gone when the line breaks."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

from fieldlab.outbox.lines.failures import Unclear


class _Session(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except OSError:
            raise Unclear("the mail server fell silent after it was given the message") from None


class _TLSSession(_Session, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Raises Unclear where smtplib cannot tell a message that surely did not go from one that may have gone."""

    @property
    def connection_class(self) -> type[_Session]:
        return _TLSSession if self.use_ssl else _Session
