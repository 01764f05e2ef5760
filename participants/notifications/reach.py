"""How a message comes to a participant: the way they chose, in a language they read, and only as far as they said yes to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.audit.context import as_platform
from fieldlab.outbox.actions import queue_email, queue_sms, withdraw
from fieldlab.outbox.models import Channel, Mail
from participants.models import AccessReason, Answer, Consent, Details, Participant, ParticipantAccess, Purpose, Reach

LANGUAGES = ("nl", "en")
# What the keys of all messages to participants begin with
PREFIX = "to:"


@dataclass(frozen=True)
class Reached:
    """Where a message to a participant goes; no channel: somebody must call. By a `team` it goes to its members, without a name."""

    channel: Channel | None
    address: str
    language: str
    team: int | None = None

    @property
    def by_message(self) -> bool:
        return self.channel is not None or self.team is not None


def reach(participant: Participant) -> Reached:
    """By the way they chose, if we have what it takes. No other way instead: others may read along there.

    Nobody looks at these details, so that nothing is recorded of it: the platform addresses an envelope.
    """
    with as_platform("addresses a message"):
        if participant.erased_at is not None:
            return Reached(None, "", LANGUAGES[0])
        details = participant.open()
        language = _language(details)
        if details.reach == Reach.SMS and details.phone:
            return Reached(Channel.SMS, details.phone, language)
        if details.reach == Reach.EMAIL and details.email:
            return Reached(Channel.EMAIL, details.email, language)
        if details.reach == Reach.INITIATIVE:
            return Reached(None, "", language, _team(participant))
        return Reached(None, "", language)


def may_send(participant: Participant, *, reminder: bool) -> bool:
    """A reminder needs a yes. What somebody asked for themselves, such as the time they booked, needs that they never said no."""
    with as_platform("asks whether a message may go"):
        answers = Consent.objects.about(participant).filter(purpose=Purpose.REMINDERS)
        last = answers.order_by("-at", "-pk").values_list("answer", flat=True).first()
    return last == Answer.GIVEN or (last is None and not reminder)


def send(*, participant: Participant, key: str, mail: Mail, sms: StrOrPromise, at: datetime, reminder: bool = False) -> bool:
    """Queue `mail` or `sms`, whichever they chose; False: nothing may or can go, so that somebody must call.

    Words that are not lazy are in the language of `reach(participant)`. The key says what it is about and holds no personal data; it
    gets a prefix of this participant, by which `stop` finds what still has to go.
    """
    reached, key = reach(participant), f"{prefix(participant)}{key}"
    if not reached.by_message or not may_send(participant, reminder=reminder):
        return False
    if reached.team is not None:
        return _send_to_team(reached.team, participant, key, mail, at)
    if reached.channel == Channel.SMS:
        queue_sms(key=key, to=reached.address, language=reached.language, text=sms, at=at)
    else:
        queue_email(key=key, to=reached.address, language=reached.language, mail=mail, at=at)
    return True


def prefix(participant: Participant) -> str:
    """What the keys of all messages to this participant begin with."""
    return f"{PREFIX}{participant.pk}:"


def stop(*, participant: Participant, at: datetime) -> int:
    """They said no: what still had to go to them does not go. Returns how many."""
    return withdraw(key_prefix=prefix(participant), at=at)


def _language(details: Details) -> str:
    return "en" if "en" in details.languages and "nl" not in details.languages else LANGUAGES[0]


def _team(participant: Participant) -> int | None:
    """The initiative that brought them in, or else receives them."""
    accesses = ParticipantAccess.objects.open().filter(participant=participant, initiative__isnull=False)
    teams = dict(accesses.order_by("-valid_from").values_list("reason", "initiative"))
    return teams.get(AccessReason.BROUGHT_IN, teams.get(AccessReason.RECEIVES))


def _send_to_team(team: int, participant: Participant, key: str, mail: Mail, at: datetime) -> bool:
    """In Dutch, as they tell it in their own words; without the links, which are the participant's own."""
    members = User.objects.filter(initiative_memberships__initiative=team, is_active=True, decides_on_benefits=False).order_by("pk")
    for member in members:
        with translation.override(member.language):
            ask = _("This is for somebody you brought in: %(code)s. Will you tell them?") % {"code": participant.code}
            words = replace(
                mail,
                paragraphs=[ask, *mail.paragraphs],
                button=None,
                links=(),
                calendar="",
                why=_("You get this e-mail because somebody wants to hear from us through your place."),
            )
        queue_email(key=f"{key}:{member.pk}", to=member.email, language=member.language, mail=words, at=at)
    return bool(members)
