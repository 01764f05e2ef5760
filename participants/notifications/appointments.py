"""Who hears what about an appointment: the participant by the way they chose, the professional by e-mail, and who sends interpreters.

All in the caller's transaction. What was still to go about the same appointment and is no longer true is taken back. The words go as
the platform: whoever booked for somebody need not see how they are reached.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_noop

from fieldlab.audit.context import LinkActor, UserActor, as_platform, current_actor
from fieldlab.lib.ics import Method, invitation
from fieldlab.outbox.actions import queue_email, withdraw
from fieldlab.outbox.models import Mail, OutboxMessage
from participants.calendars import entry_of
from participants.models import Appointment, EarlierWish, Participant
from participants.notifications import appointment_words as words
from participants.notifications.interpreter import INTERPRETER_ASKED, ask_interpreter, cancel_interpreter
from participants.notifications.reach import prefix, reach, send


def tell_booked(*, appointment: Appointment, at: datetime) -> None:
    """Whoever is not reached by a message heard it when it was booked. It is new: nothing was told of it before."""
    with _telling():
        _tell_participant(appointment, "booked", words.booked, at, Method.REQUEST)
        _tell_professional(appointment, "booked", gettext_noop("New appointment: %(when)s"), at, Method.REQUEST)
        ask_interpreter(appointment, at=at)


def tell_moved(*, appointment: Appointment, at: datetime) -> None:
    """Only the latest time goes out; who is not reached by a message and did not do it themselves must be called."""
    themselves, colleague = _is_acting(appointment.participant), _colleague(appointment)
    with _telling():
        _take_back(appointment, "moved", at)
        told = _tell_participant(appointment, "moved", words.moved, at, Method.REQUEST)
        _to_be_called(appointment, None if told or themselves else at)
        _tell_professional(appointment, "moved", gettext_noop("Appointment moved to %(when)s"), at, Method.REQUEST, colleague)
        ask_interpreter(appointment, at=at)


def tell_cancelled(*, appointment: Appointment, at: datetime) -> None:
    """As tell_moved; calendars strike it."""
    themselves, colleague = _is_acting(appointment.participant), _colleague(appointment)
    with _telling():
        _take_back(appointment, "cancelled", at)
        told = _tell_participant(appointment, "cancelled", words.cancelled, at, Method.CANCEL)
        _to_be_called(appointment, None if told or themselves else at)
        _tell_professional(appointment, "cancelled", gettext_noop("Appointment cancelled: %(when)s"), at, Method.CANCEL, colleague)
        cancel_interpreter(appointment, at=at)


def tell_offer(*, wish: EarlierWish, at: datetime) -> None:
    """A time is held for who waited longest. The professional hears of it when it is taken."""
    if wish.offered is None:
        raise ValueError("Nothing is offered to this wish.")
    with _telling():
        told = _tell_participant(wish.offered, "offer", words.offer, at, None)
        _to_be_called(wish.offered, None if told else at)


def tell_missed(*, appointment: Appointment, at: datetime) -> None:
    """To the participant alone, without blame. Whoever is not reached stands on the professional's list in any case."""
    with _telling():
        _take_back(appointment, "missed", at)
        _tell_participant(appointment, "missed", words.missed, at, None, reminder=True)


def remind(*, appointment: Appointment, at: datetime) -> bool:
    """Once, shortly before; False: no reminder may or can go, so that somebody calls."""
    with _telling():
        return _tell_participant(appointment, "reminder", words.reminder, at, None, reminder=True)


def prefix_of(appointment: Appointment) -> str:
    """What keys of messages about this appointment begin with, after the prefix of who they go to."""
    return f"appointment:{appointment.pk}:"


def prefix_to_participant(appointment: Appointment) -> str:
    return f"{prefix(appointment.participant)}{prefix_of(appointment)}"


def invited(mail: Mail, appointment: Appointment, method: Method, attendee: str, at: datetime) -> Mail:
    """The mail with a calendar file, in the language that is active."""
    entry = entry_of(appointment, stamp=at, cancelled=method == Method.CANCEL)
    organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return replace(mail, calendar=invitation(entry, method=method, organizer=organizer, attendee=attendee))


def _telling() -> AbstractContextManager[None]:
    return as_platform("tells what was agreed")


def _is_acting(participant: Participant) -> bool:
    match current_actor():
        case LinkActor(participant_id):
            return participant_id == participant.pk
        case UserActor(user):
            return bool(user.pk == participant.user_id)
    return False


def _colleague(appointment: Appointment) -> str:
    """The name of who does it on somebody's behalf: neither the participant nor the professional whom they meet."""
    match current_actor():
        case UserActor(user) if user.pk not in (appointment.participant.user_id, appointment.professional.user_id):
            return str(user)
    return ""


def _tell_participant(
    appointment: Appointment, what: str, writer: words.Writer, at: datetime, method: Method | None, *, reminder: bool = False
) -> bool:
    reached = reach(appointment.participant)
    if not reached.by_message:
        return False
    with translation.override(reached.language):
        written = writer(appointment)
        mail = invited(written.mail, appointment, method, reached.address, at) if method and "@" in reached.address else written.mail
    key = f"{prefix_of(appointment)}{appointment.sequence}:{what}"
    return send(participant=appointment.participant, key=key, mail=mail, sms=written.sms, at=at, reminder=reminder)


def _tell_professional(appointment: Appointment, what: str, subject: str, at: datetime, method: Method, by: str = "") -> None:
    """`by`: the colleague who did it, as whoever had nothing to do with it wants to know whom to ask."""
    user = appointment.professional.user
    with translation.override(user.language):
        mail = words.to_professional(appointment, translation.gettext(subject), by)
        mail = invited(mail, appointment, method, user.email, at)
    key = f"{prefix_of(appointment)}{appointment.sequence}:{what}:professional"
    queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)


def _take_back(appointment: Appointment, telling: str, at: datetime) -> None:
    """What still has to go about it and is no longer true. Not what is told now, so that telling it twice is telling it once."""
    own, theirs = prefix_of(appointment), prefix_to_participant(appointment)
    about = OutboxMessage.objects.filter(Q(key__startswith=own) | Q(key__startswith=theirs))
    for key in about.unfinished().values_list("key", flat=True):
        sequence, what = key.removeprefix(theirs).removeprefix(own).split(":")[:2]
        if sequence != str(appointment.sequence) or what not in (telling, INTERPRETER_ASKED):
            withdraw(key_prefix=key, at=at)


def _to_be_called(appointment: Appointment, since: datetime | None) -> None:
    """Keep from when on somebody must hear of this by telephone; None: they know."""
    Appointment.objects.filter(pk=appointment.pk).exclude(to_tell_since=since).update(to_tell_since=since)
    appointment.to_tell_since = since
