"""What whoever registers hears."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative
from initiatives.notifications.readers import facts


def tell_received(initiative: Initiative, actor: User | None, language: str, *, at: datetime) -> None:
    """To whoever handed it in: received, and what happens next."""
    to, language = (actor.email, actor.language) if actor and not initiative.by_phone else (initiative.email, language)
    if not to:
        return
    with translation.override(language):
        values = {"name": initiative.name}
        paragraphs = [
            _("We have received %(name)s. Thank you.") % values,
            _("One of us reads it within three working days. You then get an e-mail."),
            _("Nobody sees your page until then."),
        ]
        if not actor or initiative.by_phone:
            paragraphs.append(_("You get one more e-mail now, with a link to manage the page yourself."))
        mail = Mail(
            subject=_("We have received %(name)s") % values,
            paragraphs=paragraphs,
            # Without an account anybody may have typed any address: then we carry no more of their words than the name.
            details=facts(initiative) if actor else (),
            why=_("You get this e-mail because %(name)s was registered with this address.") % values,
        )
    queue_email(key=f"initiative-received:{initiative.pk}:{initiative.revision}", to=to, language=language, mail=mail, at=at)
