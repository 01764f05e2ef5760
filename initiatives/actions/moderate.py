"""What a boundary spanner or a coordinator decides about an entry: one recorded action, heard by both sides."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions.edit import write_as
from initiatives.actions.history import restoring, version_at
from initiatives.models import Initiative, ModerationDecision, Status
from initiatives.notifications import tell_decision
from initiatives.permissions import can_moderate

Decision = ModerationDecision.Decision

# From which status each decision can be made, and the status it leaves; None: as it was. What was taken off can be put back.
FROM: dict[Decision, set[Status]] = {
    Decision.CHECKED: {Status.PUBLISHED},
    Decision.BROUGHT_BACK: {Status.PUBLISHED},
    Decision.PUBLISHED: {Status.SUBMITTED, Status.ARCHIVED},
    Decision.CHANGES_REQUESTED: {Status.SUBMITTED},
    Decision.ARCHIVED: {Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.PUBLISHED},
}
LEAVES = {Decision.PUBLISHED: Status.PUBLISHED, Decision.CHANGES_REQUESTED: Status.CHANGES_REQUESTED, Decision.ARCHIVED: Status.ARCHIVED}
# About a live page that changed since somebody looked at it
ABOUT_CHANGES = {Decision.CHECKED, Decision.BROUGHT_BACK}
# These may go without a word
WORDLESS = {Decision.CHECKED, Decision.PUBLISHED}


def decisions_for(initiative: Initiative) -> list[Decision]:
    """What can be decided about it now."""
    return [decision for decision in FROM if _can_be_made(decision, initiative)]


@transaction.atomic
def decide(*, initiative: Initiative, actor: User, decision: Decision, message: str, revision: int, at: datetime) -> ModerationDecision:
    """Publish, ask for changes, take off the site, look changes through or undo them, as `actor` saw it at `revision`.

    Of two who decide at once the first counts; the second reads who was before. Raises DomainError.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    if not can_moderate(actor, initiative):
        raise DomainError(_("This one is for the connector of another district."))
    if not _can_be_made(decision, initiative):
        raise DomainError(_already(initiative))
    if initiative.revision != revision:
        raise DomainError(_("%(name)s was changed while you were reading. Look at it once more.") % {"name": initiative.name})
    message = message.strip()
    if decision not in WORDLESS and not message:
        raise DomainError(_("Say why, or what has to change."))
    record = ModerationDecision.objects.create(
        initiative=initiative, decided_by=actor, decision=decision, message=message, revision=initiative.revision, at=at
    )
    if decision in ABOUT_CHANGES:
        _settle_changes(initiative, actor, decision, at)
    else:
        _move(initiative, decision, at)
    tell_decision(initiative, record, at=at)
    return record


def last_seen(initiative: Initiative) -> int | None:
    """The revision that a moderator saw last, if there was one: what came after it is to be looked through."""
    if initiative.status == Status.PUBLISHED:
        return initiative.checked_revision
    last = initiative.decisions.exclude(revision=None).first()
    return last.revision if last else None


def _can_be_made(decision: Decision, initiative: Initiative) -> bool:
    return initiative.status in FROM[decision] and (decision not in ABOUT_CHANGES or initiative.changed_since_checked)


def _move(initiative: Initiative, decision: Decision, at: datetime) -> None:
    initiative.status = LEAVES[decision]
    initiative.updated_at = at
    initiative.revision += 1
    if decision == Decision.PUBLISHED:
        initiative.published_at = at
        initiative.checked_revision = initiative.revision
    initiative.save()


def _settle_changes(initiative: Initiative, actor: User, decision: Decision, at: datetime) -> None:
    """Looking changes through makes no revision: nobody who is typing now is in the way of it."""
    if decision == Decision.BROUGHT_BACK:
        row = version_at(initiative, initiative.checked_revision or 0)
        if row is None:
            raise DomainError(_("The version of before is no longer there. Change the page yourself, or write to the team."))
        write_as(initiative, actor, restoring(initiative, row).changes, at)
    initiative.checked_revision = initiative.revision
    initiative.save(update_fields=["checked_revision"])


def _already(initiative: Initiative) -> str:
    last = initiative.decisions.select_related("decided_by").first()
    if last is None:
        return _("This cannot be decided about now.")
    values = {"who": last.decided_by, "name": initiative.name, "decision": last.get_decision_display()}
    return _("%(who)s was just before you: %(name)s is “%(decision)s”. You need not do anything.") % values
