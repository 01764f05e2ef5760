"""Whom a message about an initiative is for, and its facts as a mail tells them."""

from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from initiatives.models import Initiative


def moderators_of(initiative: Initiative) -> list[User]:
    """The boundary spanners of its district; the coordinators where there is none."""
    active = User.objects.filter(is_active=True).order_by("pk")
    district = _district(initiative)
    spanners = list(active.filter(boundary_spanner_of__district=district)) if district else []
    return spanners or list(active.filter(is_coordinator=True))


def facts(initiative: Initiative) -> list[tuple[str, str]]:
    where = initiative.address or _("no fixed place")
    return [
        (_("Name"), initiative.name),
        (_("Kind"), initiative.get_kind_display()),
        (_("What you do"), initiative.summary),
        (_("Where"), f"{where} ({initiative.area})"),
    ]


def _district(initiative: Initiative) -> Area | None:
    area = initiative.area
    while area and area.parent:
        area = area.parent
    return area
