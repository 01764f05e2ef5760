"""Who at the municipality to call about an area: kept by the coordinators, and each entry by whoever it is about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.invitations.actions import invite, revoke
from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from initiatives.models import AreaContact, ContactInvitation
from initiatives.permissions import can_edit_contact, can_manage_contacts

FIELDS = ("name", "function", "organisation", "topics", "phone", "email", "website", "note")


class StaleContact(DomainError):  # noqa: N818 - reads as what it says
    """Somebody else saved in between; `current` is what stands now."""

    def __init__(self, message: str, current: AreaContact) -> None:
        super().__init__(message)
        self.current = current


@transaction.atomic
def add_contact(*, actor: User, changes: dict[str, Any], areas: Iterable[Area], at: datetime) -> AreaContact:
    """Raises DomainError for whoever is no coordinator, and for an entry that nobody can call or write to."""
    _check(can_manage_contacts(actor))
    contact = AreaContact(confirmed_at=at, **{name: changes[name] for name in FIELDS})
    _save(contact)
    contact.areas.set(areas)
    return contact


@transaction.atomic
def change_contact(
    *, contact: AreaContact, actor: User, changes: dict[str, Any], areas: Iterable[Area] | None, revision: int, at: datetime
) -> AreaContact:
    """Save `changes` made on top of `revision`; that is also a word that the rest is right. Areas are a coordinator's to give.

    Raises StaleContact, DomainError.
    """
    contact = AreaContact.objects.select_for_update().get(pk=contact.pk)
    _check(can_edit_contact(actor, contact))
    if areas is not None:
        _check(can_manage_contacts(actor))
    if contact.revision != revision:
        raise StaleContact(_("Somebody else changed this entry while you were typing. Nothing is lost: choose below."), contact)
    for name in FIELDS:
        setattr(contact, name, changes[name])
    contact.revision += 1
    contact.confirmed_at = at
    _save(contact)
    if areas is not None:
        contact.areas.set(areas)
    return contact


@transaction.atomic
def confirm_contact(*, contact: AreaContact, actor: User, at: datetime) -> AreaContact:
    """ "Everything is still right": visitors see the date."""
    contact = AreaContact.objects.select_for_update().get(pk=contact.pk)
    _check(can_edit_contact(actor, contact))
    contact.confirmed_at = at
    contact.save(update_fields=["confirmed_at"])
    return contact


@transaction.atomic
def remove_contact(*, contact: AreaContact, actor: User) -> None:
    """The entry is gone from the site, and an invitation to keep it no longer works."""
    _check(can_manage_contacts(actor))
    AreaContact.objects.select_for_update().get(pk=contact.pk).delete()


@transaction.atomic
def invite_contact(
    *, contact: AreaContact, actor: User, name: str, email: str, decides_on_benefits: bool, at: datetime
) -> ContactInvitation:
    """Whoever accepts keeps the entry from then on, in the place of who did so before. An open invitation gives way to a new one."""
    _check(can_manage_contacts(actor))
    contact = AreaContact.objects.select_for_update().get(pk=contact.pk)
    for pending in contact.invitations.pending():
        revoke(pending, at=at)
    invitation = ContactInvitation(
        contact=contact,
        name=name,
        email=email,
        employer=contact.organisation,
        language=actor.language,
        decides_on_benefits=decides_on_benefits,
    )
    return invite(invitation, actor=actor, at=at)


def _check(may: bool) -> None:
    if not may:
        raise DomainError(_("Only a coordinator does this."))


def _save(contact: AreaContact) -> None:
    try:
        contact.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    contact.save()
