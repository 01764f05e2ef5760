"""A word between a team and whoever moderates its entry, outside a decision."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, ModerationMessage, Status
from initiatives.notifications import tell_message
from initiatives.permissions import can_moderate, in_team

MOST_AN_HOUR = 10  # by one person about one entry: each is a mail to everybody on the other side


@transaction.atomic
def send_message(*, initiative: Initiative, actor: User, by_moderator: bool, text: str, at: datetime) -> ModerationMessage:
    """Write to the other side, who hears it by e-mail. The same words twice in a row are one message. Raises DomainError."""
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    may = can_moderate if by_moderator else in_team
    if initiative.status == Status.DRAFT or not may(actor, initiative):
        raise DomainError(_("Only the team and whoever checks this page write to each other here."))
    text = text.strip()
    if not text:
        raise DomainError(_("Type a message first."))
    last = initiative.messages.order_by("at", "pk").last()
    if last and (last.author_id, last.by_moderator, last.text) == (actor.pk, by_moderator, text):
        return last
    if initiative.messages.filter(author=actor, at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise DomainError(_("You have sent many messages just now. Wait an hour, or call us."))
    message = ModerationMessage.objects.create(initiative=initiative, author=actor, by_moderator=by_moderator, text=text, at=at)
    tell_message(message, at=at)
    return message
