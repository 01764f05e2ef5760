"""Keeping an entry true: editing, what was typed and not saved yet, whether there is room, and confirming."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions.register import DRAFTS_KEPT, write
from initiatives.models import EditDraft, Initiative, Room, Status
from initiatives.permissions import can_edit, can_moderate, in_team

# Of one edit page, in characters: more than its fields may hold together
MOST_TYPED = 40_000


class StaleEdit(DomainError):  # noqa: N818 - reads as what it says
    """Somebody else saved in between; `current` is what stands now."""

    def __init__(self, message: str, current: Initiative) -> None:
        super().__init__(message)
        self.current = current


@transaction.atomic
def edit(*, initiative: Initiative, changes: dict[str, Any], revision: int, at: datetime, actor: User | None = None) -> Initiative:
    """Save `changes` made on top of `revision`; what the actor had typed so far is no longer kept apart.

    A published entry stays published. Its team thereby says that it is right; a moderator who changes it does not, but nobody has to
    look through a moderator's change of what was looked through. Raises StaleEdit, DomainError.
    """
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if initiative.status == Status.ARCHIVED:
        raise DomainError(_("This page was taken off the site. Call us if that is not right."))
    if initiative.revision != revision:
        raise StaleEdit(_("Somebody else changed this page while you were typing. Nothing is lost: choose below."), initiative)
    if write_as(initiative, actor, changes, at):
        initiative.confirmed_at = at
        initiative.save(update_fields=["confirmed_at"])
    if actor:
        discard_typed(initiative=initiative, actor=actor)
    return initiative


def write_as(initiative: Initiative, actor: User | None, changes: dict[str, Any], at: datetime) -> bool:
    """Save `changes` on a locked initiative; whether it was its own team, or whoever came by its link, that did.

    What a moderator puts right in an entry that was looked through needs no looking through, and confirms nothing.
    """
    seen = initiative.checked_revision == initiative.revision
    write(initiative, changes, at)
    if actor is None or in_team(actor, initiative) or not can_moderate(actor, initiative):
        return True
    if seen:
        initiative.checked_revision = initiative.revision
        initiative.save(update_fields=["checked_revision"])
    return False


@transaction.atomic
def keep_typed(*, initiative: Initiative, actor: User, typed: Mapping[str, list[str]], revision: int, at: datetime) -> EditDraft:
    """Keep what was typed on the edit page, for this actor only, right or wrong; nobody sees it before it is saved.

    `revision` is the one it is an edit of. Raises DomainError.
    """
    if not can_edit(actor, initiative):
        raise DomainError(_("Only its team and whoever checks it change this page."))
    kept = {"typed": keepable(typed), "revision": revision, "updated_at": at}
    draft, _made = EditDraft.objects.update_or_create(initiative=initiative, user=actor, defaults=kept)
    return draft


def keepable(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What was typed as it can be kept: PostgreSQL has no NUL in a text. Raises DomainError where it is too much."""
    clean = {name.replace("\x00", ""): [text.replace("\x00", "") for text in texts] for name, texts in typed.items()}
    if sum(len(name) + sum(map(len, texts)) for name, texts in clean.items()) > MOST_TYPED:
        raise DomainError(_("This is too much text to keep. Make it shorter."))
    return clean


def discard_typed(*, initiative: Initiative, actor: User) -> None:
    """Throw away what this actor typed and did not save."""
    EditDraft.objects.filter(initiative=initiative, user=actor).delete()


def remove_old_typed(*, at: datetime) -> int:
    """Delete what was typed and not saved in 30 days: it may hold names and numbers. Returns how many."""
    return EditDraft.objects.filter(updated_at__lt=at - DRAFTS_KEPT).delete()[0]


@transaction.atomic
def say_room(*, initiative: Initiative, actor: User, room: str, at: datetime) -> Initiative:
    """Whether somebody new can come now. Saying it again dates it again.

    No new revision: the edit page does not hold these two columns and `write` saves on top of the row as it stands, so neither this
    nor an edit that is open elsewhere overwrites the other, and nobody has to choose between versions for one tap.
    """
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if not in_team(actor, initiative) or initiative.status in (Status.DRAFT, Status.ARCHIVED):
        raise DomainError(_("Only the team of a page that is on the site says whether there is room."))
    if room not in Room.values:
        raise DomainError(_("Choose yes, waiting list, or not now."))
    initiative.room, initiative.room_at = room, at
    initiative.save(update_fields=["room", "room_at"])
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
