from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from fieldlab.accounts.models import Invitation
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail


def invitation_link(invitation: Invitation, token: str) -> str:
    return settings.SITE_URL + reverse(f"{invitation._meta.model_name}_accept", args=[token])


def queue_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    """The mail with the one-time link, in the invited person's language; one mail for each token."""
    with translation.override(invitation.language):
        values = {
            "name": invitation.name,
            "inviter": invitation.invited_by or settings.SITE_NAME,
            "role": invitation.role,
            "site": settings.SITE_NAME,
            "until": formats.date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT"),
        }
        mail = Mail(
            subject=(_("%(inviter)s invites you to %(site)s") if invitation.invited_by else _("Your invitation to %(site)s")) % values,
            paragraphs=[
                _("Hello %(name)s,") % values,
                _("%(inviter)s invites you to be %(role)s.") % values,
                invitation.purpose(),
                _("The button works once, until %(until)s. Did you not expect this? Then do nothing.") % values,
            ],
            button=(_("See the invitation"), invitation_link(invitation, token)),
        )
    queue_email(key=f"invitation:{invitation.token_digest}", to=invitation.email, language=invitation.language, mail=mail, at=at)
