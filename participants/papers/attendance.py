"""A proof that somebody came, made by themselves: only the days, and what more they ticked. Nobody keeps a copy."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.pdf import make_pdf
from participants.models import Appointment


def attendance_pdf(talks: Iterable[Appointment], *, name: str, show: Sequence[str], at: datetime) -> bytes:
    """`show` has some of "time", "place" and "professional"; `name` is as they typed it, or empty."""
    data = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": _("Proof of taking part"),
        "name_label": _("Name"),
        "name": name,
        "lead": _("This person came to %(site)s on these days:") % {"site": settings.SITE_NAME},
        "days": [_day(talk, show) for talk in talks],
        "foot": [
            _("Taking part is voluntary."),
            _("Whoever this paper is about made it themselves, and chose what stands on it."),
            _("%(site)s passes nothing on, and keeps no copy. Telephone: %(phone)s.")
            % {"site": settings.SITE_NAME, "phone": phones.display(settings.HELP_PHONE)},
            _("Made on %(date)s.") % {"date": date_format(localtime(at), "j F Y")},
        ],
    }
    return make_pdf("participants/rights/attendance.typ", data, at=at)


def _day(talk: Appointment, show: Sequence[str]) -> dict[str, object]:
    begins, ends = localtime(talk.begins), localtime(talk.ends)
    lines = []
    if "time" in show:
        lines.append(_("From %(begin)s until %(end)s") % {"begin": date_format(begins, "H.i"), "end": date_format(ends, "H.i")})
    if "place" in show:
        lines.append(", ".join(filter(None, [talk.place.name, talk.place.address])))
    if "professional" in show:
        user = talk.professional.user
        lines.append(_("A talk with %(name)s") % {"name": f"{user.name}, {user.employer}" if user.employer else user.name})
    return {"day": date_format(begins, "l j F Y"), "lines": lines}
