"""Everything about a person on paper, to take home or to show to somebody they trust."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.pdf import make_pdf
from participants.actions.copy_words import Entry, Section


def copy_pdf(sections: Sequence[Section], *, at: datetime) -> bytes:
    """Each section with its entries, in the language that is active."""
    data = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": _("Everything that we keep about you"),
        "lead": _("These are your details. You decide who sees them. Keep this paper safe."),
        "sections": [_section(each) for each in sections],
        "foot": [
            _("Is something not right? Call %(phone)s, %(hours)s. We put it right.")
            % {"phone": phones.display(settings.HELP_PHONE), "hours": settings.HELP_HOURS},
            _("Printed on %(date)s.") % {"date": date_format(localtime(at), "j F Y")},
        ],
    }
    return make_pdf("participants/rights/copy.typ", data, at=at)


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "none": section.none, "entries": [_entry(each) for each in section.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    facts = [{"label": label, "words": words} for label, words in entry.facts]
    return {"title": entry.title, "facts": facts, "paragraphs": list(entry.paragraphs)}
