"""What a boundary spanner or a coordinator decides about an entry: one recorded action, heard by both sides."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, ModerationDecision, Status
from initiatives.notifications import tell_decision
from initiatives.permissions import can_moderate

Decision = ModerationDecision.Decision

# From which status each decision can be made
FROM = {
    Decision.PUBLISHED: {Status.SUBMITTED},
    Decision.CHANGES_REQUESTED: {Status.SUBMITTED},
    Decision.ARCHIVED: {Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.PUBLISHED},
}


def decisions_for(initiative: Initiative) -> list[Decision]:
    """What can be decided about it now."""
    return [decision for decision, statuses in FROM.items() if initiative.status in statuses]


@transaction.atomic
def decide(*, initiative: Initiative, actor: User, decision: Decision, message: str, revision: int, at: datetime) -> ModerationDecision:
    """Publish, ask for changes or take off the site, as `actor` saw it at `revision`.

    Of two who decide at once the first counts; the second reads who was before. Raises DomainError.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    if not can_moderate(actor, initiative):
        raise DomainError(_("This one is for the connector of another district."))
    if initiative.status not in FROM[decision]:
        raise DomainError(_already(initiative))
    if initiative.revision != revision:
        raise DomainError(_("%(name)s was changed while you were reading. Look at it once more.") % {"name": initiative.name})
    message = message.strip()
    if decision != Decision.PUBLISHED and not message:
        raise DomainError(_("Say why, or what has to change."))
    record = ModerationDecision.objects.create(
        initiative=initiative, decided_by=actor, decision=decision, message=message, revision=initiative.revision, at=at
    )
    initiative.status = Status(decision)
    initiative.updated_at = at
    initiative.revision += 1
    if decision == Decision.PUBLISHED:
        initiative.published_at = at
        initiative.checked_revision = initiative.revision
    initiative.save()
    tell_decision(initiative, record, at=at)
    return record


def _already(initiative: Initiative) -> str:
    last = initiative.decisions.select_related("decided_by").first()
    if last is None:
        return _("This cannot be decided about now.")
    values = {"who": last.decided_by, "name": initiative.name, "decision": last.get_decision_display()}
    return _("%(who)s was just before you: %(name)s is “%(decision)s”. You need not do anything.") % values
