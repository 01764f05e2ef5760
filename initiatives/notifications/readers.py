"""Whom a message about an initiative is for, and its facts as a mail tells them."""

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from initiatives.models import Initiative, InitiativeMember


class Reader(NamedTuple):
    """`key` for the key of a message; `has_account`: may follow a link to a page that asks to sign in."""

    key: str
    to: str
    language: str
    has_account: bool


def team_of(initiative: Initiative) -> list[Reader]:
    """Its owners; as long as it has none, its own e-mail address, in the language of the invitation sent there. May be nobody."""
    owners = User.objects.filter(
        initiative_memberships__initiative=initiative, initiative_memberships__role=InitiativeMember.Role.OWNER, is_active=True
    )
    readers = [Reader(f"user-{user.pk}", user.email, user.language, True) for user in owners.order_by("pk")]
    if not readers and initiative.email:
        invitation = initiative.invitations.order_by("-created_at").first()
        readers = [Reader("address", initiative.email, invitation.language if invitation else settings.LANGUAGE_CODE, False)]
    return readers


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
