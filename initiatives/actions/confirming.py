"""Asking teams whether their page is still right, and what they answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, InitiativeMember, ModerationMessage, Status
from initiatives.notifications import ask_still_right, tell_stopped

AT_ONCE = 200


def ask_to_confirm(*, at: datetime) -> int:
    """Ask the teams whose time it is, and remind those asked a fortnight ago; at most AT_ONCE. Returns how many mails went out.

    Each in a transaction of its own that locks the row, so that running twice, also at the same moment, asks once.
    """
    due = Initiative.objects.to_ask(at).values_list("pk", flat=True)[:AT_ONCE]
    asked = sum(_ask(pk, at) for pk in due)
    silent = Initiative.objects.to_remind(at).values_list("pk", flat=True)[: max(0, AT_ONCE - asked)]
    return asked + sum(_ask(pk, at) for pk in silent)


@transaction.atomic
def _ask(pk: int, at: datetime) -> int:
    rows = Initiative.objects.select_for_update(of=("self",), skip_locked=True).with_area()
    if initiative := rows.to_ask(at).filter(pk=pk).first():
        initiative.asked_at = at
    elif initiative := rows.to_remind(at).filter(pk=pk).first():
        initiative.reminded_at = at
    else:
        return 0
    initiative.save(update_fields=["asked_at", "reminded_at"])
    return ask_still_right(initiative, at=at)


@transaction.atomic
def stop(*, initiative: Initiative, actor: User | None, reason: str, revision: int, at: datetime) -> Initiative:
    """ "We have stopped": its team takes it off the site, and its moderators hear why. They can put it back. Raises DomainError.

    `actor` is None for whoever came by the link in the mail.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    if initiative.status != Status.PUBLISHED:
        raise DomainError(_("This page is not on the site."))
    if initiative.revision != revision:
        raise DomainError(_("Somebody else changed this page in the meantime. Look at it once more."))
    initiative.status = Status.ARCHIVED
    initiative.updated_at = at
    initiative.revision += 1
    initiative.save()
    text = " ".join(filter(None, [_("We have stopped."), reason.strip()]))[:2000]
    message = ModerationMessage.objects.create(initiative=initiative, author=actor, by_moderator=False, text=text, at=at)
    tell_stopped(message, at=at)
    return initiative


def has_owner(initiative: Initiative) -> bool:
    """Somebody with an account that works keeps it; else its own e-mail address stands for the team."""
    return initiative.members.filter(role=InitiativeMember.Role.OWNER, user__is_active=True).exists()
