"""A professional whose talk went to a colleague: their calendar strikes it."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.lib.ics import Method
from fieldlab.outbox.actions import queue_email
from participants.models import Appointment, Professional
from participants.notifications.appointment_words import to_professional
from participants.notifications.appointments import invited, prefix_of


def tell_former_professional(*, appointment: Appointment, professional: Professional, at: datetime) -> None:
    """Before it moves: of when and where it was. Its next version is the colleague's, so that the number rises for both."""
    user = professional.user
    with translation.override(user.language):
        mail = to_professional(appointment, _("A colleague takes over the appointment on %(when)s"))
        appointment.sequence += 1
        mail = invited(mail, appointment, Method.CANCEL, user.email, at)
        appointment.sequence -= 1
    # Not below the prefix of the appointment: what was told of it before is taken back when it moves
    key = f"left:{prefix_of(appointment)}{appointment.sequence}:{professional.pk}"
    queue_email(key=key, to=user.email, language=user.language, mail=mail, at=at)
