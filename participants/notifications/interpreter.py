"""Asking for an interpreter: which language, where and when; not for whom."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail
from participants.calendars import where
from participants.models import Appointment, Interpreter
from participants.notifications.appointment_words import day_and_time, number_to_call

LANGUAGE = "nl"
# As it stands in the keys
INTERPRETER_ASKED, INTERPRETER_CANCELLED = "interpreter-asked", "interpreter-cancelled"


def ask_interpreter(appointment: Appointment, *, at: datetime) -> None:
    """To whom INTERPRETER_EMAIL says; without it, a professional asks for one themselves: their list says so."""
    if appointment.interpreter == Interpreter.NOT_NEEDED:
        return
    with translation.override(LANGUAGE):
        first = _("We are looking for an interpreter. Can somebody come? Please answer by telephone.")
        again = _("The time or the place has changed. This comes instead of our earlier question.")
        mail = _mail(appointment, _("Interpreter wanted: %(language)s, %(when)s"), [first, *([again] if appointment.sequence else [])])
    _send(appointment, INTERPRETER_ASKED, mail, at)


def cancel_interpreter(appointment: Appointment, *, at: datetime) -> None:
    if appointment.interpreter == Interpreter.NOT_NEEDED:
        return
    with translation.override(LANGUAGE):
        subject = _("Interpreter no longer needed: %(language)s, %(when)s")
        mail = _mail(appointment, subject, [_("This appointment is cancelled. Nobody needs to come.")])
    _send(appointment, INTERPRETER_CANCELLED, mail, at)


def _mail(appointment: Appointment, subject: str, paragraphs: list[str]) -> Mail:
    language, when = appointment.get_interpreter_language_display(), day_and_time(appointment.begins)
    return Mail(
        subject=subject % {"language": language, "when": when},
        paragraphs=paragraphs,
        details=[
            (_("Language"), language),
            (_("When"), when),
            (_("How long"), _("%(minutes)s minutes") % {"minutes": int((appointment.ends - appointment.begins).total_seconds() // 60)}),
            (_("Where"), where(appointment.place)),
            (_("Call to answer"), f"{appointment.professional.user.name}, {number_to_call(appointment)}"),
        ],
        why=_("You get this e-mail because you send interpreters to us."),
    )


def _send(appointment: Appointment, what: str, mail: Mail, at: datetime) -> None:
    if settings.INTERPRETER_EMAIL:
        key = f"appointment:{appointment.pk}:{appointment.sequence}:{what}"
        queue_email(key=key, to=settings.INTERPRETER_EMAIL, language=LANGUAGE, mail=mail, at=at)
