"""What moderators and teams hear about decisions."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.links import make_link_token
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative, InitiativeMember, ModerationDecision
from initiatives.notifications.readers import facts, moderators_of

Decision = ModerationDecision.Decision
CHANGE_LINK = "initiative-change"
CHANGE_LINK_LASTS = timedelta(days=30)


def tell_moderators(initiative: Initiative, *, at: datetime) -> None:
    """To everybody who may decide about it."""
    for user in moderators_of(initiative):
        with translation.override(user.language):
            values = {"name": initiative.name, "area": initiative.area, "site": settings.SITE_NAME}
            mail = Mail(
                subject=_("New in %(area)s: %(name)s") % values,
                paragraphs=[
                    _("%(name)s wants to be on the map.") % values,
                    _("Read it, and publish it or ask for changes."),
                ],
                button=(_("Read %(name)s") % values, settings.SITE_URL + reverse("moderate", args=[initiative.slug])),
                details=facts(initiative),
                why=_("You get this e-mail because you check new pages for %(site)s.") % values,
            )
        key = f"initiative-submitted:{initiative.pk}:{initiative.revision}:{user.pk}"
        queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)


def tell_decision(initiative: Initiative, record: ModerationDecision, *, at: datetime) -> None:
    """To its owners, in the moderator's own words; to its e-mail address as long as it has no owner."""
    owners = User.objects.filter(
        initiative_memberships__initiative=initiative, initiative_memberships__role=InitiativeMember.Role.OWNER, is_active=True
    )
    edit = settings.SITE_URL + reverse("initiative_edit", args=[initiative.slug])
    readers = [(f"user-{user.pk}", user.email, user.language, edit) for user in owners]
    if not readers and initiative.email:
        invitation = initiative.invitations.order_by("-created_at").first()
        language = invitation.language if invitation else settings.LANGUAGE_CODE
        readers = [("address", initiative.email, language, change_link(record))]
    for reader, to, language, link in readers:
        with translation.override(language):
            mail = _decision_mail(initiative, record, link)
        queue_email(key=f"initiative-decision:{record.pk}:{reader}", to=to, language=language, mail=mail, at=at)


def _decision_mail(initiative: Initiative, record: ModerationDecision, edit: str) -> Mail:
    values = {"name": initiative.name, "who": record.decided_by.name, "message": record.message}
    words = [_("%(who)s writes: “%(message)s”") % values] if record.message else []
    why = _("You get this e-mail because you manage %(name)s.") % values
    if record.decision == Decision.PUBLISHED:
        return Mail(
            subject=_("%(name)s is on the map") % values,
            paragraphs=[_("Your page is now on the site. Everybody can find %(name)s.") % values, *words],
            button=(_("See your page"), settings.SITE_URL + initiative.get_absolute_url()),
            why=why,
        )
    if record.decision == Decision.CHANGES_REQUESTED:
        return Mail(
            subject=_("Please change something in %(name)s") % values,
            paragraphs=[
                _("Your page is nearly ready. Something has to change first."),
                *words,
                _("Change it and send it again. Everything you typed is still there."),
            ],
            button=(_("Change your page"), edit),
            why=why,
        )
    return Mail(
        subject=_("%(name)s is no longer on the map") % values,
        paragraphs=[_("We have taken your page off the site."), *words, _("Is that not right? Call us.")],
        why=why,
    )


def change_link(record: ModerationDecision) -> str:
    """For somebody without an account: leads to the edit page until the entry is handed in again, at most 30 days."""
    token = make_link_token(CHANGE_LINK, record.initiative_id, record.pk, record.at + CHANGE_LINK_LASTS)
    return settings.SITE_URL + reverse("initiative_change", args=[token])
