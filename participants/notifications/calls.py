"""A team hears that somebody wants to be called. Who it is and at which number stands behind their sign-in, never in a message."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.outbox.actions import queue_email, withdraw
from fieldlab.outbox.models import Mail, OutboxMessage
from initiatives.models import Initiative
from participants.models import CallRequest

HOUR = timedelta(hours=1)


def tell_team(*, request: CallRequest, initiative: Initiative, at: datetime) -> None:
    """To every member who may see it: at once, and at most once an hour. More in that hour are told of together at its end."""
    # Two who ask at the same moment are counted one after the other
    Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    due, mails = at, _mails(initiative, at)
    if OutboxMessage.objects.filter(key__startswith=mails).exists():
        due = at.replace(minute=0, second=0, microsecond=0) + HOUR
        mails = _mails(initiative, due)
        withdraw(key_prefix=mails, at=at)  # it counted one less
    mail = Mail(
        subject=_("Somebody would like to be called by you"),
        paragraphs=[
            _("Somebody left a telephone number for you on our website. Will you call them?"),
            _("Name and number stand on your page. Sign in to see them. After 14 days without a yes they are erased."),
        ],
        button=(_("See who it is"), settings.SITE_URL + reverse("team_people", args=[initiative.slug])),
        details=[(_("For"), initiative.name), (_("Waiting for your call"), _people(_waiting(initiative, at)))],
    )
    members = User.objects.filter(initiative_memberships__initiative=initiative, is_active=True, decides_on_benefits=False)
    for member in members.order_by("pk"):
        key = f"{mails}{request.pk}-{member.pk}"
        queue_email(key=key, to=member.email, language=member.language, mail=mail, at=at, due_at=due)


def _mails(initiative: Initiative, at: datetime) -> str:
    """How the keys of the mails begin that this team gets in this hour."""
    return f"call-request-{initiative.pk}-{at.astimezone(UTC):%Y%m%d%H}-"


def _waiting(initiative: Initiative, at: datetime) -> int:
    """Only how many: whoever asks sees nobody else who asks."""
    with person_context(SystemActor("a team hears how many wait for its call")):
        return CallRequest.objects.filter(initiative=initiative, spoken_at=None).alive(at).count()


def _people(count: int) -> StrOrPromise:
    return ngettext_lazy("%(count)d person", "%(count)d people", "count") % {"count": count}
