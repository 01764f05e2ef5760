"""Asking a team whether its page is still right, with three answers that are links bound to the revision."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fieldlab.lib.links import make_link_token
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative
from initiatives.notifications.readers import facts, team_of

ASK_LINK = "initiative-still-right"
ASK_LINK_LASTS = timedelta(days=90)
# The three answers, as they stand in the address
RIGHT, CHANGED, STOPPED = "klopt", "veranderd", "gestopt"


def ask_still_right(initiative: Initiative, *, at: datetime) -> int:
    """To its owners, or its own address: is everything still right? Once when it was asked, once as a reminder. Returns how many."""
    reminder = initiative.reminded_at == at
    readers = team_of(initiative)
    for reader in readers:
        token = ask_token(initiative, reader.key, at)
        with translation.override(reader.language):
            mail = _asking(initiative, token, reminder)
        times = "reminder" if reminder else "first"
        key = f"initiative-still-right:{initiative.pk}:{initiative.asked_at:%Y%m%d}:{times}:{reader.key}"
        queue_email(key=key, to=reader.to, language=reader.language, mail=mail, at=at)
    return len(readers)


def ask_token(initiative: Initiative, reader: str, at: datetime) -> str:
    """Dies when the entry is changed or confirmed, when this reader is no longer one, and after 90 days."""
    return make_link_token(ASK_LINK, initiative.pk, f"{asked_about(initiative)}/{reader}", at + ASK_LINK_LASTS)


def still_reads(initiative: Initiative, reader: str) -> bool:
    """Whether what is asked still goes to whom this link was sent."""
    return any(each.key == reader for each in team_of(initiative))


def asked_about(initiative: Initiative) -> str:
    """What a question is about: this revision, as far as it was confirmed."""
    return f"{initiative.revision}-{initiative.confirmed_at:%Y%m%d%H%M%S}" if initiative.confirmed_at else str(initiative.revision)


def _asking(initiative: Initiative, token: str, reminder: bool) -> Mail:
    last = initiative.confirmed_at or initiative.published_at
    values = {"name": initiative.name, "date": date_format(localtime(last), "DATE_FORMAT") if last else ""}

    def link(answer: str) -> str:
        return settings.SITE_URL + reverse("initiative_still_right", args=[token, answer])

    again = [_("We asked you this two weeks ago. We have had no answer yet.")] if reminder else []
    return Mail(
        subject=_("Is the page of %(name)s still right?") % values,
        paragraphs=[
            *again,
            _("Somebody looked through your page for the last time on %(date)s.") % values,
            _("People in the neighbourhood rely on it. Is everything below still right?"),
        ],
        details=facts(initiative),
        button=(_("Yes, everything is right"), link(RIGHT)),
        links=[(_("Something has changed"), link(CHANGED)), (_("We have stopped"), link(STOPPED))],
        why=_("You get this e-mail because you manage %(name)s.") % values,
    )
