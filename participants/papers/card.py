"""A card of half a page, folded once for a wallet: the appointment, whom to call, and the code for "my details"; Dutch, English behind.

The participant's name is not on it: whoever finds a card must not learn whose it is.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.pdf import certain, make_pdf
from fieldlab.lib.qr import qr_svg
from participants.actions.codes import LASTS
from participants.models import Appointment, Professional

LANGUAGES = ("nl", "en")


def card_pdf(*, appointment: Appointment | None, professional: Professional, code: str, path: str, at: datetime) -> bytes:
    """`code` may be empty, `path` is the address at which it is typed. Two pages, to print on both sides."""
    helper = appointment.professional if appointment else professional
    pages = []
    for language in LANGUAGES:
        with override(language):
            pages.append(_page(appointment, helper, code, path, at))
    address = settings.SITE_URL.split("://")[-1] + path
    return make_pdf("participants/own/card.typ", {"pages": pages, "qr": qr_svg(settings.SITE_URL + path), "address": address}, at=at)


def _page(appointment: Appointment | None, helper: Professional, code: str, path: str, at: datetime) -> dict[str, Any]:
    return {
        "language": get_language(),
        "title": _("Your appointment") if appointment else _("Your card"),
        "facts": _facts(appointment, helper),
        "phone": phones.display(helper.phone or settings.HELP_PHONE).replace(" ", "\N{NO-BREAK SPACE}"),
        "phone_words": _("Can you not come? Call:") if appointment else _("Do you want to ask something? Call:"),
        "code": code,
        "code_title": _("My details"),
        "steps": [
            _("Go to the address below on any computer."),
            _("Type the code."),
            _("Type the year in which you were born, or the last 4 figures of your telephone number."),
        ],
        "qr_alt": _("QR code of the address where you type the code"),
        "until": _("The code works until %(date)s.") % {"date": date_format(localtime(at + LASTS), "j F Y")},
        "lost": _("Is the card lost? Call, and we close the code."),
        "free": _("It is voluntary. You do not have to come."),
        "site": settings.SITE_NAME,
    }


def _facts(appointment: Appointment | None, helper: Professional) -> list[dict[str, str]]:
    """Label and words; a name in letters that nothing here draws is left out rather than left empty."""
    facts = []
    if appointment is not None:
        begins = localtime(appointment.begins)
        place = ", ".join(filter(certain, [appointment.place.name, appointment.place.address]))
        facts += [
            (_("When"), date_format(begins, "l j F")),
            (_("Time"), _("%(time)s o’clock") % {"time": date_format(begins, "G.i")}),
            (_("Where"), place),
            (_("Room"), appointment.room.name),
        ]
    facts.append((_("With whom"), helper.user.name))
    return [{"label": label, "words": words} for label, words in facts if certain(words)]
