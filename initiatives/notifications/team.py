"""What team members hear about their team."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative


def tell_new_owner(initiative: Initiative, user: User, before: User, *, at: datetime) -> None:
    """To whoever an owner handed the page over to."""
    with translation.override(user.language):
        values = {"name": initiative.name, "who": before}
        mail = Mail(
            subject=_("You are now the owner of %(name)s") % values,
            paragraphs=[
                _("%(who)s handed the page of %(name)s over to you.") % values,
                _("You change the page, and you decide who is in the team."),
            ],
            button=(_("See the team"), settings.SITE_URL + reverse("initiative_team", args=[initiative.slug])),
            why=_("You get this e-mail because you manage %(name)s.") % values,
        )
    key = f"initiative-handed-over:{initiative.pk}:{user.pk}:{at:%Y%m%d%H%M%S}"
    queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)
