"""Who checked a text that asks for consent: a speaker of its language, whose name a coordinator writes down."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from participants.models import ConsentText
from participants.permissions import can_check_texts


@transaction.atomic
def mark_checked(*, text: ConsentText, actor: User, name: str, at: datetime) -> ConsentText:
    """From now on `text` may ask for consent, and says that `name` checked it. That stays. Raises DomainError."""
    if not can_check_texts(actor):
        raise DomainError(_("Only a coordinator does this."))
    name = " ".join(name.split())
    if not any(sign.isalpha() for sign in name):
        raise DomainError(_("Type the name of the speaker who checked this text."))
    text = ConsentText.objects.select_for_update().get(pk=text.pk)
    if text.is_checked:
        raise DomainError(_("%(name)s checked this text already.") % {"name": text.checked_by})
    text.checked_by, text.checked_at, text.marked_by = name, timezone.localdate(at), actor
    text.save(update_fields=["checked_by", "checked_at", "marked_by"])
    return text
