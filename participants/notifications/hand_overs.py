"""What a place hears when somebody would like to come, and what the professional and the participant hear of its answer.

A place is told a first name, what for and when: no last name, no number, no address. The subject, which stands on a locked screen, has no
name either. Its link needs no account, opens one question at one revision, and shows no more than the mail did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.lib import gsm
from fieldlab.lib.links import make_link_token
from fieldlab.lib.phones import display
from fieldlab.outbox.actions import forget_about, queue_email, queue_sms, withdraw
from fieldlab.outbox.models import Channel, Mail, OutboxMessage
from initiatives.models import Initiative
from participants.models import HandOver, HandOverState, Professional
from participants.notifications.appointment_words import day_and_time
from participants.notifications.reach import prefix, reach, send

LINK = "hand-over"


@dataclass(frozen=True)
class Reader:
    """Who reads for a place. `key` names them without personal data."""

    key: str
    channel: Channel
    to: str
    language: str


def readers_of(initiative: Initiative) -> list[Reader]:
    """Its members and its own address; its number, where it has neither. Never an account that decides or advises on benefits."""
    members = User.objects.filter(initiative_memberships__initiative=initiative, is_active=True, decides_on_benefits=False).order_by("pk")
    readers = [Reader(f"user-{user.pk}", Channel.EMAIL, user.email, user.language) for user in members]
    known = {reader.to.lower() for reader in readers}
    language = readers[0].language if readers else settings.LANGUAGE_CODE
    address = initiative.email.lower()
    if address and address not in known and not _decides(address):
        readers.append(Reader("address", Channel.EMAIL, initiative.email, language))
    if not readers and initiative.phone:
        readers.append(Reader("phone", Channel.SMS, initiative.phone, language))
    return readers


def _decides(address: str) -> bool:
    return bool(User.objects.alias(address=Lower("email")).filter(address=address, decides_on_benefits=True).exists())


def link_of(hand_over: HandOver, reader: str) -> str:
    """Works until they would come, for this revision, as long as this reader reads for the place."""
    token = make_link_token(LINK, hand_over.pk, f"{hand_over.revision}/{reader}", hand_over.comes_at)
    return settings.SITE_URL + reverse("hand_over_answer", args=[token])


def sentence(first_name: str, what: str, comes_at: datetime) -> str:
    return _("%(name)s would like to come on %(when)s: %(what)s.") % {"name": first_name, "when": day_and_time(comes_at), "what": what}


# --- To the place


def ask(hand_over: HandOver, *, first_name: str, what: str, at: datetime, again: bool = False) -> int:
    """Does this suit you? Once at first, once as a reminder: the same twice is one message. Returns how many read it."""
    readers = readers_of(hand_over.initiative)
    for reader in readers:
        key = f"{_about(hand_over)}{hand_over.revision}:{'reminder' if again else 'asked'}:{reader.key}"
        link = link_of(hand_over, reader.key)
        with translation.override(reader.language):
            said = sentence(first_name, what, hand_over.comes_at)
            if reader.channel == Channel.SMS:
                text = _("%(said)s Yes, another day, or no room? Answer here: %(link)s") % {"said": said, "link": link}
                queue_sms(key=key, to=reader.to, language=reader.language, text=gsm.plain(text), at=at)
            else:
                queue_email(key=key, to=reader.to, language=reader.language, mail=_asking(hand_over, said, link, again), at=at)
    return len(readers)


def _asking(hand_over: HandOver, said: str, link: str, again: bool) -> Mail:
    values = {"place": hand_over.initiative.name, "day": date_format(localtime(hand_over.comes_at), "l j F")}
    subject = _("Still open: somebody would like to come on %(day)s") if again else _("Somebody would like to come on %(day)s")
    return Mail(
        subject=subject % values,
        paragraphs=[
            said,
            _("Does that suit you? You can say: yes, another day, or no room now."),
            _("One tap is enough. You need no account."),
            _("Please answer before %(when)s. After that we ask no further.") % {"when": day_and_time(hand_over.answer_by)},
        ],
        button=(_("Give your answer"), link),
        details=_asked_by(hand_over),
        why=_("You get this e-mail because you answer for %(place)s.") % values,
    )


def _asked_by(hand_over: HandOver) -> Sequence[tuple[StrOrPromise, StrOrPromise]]:
    """The professional, whom the place may call: they, and not the participant, have a number here."""
    number = Professional.objects.filter(user=hand_over.professional_id).values_list("phone", flat=True).first()
    name = hand_over.professional.name or hand_over.professional.employer
    return [(_("Asked by"), f"{name}, {display(number)}" if number else name)]


def tell_off(hand_over: HandOver, *, at: datetime) -> None:
    """They do not come. Only to a place that was told so, and without a name: nothing more is to be known."""
    gone = OutboxMessage.objects.filter(Q(sent_at__isnull=False) | Q(lease__isnull=False), key__startswith=_about(hand_over))
    if not gone.exists():
        return
    for reader in readers_of(hand_over.initiative):
        key = f"{_about(hand_over)}{hand_over.revision}:off:{reader.key}"
        with translation.override(reader.language):
            words = _("The visit of %(when)s does not take place. You need not do anything.") % {"when": day_and_time(hand_over.comes_at)}
            if reader.channel == Channel.SMS:
                queue_sms(key=key, to=reader.to, language=reader.language, text=gsm.plain(words), at=at)
            else:
                mail = Mail(
                    subject=_("Nobody comes on %(day)s") % {"day": date_format(localtime(hand_over.comes_at), "l j F")},
                    paragraphs=[words],
                    why=_("You get this e-mail because you answer for %(place)s.") % {"place": hand_over.initiative.name},
                )
                queue_email(key=key, to=reader.to, language=reader.language, mail=mail, at=at)


# --- To whoever helps them


def tell_answer(hand_over: HandOver, *, at: datetime) -> None:
    """What the place said, with the way to the plan; who it is about stands behind the sign-in."""
    user = hand_over.professional
    if not user.is_active or user.decides_on_benefits or Professional.objects.filter(user=user, ended_at__isnull=False).exists():
        return
    with translation.override(user.language):
        answers = {
            HandOverState.YES: _("%(place)s says yes"),
            HandOverState.OTHER_DAY: _("%(place)s asks for another day"),
            HandOverState.NO_ROOM: _("%(place)s has no room now"),
            HandOverState.UNANSWERED: _("%(place)s did not answer"),
            HandOverState.WITHDRAWN: _("The visit to %(place)s is off"),
        }
        subject = answers[HandOverState(hand_over.state)] % {"place": hand_over.initiative.name}
        mail = Mail(
            subject=subject,
            paragraphs=[_("It is about %(when)s. Look at the plan for what comes next.") % {"when": day_and_time(hand_over.comes_at)}],
            button=(_("To the plan"), settings.SITE_URL + reverse("plan", args=[hand_over.participant_id])),
            why=_("You get this e-mail because you asked this place."),
        )
        key = f"{_about(hand_over)}{hand_over.revision}:told-{hand_over.state}-{at:%Y%m%d%H%M%S}:user-{user.pk}"
        queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)


# --- To the participant


def ask_participant(hand_over: HandOver, *, at: datetime) -> bool:
    """Does this day suit you? False: nothing can go to them, so that somebody must call."""
    subject, last = gettext_noop("You can come on %(when)s"), gettext_noop("Does that suit you? Say so at “my details”, or call us.")
    return _to_participant(hand_over, "agree", subject, last, at)


def tell_stands(hand_over: HandOver, *, at: datetime) -> bool:
    """It is agreed, with the place and its address."""
    subject, last = gettext_noop("You are welcome on %(when)s"), gettext_noop("It is voluntary. Can you not come? Call us.")
    return _to_participant(hand_over, "stands", subject, last, at)


def _to_participant(hand_over: HandOver, step: str, subject: str, last: str, at: datetime) -> bool:
    place = hand_over.initiative
    with translation.override(reach(hand_over.participant).language):
        title = _(subject) % {"when": day_and_time(hand_over.comes_at)}
        where = ", ".join(filter(None, [place.name, place.street_and_number]))
        call = _("Call %(phone)s.") % {"phone": display(settings.HELP_PHONE)}
        mail = Mail(
            subject=title,
            paragraphs=[f"{title}.", _(last)],
            details=[(_("Where"), where)],
            button=(_("To my details"), settings.SITE_URL + reverse("own_plan")),
        )
        text = gsm.plain(f"{title}: {where}. {call}")
    key = f"hand-over:{hand_over.pk}:{hand_over.revision}:{step}"
    return send(participant=hand_over.participant, key=key, mail=mail, sms=text, at=at)


# --- Taking back


def take_back(hand_over: HandOver, *, at: datetime) -> None:
    """What still had to go about this day, and is no longer true."""
    withdraw(key_prefix=_about(hand_over), at=at)
    withdraw(key_prefix=f"{prefix(hand_over.participant)}hand-over:{hand_over.pk}:", at=at)


def forget(hand_over: HandOver, *, at: datetime) -> None:
    """Nothing of it stays in a message: whoever it is about is erased."""
    forget_about(key_prefix=_about(hand_over), at=at)
    forget_about(key_prefix=f"{prefix(hand_over.participant)}hand-over:{hand_over.pk}:", at=at)


def _about(hand_over: HandOver) -> str:
    return f"hand-over:{hand_over.pk}:"
