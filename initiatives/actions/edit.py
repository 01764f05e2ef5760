"""Keeping an entry true: editing and confirming."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError
from initiatives.actions.register import write
from initiatives.models import Initiative, Status


class StaleEdit(DomainError):  # noqa: N818 - reads as what it says
    """Somebody else saved in between; `current` is what stands now."""

    def __init__(self, message: str, current: Initiative) -> None:
        super().__init__(message)
        self.current = current


@transaction.atomic
def edit(*, initiative: Initiative, changes: dict[str, Any], revision: int, at: datetime) -> Initiative:
    """Save `changes` made on top of `revision`. A published entry stays published. Raises StaleEdit, DomainError."""
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if initiative.status == Status.ARCHIVED:
        raise DomainError(_("This page was taken off the site. Call us if that is not right."))
    if initiative.revision != revision:
        raise StaleEdit(_("Somebody else changed this page while you were typing. Nothing is lost: choose below."), initiative)
    write(initiative, changes, at)
    initiative.confirmed_at = at
    initiative.save(update_fields=["confirmed_at"])
    return initiative


@transaction.atomic
def confirm(*, initiative: Initiative, at: datetime) -> Initiative:
    """ "Everything is still right": visitors see the date."""
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if initiative.status != Status.PUBLISHED:
        raise DomainError(_("Only a page that is on the site can be confirmed."))
    initiative.confirmed_at = at
    initiative.save(update_fields=["confirmed_at"])
    return initiative
