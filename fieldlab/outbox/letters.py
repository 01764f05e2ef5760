"""From a Mail to what goes over the line: subject, plain text and HTML in one language, safe in headers and in the database."""

import unicodedata
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from fieldlab.lib.phones import display
from fieldlab.outbox.models import SIGNATURE, Mail

SUBJECT_LENGTH = 200


class Letter(NamedTuple):
    subject: str
    text: str
    html: str


def plain(value: StrOrPromise) -> str:
    """The text without characters that no mail, phone or database takes; lines end in a newline."""
    text = "\n".join(str(value).splitlines())
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def one_line(value: StrOrPromise) -> str:
    """Fit for a header: one line, whatever it was."""
    return " ".join(plain(value).split())


def known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def written(value: StrOrPromise, language: str) -> str:
    with translation.override(known(language)):
        return plain(value)


def render(mail: Mail, language: str) -> Letter:
    """Raises ValueError when the button leads anywhere but to a web page."""
    with translation.override(known(language)):
        button = mail.button and (one_line(mail.button[0]), one_line(mail.button[1]))
        links = [(one_line(label), one_line(url)) for label, url in mail.links]
        if not all(url.startswith(("https://", "http://")) for _label, url in [*filter(None, [button]), *links]):
            raise ValueError("The button of a mail needs an absolute http(s) address.")
        subject = one_line(mail.subject)
        if len(subject) > SUBJECT_LENGTH:
            subject = subject[: SUBJECT_LENGTH - 1] + "…"
        paragraphs = [plain(paragraph) for paragraph in mail.paragraphs]
        details = [(one_line(label), plain(value)) for label, value in mail.details]
        phone = display(settings.HELP_PHONE).replace(" ", "\N{NO-BREAK SPACE}")
        footer = [
            _("This e-mail is from %(site)s.") % {"site": settings.SITE_NAME},
            _("Do you have a question? Call %(phone)s, %(hours)s.") % {"phone": phone, "hours": settings.HELP_HOURS},
            plain(mail.why),
        ]
        html = render_to_string(
            "mail/base.html",
            {
                "subject": subject,
                "paragraphs": paragraphs,
                "details": details,
                "button": button,
                "links": links,
                "footer": footer,
                "SITE_NAME": settings.SITE_NAME,
                "SITE_URL": settings.SITE_URL,
            },
        )
    blocks = [
        *paragraphs,
        "\n".join(f"{label}: {value}" for label, value in details),
        *(f"{label}:\n{url}" for label, url in [*filter(None, [button]), *links]),
    ]
    return Letter(subject, "\n\n".join(filter(None, blocks)) + SIGNATURE + "\n".join(footer) + "\n", html)
