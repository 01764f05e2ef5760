"""What people hear when somebody's details were opened in an emergency, and before they are erased.

Mails to those who work here name nobody: only the code that stands on paper too, which opens nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib import gsm
from fieldlab.lib.phones import display
from fieldlab.outbox.actions import forget_about, queue_email
from fieldlab.outbox.models import Mail
from participants.models import BrokenGlass, Participant
from participants.notifications.appointment_words import day_and_time
from participants.notifications.reach import prefix, reach, send


def _phone() -> str:
    return display(settings.HELP_PHONE)


# --- The glass was broken


def tell_opened(glass: BrokenGlass, *, at: datetime) -> bool:
    """To the participant, or else to their account: who, when, and where the reason stands. False: somebody must call them."""
    who = glass.coordinator
    with translation.override(reach(glass.participant).language):
        values = {"name": who.name, "when": day_and_time(glass.at), "phone": _phone()}
        mail = Mail(
            subject=_("Somebody looked at your details"),
            paragraphs=[
                _("%(name)s of the team of this site opened your details on %(when)s.") % values,
                _("That is allowed only in an emergency. They had to write down why."),
                _("You can read the reason at ‘my details’. Or call %(phone)s, and we read it to you.") % values,
                _("You do not have to do anything."),
            ],
            button=(_("Read why"), settings.SITE_URL + reverse("own_log")),
            why=_("You get this e-mail because you take part here."),
        )
        sms = gsm.plain(_("%(name)s opened your details in an emergency. Do you want to know why? Call %(phone)s") % values)
    key = f"glass:{glass.pk}"
    return send(participant=glass.participant, key=key, mail=mail, sms=sms, at=at) or _to_account(glass.participant, key, mail, at)


def tell_colleagues(glass: BrokenGlass, *, coordinators: Iterable[User], helpers: Sequence[User], told: bool, at: datetime) -> None:
    """To the other coordinators, and to those who help this person; `told`: whether the participant got a message."""
    for user in coordinators:
        with translation.override(user.language):
            calm = _("You need not do anything. Is this strange to you? Ask your colleague why.")
            call = _("No message can reach this person, and nobody helps them now. See to it that somebody calls them.")
            _to_colleague(glass, user, [calm if told or helpers else call], None, at)
    for user in helpers:
        with translation.override(user.language):
            call = _("No message could reach this person. Please call them and tell it. They stand on your list of today.")
            say = call if not told else _("This person has got a message about it too.")
            link = settings.SITE_URL + reverse("participant", args=[glass.participant_id])
            _to_colleague(glass, user, [say], (_("To this person"), link), at)


def _to_colleague(glass: BrokenGlass, user: User, more: Sequence[str], button: tuple[str, str] | None, at: datetime) -> None:
    values = {"name": glass.coordinator.name, "code": glass.participant.code, "until": day_and_time(glass.until)}
    mail = Mail(
        subject=_("Details opened in an emergency: %(code)s") % values,
        paragraphs=[
            _("%(name)s opened the details of %(code)s. They can look until %(until)s.") % values,
            _("The reason is written down. The participant can read it."),
            *more,
        ],
        button=button,
        why=_("You get this e-mail because whoever opens somebody’s details is never alone in knowing it."),
    )
    queue_email(key=f"glass:{glass.pk}:{user.pk}", to=user.email, language=user.language, mail=mail, at=at)


# --- The time to keep is nearly over


def tell_of_erasure(participant: Participant, *, on: datetime, at: datetime) -> bool:
    """A month before. False: somebody must call them."""
    with translation.override(reach(participant).language):
        values = {"date": date_format(localtime(on), "j F Y"), "phone": _phone()}
        mail = Mail(
            subject=_("We erase your details on %(date)s") % values,
            paragraphs=[
                _("We have not spoken to you for a long time. So we erase your details on %(date)s.") % values,
                _("Do you want that? Then you do not have to do anything."),
                _("Would you like us to keep them? Press the button. Or call %(phone)s.") % values,
                _("It is voluntary. You are always welcome, also later."),
            ],
            button=(_("Keep my details"), settings.SITE_URL + reverse("own_keep")),
            why=_("You get this e-mail because you take part here."),
        )
        sms = gsm.plain(_("We erase your details on %(date)s. Would you like us to keep them? Call %(phone)s") % values)
    key = f"erasure:{on:%Y-%m-%d}"
    return send(participant=participant, key=key, mail=mail, sms=sms, at=at) or _to_account(participant, key, mail, at)


def _to_account(participant: Participant, key: str, mail: Mail, at: datetime) -> bool:
    """What somebody must hear goes to the address with which they sign in, when they have one and cannot be reached otherwise."""
    user = participant.user
    if user is None or not user.is_active:
        return False
    queue_email(key=f"{prefix(participant)}{key}", to=user.email, language=user.language, mail=mail, at=at)
    return True


def ask_to_tell_of_erasure(participant: Participant, user: User, *, helps: bool, on: datetime, at: datetime) -> None:
    """When no message can reach them: to whoever `helps` them, or else to a coordinator."""
    with translation.override(user.language):
        values = {"code": participant.code, "date": date_format(localtime(on), "j F Y")}
        if helps:
            subject = _("Please call %(code)s: their details will be erased")
            call = [
                _("No message can reach this person. Please call and say it. They stand on your list of today."),
                _("Did you speak to them? Tap ‘spoken’. Then we keep their details."),
            ]
            button = _("To this person"), settings.SITE_URL + reverse("participant", args=[participant.pk])
            why = _("You get this e-mail because you help this person.")
        else:
            subject = _("Nobody helps %(code)s: their details will be erased")
            call = [_("No message can reach this person, and nobody helps them now. See to it that somebody calls them.")]
            button = _("To open somebody’s details"), settings.SITE_URL + reverse("break_glass")
            why = _("You get this e-mail because you coordinate this site.")
        said = _("There was no contact with %(code)s for a long time. We erase their details on %(date)s.") % values
        mail = Mail(subject=subject % values, paragraphs=[said, *call], button=button, why=why)
        key = f"{_keeping(participant)}{on:%Y-%m-%d}:{user.pk}"
        queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)


def forget(participant: Participant, *, at: datetime) -> None:
    """No code of theirs stays in a message to somebody who works here."""
    forget_about(key_prefix=_keeping(participant), at=at)
    for glass in BrokenGlass.objects.filter(participant=participant).values_list("pk", flat=True):
        forget_about(key_prefix=f"glass:{glass}:", at=at)


def _keeping(participant: Participant) -> str:
    return f"keep:{participant.pk}:"
