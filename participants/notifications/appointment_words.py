"""The words about an appointment: an e-mail, and a text message that says the same in 160 letters. In the language that is active.

To a participant: what, when, where, who, and a number to call. To a professional: when and where. Nobody's name but the professional's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fieldlab.lib.gsm import fitted
from fieldlab.lib.phones import display
from fieldlab.outbox.models import Mail
from participants.calendars import where
from participants.models import Appointment, Interpreter
from participants.notifications.links import appointment_address


@dataclass(frozen=True)
class Words:
    """What a participant gets: one of the two. The calendar file of an e-mail is added by who sends it."""

    mail: Mail
    sms: str


Writer = Callable[[Appointment], Words]


def day_and_time(moment: datetime) -> str:
    """Written out: "dinsdag 8 december 2026, 14.00 uur"."""
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {"day": date_format(local, "l j F Y"), "time": date_format(local, "H.i")}


def short_day_and_time(moment: datetime) -> str:
    """For a text message: "di 8 dec 14.00 uur"."""
    local = localtime(moment)
    return _("%(day)s %(time)s") % {"day": date_format(local, "D j M"), "time": date_format(local, "H.i")}


def number_to_call(appointment: Appointment) -> str:
    """Of the professional, as long as they work here."""
    professional = appointment.professional
    return display((not professional.ended_at and professional.phone) or settings.HELP_PHONE)


def booked(appointment: Appointment) -> Words:
    return _agreed(appointment, _("Your appointment on %(when)s"), [_("You have an appointment.")], _("Appointment:"))


def moved(appointment: Appointment) -> Words:
    first = _("Your appointment has changed. What stands here is right. What we sent before is not.")
    return _agreed(appointment, _("Your appointment is now on %(when)s"), [first], _("New time:"))


def reminder(appointment: Appointment) -> Words:
    first = _("We look forward to seeing you. This is when and where.")
    return _agreed(appointment, _("Do not forget: %(when)s"), [first], _("Reminder:"))


def _agreed(appointment: Appointment, subject: str, first: list[str], sms_begins: str) -> Words:
    who, number = appointment.professional.user, number_to_call(appointment)
    employer = [_("%(name)s works for %(employer)s.") % {"name": who.name, "employer": who.employer}] if who.employer else []
    mail = Mail(
        subject=subject % {"when": day_and_time(appointment.begins)},
        paragraphs=[
            *first,
            " ".join([_("You talk with %(name)s.") % {"name": who.name}, *employer]),
            _("%(name)s does not decide about your benefit.") % {"name": who.name},
            _("It is voluntary. You may always stop. You do not have to say why."),
            _("Can you not come? Call %(phone)s. Or choose another time with the button.") % {"phone": number},
        ],
        details=_facts(appointment),
        button=(_("See or change your appointment"), appointment_address(appointment)),
        why=_("You get this e-mail because you have an appointment with us."),
    )
    sms = fitted(
        [
            [sms_begins, _("Appointment:")],
            [_("%(when)s.") % {"when": short_day_and_time(appointment.begins)}],
            *_place_and_name(appointment),
            [_("Can you not come? Call %(phone)s") % {"phone": number}, _("Call: %(phone)s") % {"phone": number}],
        ]
    )
    return Words(mail, sms)


def cancelled(appointment: Appointment) -> Words:
    number = number_to_call(appointment)
    mail = Mail(
        subject=_("Your appointment on %(when)s is cancelled") % {"when": day_and_time(appointment.begins)},
        paragraphs=[
            _("The appointment is cancelled. You do not have to do anything."),
            _("Do you want a new appointment? Call %(phone)s. You do not have to.") % {"phone": number},
        ],
        details=_when_and_where(appointment),
        why=_("You get this e-mail because you had an appointment with us."),
    )
    sms = fitted(
        [
            [_("Your appointment is cancelled:")],
            [_("%(when)s.") % {"when": short_day_and_time(appointment.begins)}],
            [appointment.place.name + ".", _cut(appointment.place.name, 40) + ".", ""],
            [_("Do you want a new one? Call %(phone)s") % {"phone": number}, _("Call: %(phone)s") % {"phone": number}],
        ]
    )
    return Words(mail, sms)


def offer(appointment: Appointment) -> Words:
    """Of a time that is held for them."""
    number, until = number_to_call(appointment), appointment.held_until or appointment.begins
    mail = Mail(
        subject=_("You can come earlier: %(when)s") % {"when": day_and_time(appointment.begins)},
        paragraphs=[
            _("You asked to come earlier. There is a place now."),
            _("We keep it for you until %(when)s.") % {"when": day_and_time(until)},
            _("Do you not want it? Then you need not do anything. Your own appointment stays."),
            _("You can also call: %(phone)s.") % {"phone": number},
        ],
        details=_facts(appointment),
        button=(_("See this time, and say yes or no"), appointment_address(appointment)),
        why=_("You get this e-mail because you asked to come earlier."),
    )
    sms = fitted(
        [
            [_("You can come earlier:")],
            [_("%(when)s.") % {"when": short_day_and_time(appointment.begins)}],
            *_place_and_name(appointment),
            [
                _("Do you want that? Call %(phone)s before %(until)s") % {"phone": number, "until": short_day_and_time(until)},
                _("Call %(phone)s before %(until)s") % {"phone": number, "until": short_day_and_time(until)},
            ],
        ]
    )
    return Words(mail, sms)


def missed(appointment: Appointment) -> Words:
    """Without blame: something came in between, and the door is open."""
    who, number = appointment.professional.user.name, number_to_call(appointment)
    mail = Mail(
        subject=_("We did not see each other"),
        paragraphs=[
            _("We did not see each other on %(when)s. That does not matter. Something can always come in between.")
            % {"when": day_and_time(appointment.begins)},
            _("This has no consequences for you."),
            _("Do you want a new appointment? Call %(name)s: %(phone)s. You are welcome.") % {"name": who, "phone": number},
        ],
        why=_("You get this e-mail because you had an appointment with us."),
    )
    sms = fitted(
        [
            [_("We did not see each other. That does not matter.")],
            [_("You are welcome another time."), ""],
            [_("Do you want a new appointment?"), ""],
            [_("Call %(name)s:") % {"name": who}, _("Call %(name)s:") % {"name": _first(who)}],
            [number],
        ]
    )
    return Words(mail, sms)


# --- to the professional


def to_professional(appointment: Appointment, subject: str, by: str = "") -> Mail:
    """`subject` has a place for %(when)s; `by` is the colleague who did it. Who comes stands in the agenda, behind the door."""
    colleague = [_("%(name)s did this, for who has this appointment.") % {"name": by}] if by else []
    gone = appointment.professional.ended_at is not None
    where_who = _("The calendar file is with this e-mail. Who it is about, you find in your agenda here.")
    return Mail(
        subject=subject % {"when": day_and_time(appointment.begins)},
        paragraphs=[*colleague, _("The calendar file is with this e-mail.") if gone else where_who],
        details=_when_and_where(appointment),
        button=None if gone else (_("Open your agenda"), settings.SITE_URL + reverse("agenda")),
        why=_("You get this e-mail because you have talks with people."),
    )


# --- what they have in common


def _facts(appointment: Appointment) -> list[tuple[str, str]]:
    interpreter = {
        Interpreter.ASKED: _("We have asked for one: %(language)s"),
        Interpreter.CONFIRMED: _("An interpreter will come: %(language)s"),
        Interpreter.NOT_FOUND: _("We have not found one yet: %(language)s"),
    }.get(Interpreter(appointment.interpreter))
    language = {"language": appointment.get_interpreter_language_display()}
    return [
        *_when_and_where(appointment),
        *([(_("How to find it"), appointment.place.how_to_find)] if appointment.place.how_to_find else []),
        *([(_("Interpreter"), interpreter % language)] if interpreter else []),
    ]


def _when_and_where(appointment: Appointment) -> list[tuple[str, str]]:
    until = date_format(localtime(appointment.ends), "H.i")
    return [
        (_("When"), _("%(begin)s until %(end)s") % {"begin": day_and_time(appointment.begins), "end": until}),
        (_("Where"), where(appointment.place)),
        (_("Room"), appointment.room.name),
    ]


def _place_and_name(appointment: Appointment) -> list[list[str]]:
    """The parts of a text message that may be said shorter."""
    place, who = appointment.place, appointment.professional.user.name
    return [
        [f"{where(place)}.", f"{place.name}.", f"{_cut(place.name, 40)}."],
        [_("You talk with %(name)s.") % {"name": who}, _("With %(name)s.") % {"name": _first(who)}],
    ]


def _first(name: str) -> str:
    return _cut(name.split()[0], 20) if name.split() else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2].rstrip() + ".."
