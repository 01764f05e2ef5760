"""A team hears that somebody wants to be called. Who it is and at which number stands behind their sign-in, never in a message."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import User
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative
from participants.models import CallRequest


def tell_team(*, request: CallRequest, initiative: Initiative, at: datetime) -> None:
    """To every member of the team who may see it."""
    mail = Mail(
        subject=_("Somebody would like to be called by you"),
        paragraphs=[
            _("Somebody left a telephone number for you on our website. Will you call them?"),
            _("Name and number stand on your page. Sign in to see them. After 14 days without a yes they are erased."),
        ],
        button=(_("See who it is"), settings.SITE_URL + reverse("team_people", args=[initiative.slug])),
        details=[(_("For"), initiative.name)],
    )
    members = User.objects.filter(initiative_memberships__initiative=initiative, is_active=True, decides_on_benefits=False)
    for member in members.order_by("pk"):
        queue_email(key=f"call-request-{request.pk}-{member.pk}", to=member.email, language=member.language, mail=mail, at=at)
