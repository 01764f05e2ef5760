"""A report on paper: the sentences that the participant approved, large, to take home."""

from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.pdf import make_pdf
from participants.actions.reports import Version

DAY = "j F Y"


def report_pdf(version: Version, *, first_name: str, at: datetime) -> bytes:
    """A first name and no number: paper is left lying about."""
    approved = date_format(localtime(version.row.approved_at), DAY)
    read_with = version.row.read_with
    data = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": _("The report of %(name)s") % {"name": first_name},
        "lead": _("These are your words. You read them and agreed on %(date)s.") % {"date": approved},
        "sentences": version.sentences,
        "gap": _("This sentence cannot be printed. Read it on the screen."),
        "none": _("There is no sentence left."),
        "foot": [
            *([_("You read it with %(name)s.") % {"name": read_with.name}] if read_with else []),
            _("Version %(number)d.") % {"number": version.row.number},
            _("You decide who reads this. You may always take a sentence away."),
            _("Do you have a question? Call %(phone)s, %(hours)s.")
            % {"phone": phones.display(settings.HELP_PHONE), "hours": settings.HELP_HOURS},
            _("Printed on %(date)s.") % {"date": date_format(localtime(at), DAY)},
        ],
    }
    return make_pdf("participants/talk/report.typ", data, at=at)
