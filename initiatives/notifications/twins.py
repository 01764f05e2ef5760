"""What two initiatives hear that may meet, and what a team hears when somebody wants to join it.

Before both said yes a mail tells of the other what everybody may see, or what they chose to tell: no name of a person, no number, no
address. What is typed by whoever has no account goes along only where it holds no link.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.links import make_link_token
from fieldlab.lib.phones import display
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative, InitiativeMember, Introduction, JoinRequest, Status
from initiatives.notifications.readers import moderators_of

INTRODUCTION_LINK = "initiative-introduction"
INTRODUCTION_LASTS = timedelta(days=30)
# What a mail program would make a link of
_LINK = re.compile(r"://|www\.|\.[a-z]{2,}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reader:
    """Who reads mail for an initiative. `key` names them without personal data; a stand-in calls the initiative, which has no mail."""

    key: str
    email: str
    language: str
    stands_in: bool = False


def readers_of(initiative: Initiative) -> list[Reader]:
    """Its owners; else its e-mail address; else those who check its district."""
    owners = User.objects.filter(
        initiative_memberships__initiative=initiative, initiative_memberships__role=InitiativeMember.Role.OWNER, is_active=True
    ).order_by("pk")
    if readers := [Reader(f"user-{user.pk}", user.email, user.language) for user in owners]:
        return readers
    if initiative.email:
        invitation = initiative.invitations.order_by("-created_at").first()
        return [Reader("address", initiative.email, invitation.language if invitation else settings.LANGUAGE_CODE)]
    return [Reader(f"stand-in-{user.pk}", user.email, user.language, stands_in=True) for user in moderators_of(initiative)]


def introduction_facts(asker: Initiative) -> list[tuple[str, str]]:
    """What the other's team sees of whoever asks."""
    summary = asker.summary if asker.status == Status.PUBLISHED or not _LINK.search(asker.summary) else ""
    facts = [(_("Name"), asker.name), (_("What they do"), summary), (_("Neighbourhood"), str(asker.area))]
    return [fact for fact in facts if fact[1]]


def tell_introduction(introduction: Introduction, *, at: datetime, again: bool = False) -> None:
    """To the other's team: somebody wants to meet you; `again` is the reminder."""
    asker, other = introduction.asker, introduction.other
    for reader in readers_of(other):
        with translation.override(reader.language):
            values = {"asker": asker.name, "other": other.name, "message": introduction.message}
            paragraphs = [_("%(asker)s does something like %(other)s does. They would like to meet you.") % values]
            if reader.stands_in:
                paragraphs = [_("%(asker)s would like to meet %(other)s, who have no e-mail. Call them, and answer for them.") % values]
            if introduction.message and (asker.status == Status.PUBLISHED or not _LINK.search(introduction.message)):
                paragraphs.append(_("They write: “%(message)s”") % values)
            if asker.status != Status.PUBLISHED:
                paragraphs.append(_("They have just registered. We have not read it yet."))
            paragraphs.append(
                _("We have shared nothing. Only when you say yes do you both get each other's name, number and e-mail address.")
            )
            subject = _("Still open: %(asker)s would like to meet you") if again else _("%(asker)s would like to meet you")
            mail = Mail(
                subject=subject % values,
                paragraphs=paragraphs,
                details=introduction_facts(asker),
                button=(_("Read it and choose"), introduction_link(introduction, reader)),
                why=_("You get this e-mail because you manage %(other)s.") % values,
            )
        what = "reminder" if again else "asked"
        key = f"introduction-{what}:{introduction.pk}:{reader.key}"
        queue_email(key=key, to=reader.email, language=reader.language, mail=mail, at=at)


def introduction_link(introduction: Introduction, reader: Reader) -> str:
    """Works without an account, until there is an answer, and as long as this reader is one."""
    expires = (introduction.told_at or introduction.asked_at) + INTRODUCTION_LASTS
    token = make_link_token(INTRODUCTION_LINK, introduction.pk, reader.key, expires)
    return settings.SITE_URL + reverse("introduction", args=[token])


def tell_met(introduction: Introduction, *, at: datetime) -> None:
    """Both said yes: each gets the other's name, number and e-mail address."""
    for side, met in ((introduction.asker, introduction.other), (introduction.other, introduction.asker)):
        for reader in readers_of(side):
            with translation.override(reader.language):
                values = {"side": side.name, "met": met.name}
                first = _("You both said yes. This is how you reach %(met)s.") % values
                if reader.stands_in:
                    first = _("%(side)s and %(met)s both said yes. Call %(side)s, and tell them how to reach %(met)s.") % values
                mail = Mail(
                    subject=_("You can meet: %(met)s") % values,
                    paragraphs=[first, _("Who calls first? That does not matter. Do not wait for each other.")],
                    details=contact_facts(met),
                    why=_("You get this e-mail because you manage %(side)s.") % values,
                )
            key = f"introduction-met:{introduction.pk}:{side.pk}:{reader.key}"
            queue_email(key=key, to=reader.email, language=reader.language, mail=mail, at=at)


def contact_facts(initiative: Initiative) -> list[tuple[str, str]]:
    """How to reach it; only for a team that it said yes to."""
    facts = [
        (_("Ask for"), initiative.contact_name),
        (_("Telephone"), display(initiative.phone) if initiative.phone else ""),
        (_("E-mail"), initiative.email),
    ]
    return [fact for fact in facts if fact[1]]


def tell_not_met(introduction: Introduction, *, at: datetime) -> None:
    """To whoever asked: not now, or no answer came. Why is nobody's business."""
    for reader in readers_of(introduction.asker):
        with translation.override(reader.language):
            values = {"other": introduction.other.name, "asker": introduction.asker.name}
            first = _("%(other)s says: not now.") if introduction.answered_at else _("We have had no answer from %(other)s.")
            mail = Mail(
                subject=_("Not now: %(other)s") % values,
                paragraphs=[
                    first % values,
                    _("People can have many reasons for that. It says nothing about you."),
                    _("We have not shared your details. There are more initiatives near you, perhaps they fit."),
                ],
                button=(_("See who is nearby"), settings.SITE_URL + reverse("map")),
                why=_("You get this e-mail because you manage %(asker)s.") % values,
            )
        key = f"introduction-not-met:{introduction.pk}:{reader.key}"
        queue_email(key=key, to=reader.email, language=reader.language, mail=mail, at=at)


def tell_join_request(join: JoinRequest, *, at: datetime) -> None:
    """To its owners, else to those who check its district."""
    initiative = join.initiative
    owners = [reader for reader in readers_of(initiative) if reader.key.startswith("user-")]
    moderators = [Reader(f"moderator-{user.pk}", user.email, user.language) for user in moderators_of(initiative)]
    for reader in owners or moderators:
        with translation.override(reader.language):
            values = {"name": join.name, "initiative": initiative.name, "message": join.message}
            paragraphs = [_("%(name)s says: %(initiative)s is ours too. They would like to help keep the page true.") % values]
            if join.message and not _LINK.search(join.message):
                paragraphs.append(_("They write: “%(message)s”") % values)
            paragraphs.append(_("Do you know this person? Then let them in. Do you doubt? Call them first, or say no."))
            mail = Mail(
                subject=_("Somebody wants to join the team of %(initiative)s") % values,
                paragraphs=paragraphs,
                details=[(_("Name"), join.name), (_("E-mail"), join.email)],
                button=(_("Read it and choose"), settings.SITE_URL + reverse("join_request", args=[initiative.slug, join.pk])),
                why=_("You get this e-mail because you manage %(initiative)s.") % values
                if owners
                else _("You get this e-mail because nobody manages %(initiative)s yet.") % values,
            )
        queue_email(key=f"join-asked:{join.pk}:{reader.key}", to=reader.email, language=reader.language, mail=mail, at=at)


def tell_not_joined(join: JoinRequest, *, at: datetime) -> None:
    """To whoever asked: not now. A yes is the invitation itself."""
    with translation.override(join.language):
        values = {"initiative": join.initiative.name}
        mail = Mail(
            subject=_("Not now: the team of %(initiative)s") % values,
            paragraphs=[
                _("You asked to join the team of %(initiative)s. Their answer is: not now.") % values,
                _("Are you another initiative? Then go on with your own registration. What you typed is kept for 30 days."),
                _("Do you think this is a mistake? Call us."),
            ],
            button=(_("To your registration"), settings.SITE_URL + reverse("register")),
            why=_("You get this e-mail because you asked to join %(initiative)s.") % values,
        )
    queue_email(key=f"join-declined:{join.pk}", to=join.email, language=join.language, mail=mail, at=at)
