"""A sheet for the notice board: what there is nearby on one A4, for who has no telephone with internet at hand."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.look.glyphs import kind_glyph
from fieldlab.lib.opening import Hours, OpeningHours
from fieldlab.lib.pdf import certain, make_pdf
from fieldlab.lib.qr import qr_svg
from initiatives.models import Access, Initiative

# No more ever fit on a page; how many do depends on how much they say
MOST = 24
# An address in a code that a cheap telephone still reads from a poster
LONGEST_ADDRESS = 300
NARROW_SPACE = "\N{NO-BREAK SPACE}"


def sheet_facts(*, title: str, address: str, initiatives: Iterable[Initiative], total: int, at: datetime) -> dict[str, Any]:
    """All that the sheet says. `address` is where the same stands on the site; `total` how many there are, shown or not."""
    places = [_place(initiative) for initiative in list(initiatives)[:MOST]]
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": title,
        "lead": _("Places where you can do, learn or start something."),
        "free": _("You need no account. You do not have to do anything."),
        "places": places,
        "none": _("There is nothing here yet. Do you know a place? Call us."),
        "qr": qr_svg(address if len(address) <= LONGEST_ADDRESS else settings.SITE_URL),
        "qr_alt": _("QR code of the same list on the site"),
        "qr_words": _("All %(total)d places") % {"total": total} if total > 1 else _("On the site"),
        "help": _("Would you rather talk? Call us."),
        "help_when": _("We are there %(hours)s.") % {"hours": settings.HELP_HOURS},
        "help_phone": phones.display(settings.HELP_PHONE),
        "made": _("Made on %(date)s. Is it still right? Look at %(site)s or call.")
        % {"date": date_format(localtime(at), "j F Y"), "site": settings.SITE_URL.split("://")[-1]},
    }


def sheet_pdf(facts: dict[str, Any], *, at: datetime) -> bytes:
    return make_pdf("initiatives/sheet.typ", facts, at=at)


def _place(initiative: Initiative) -> dict[str, Any]:
    kind = str(initiative.get_kind_display())
    glyph = kind_glyph(initiative.kind).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    where = initiative.street_and_number or (initiative.area.name if initiative.area else "")
    if initiative.street_and_number and initiative.area:
        where = f"{where}, {initiative.area.name}"
    return {
        "glyph": glyph,
        # A name in a script that nothing here draws: better its kind than nothing
        "name": initiative.name if certain(initiative.name) else f"{initiative.name} ({kind})",
        "summary": initiative.summary,
        "lines": [*filter(None, [where, *_when(initiative)])],
        "phone": phones.display(initiative.public_phone).replace(" ", NARROW_SPACE) if initiative.public_phone else "",
    }


def _when(initiative: Initiative) -> list[str]:
    if initiative.access == Access.APPOINTMENT:
        return [_("By appointment")]
    return week_words(initiative.hours)


def week_words(hours: OpeningHours) -> list[str]:
    """A usual week in few lines: days in a row with the same hours together, closed days left out."""
    lines = []
    for same, run in groupby(enumerate(hours.by_weekday()), key=lambda day: day[1]):
        days = [str(WEEKDAYS[day]).lower() for day, _hours in run]
        if not same:
            continue
        if len(days) == 1:
            words = days[0]
        elif len(days) == 2:
            words = _("%(first)s and %(last)s") % {"first": days[0], "last": days[1]}
        else:
            words = _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}
        lines.append(f"{words} {_times(same)}")
    return lines


def _times(hours: Hours) -> str:
    return _(" and ").join(f"{_clock(opens)} – {_clock(closes)}" for opens, closes in hours)


def _clock(minute: int) -> str:
    return f"{minute // 60}.{minute % 60:02}"
