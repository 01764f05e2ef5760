"""What moderators and teams hear about decisions."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.lib.links import make_link_token
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative, ModerationDecision, ModerationMessage
from initiatives.notifications.readers import facts, moderators_of, team_of

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
    """To its owners, in the moderator's own words; to its e-mail address as long as it has no owner. Looked through: no news."""
    if record.decision == Decision.CHECKED and not record.message:
        return
    edit = settings.SITE_URL + reverse("initiative_edit", args=[initiative.slug])
    for reader in team_of(initiative):
        with translation.override(reader.language):
            mail = _decision_mail(initiative, record, edit if reader.has_account else change_link(record))
        queue_email(key=f"initiative-decision:{record.pk}:{reader.key}", to=reader.to, language=reader.language, mail=mail, at=at)


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
    if record.decision == Decision.CHECKED:
        return Mail(
            subject=_("We have read what you changed in %(name)s") % values,
            paragraphs=[_("Your changes are right. You need not do anything."), *words],
            button=(_("See your page"), settings.SITE_URL + initiative.get_absolute_url()),
            why=why,
        )
    if record.decision == Decision.BROUGHT_BACK:
        return Mail(
            subject=_("We have undone a change in %(name)s") % values,
            paragraphs=[
                _("Your page is again as it was before your last changes."),
                *words,
                _("Your changes are not lost. They are kept with the versions of your page."),
            ],
            button=(_("See your page"), settings.SITE_URL + initiative.get_absolute_url()),
            why=why,
        )
    return Mail(
        subject=_("%(name)s is no longer on the map") % values,
        paragraphs=[_("We have taken your page off the site."), *words, _("Is that not right? Call us.")],
        why=why,
    )


def tell_message(message: ModerationMessage, *, at: datetime) -> None:
    """To the other side: the team's owners, or everybody who may decide. Its author needs no mail."""
    initiative = message.initiative
    if message.by_moderator:
        page = reverse("initiative_messages", args=[initiative.slug])
        readers = [(reader.key, reader.to, reader.language, reader.has_account) for reader in team_of(initiative)]
    else:
        page = reverse("moderate", args=[initiative.slug]) + "#messages"
        readers = [(f"user-{user.pk}", user.email, user.language, True) for user in moderators_of(initiative)]
    for key, to, language, has_account in readers:
        if key == f"user-{message.author_id}":
            continue
        with translation.override(language):
            values = {"name": initiative.name, "who": message.author, "message": message.text, "site": settings.SITE_NAME}
            answer = _("You can answer on the site.") if has_account else _("Do you want to answer? Call us.")
            mail = Mail(
                subject=_("A message about %(name)s") % values,
                paragraphs=[_("%(who)s writes: “%(message)s”") % values, answer],
                button=(_("Answer"), settings.SITE_URL + page) if has_account else None,
                why=_why(message) % values,
            )
        queue_email(key=f"initiative-message:{message.pk}:{key}", to=to, language=language, mail=mail, at=at)


def tell_stopped(message: ModerationMessage, *, at: datetime) -> None:
    """To everybody who may decide about it: its team took it off the site, and why."""
    initiative = message.initiative
    for user in moderators_of(initiative):
        with translation.override(user.language):
            values = {"name": initiative.name, "message": message.text, "site": settings.SITE_NAME}
            mail = Mail(
                subject=_("%(name)s has stopped") % values,
                paragraphs=[
                    _("The team of %(name)s took its page off the site.") % values,
                    _("They write: “%(message)s”") % values,
                    _("Is that not right? You can put the page back."),
                ],
                button=(_("Read %(name)s") % values, settings.SITE_URL + reverse("moderate", args=[initiative.slug])),
                why=_("You get this e-mail because you check pages for %(site)s.") % values,
            )
        queue_email(key=f"initiative-stopped:{message.pk}:{user.pk}", to=user.email, language=user.language, mail=mail, at=at)


def _why(message: ModerationMessage) -> str:
    if message.by_moderator:
        return _("You get this e-mail because you manage %(name)s.")
    return _("You get this e-mail because you check pages for %(site)s.")


def change_link(record: ModerationDecision) -> str:
    """For somebody without an account: leads to the edit page until the entry is handed in again, at most 30 days."""
    token = make_link_token(CHANGE_LINK, record.initiative_id, record.pk, record.at + CHANGE_LINK_LASTS)
    return settings.SITE_URL + reverse("initiative_change", args=[token])
