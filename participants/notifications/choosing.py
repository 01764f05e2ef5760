"""The mail with which somebody chooses a talk themselves. A text message carries no links, so that there is none."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fieldlab.outbox.models import Channel, Mail
from participants.models import Participant
from participants.notifications.links import booking_address
from participants.notifications.reach import reach, send


def send_link_to_choose(*, participant: Participant, at: datetime) -> bool:
    """Once a day; False: no e-mail may or can go to them."""
    reached = reach(participant)
    if reached.channel != Channel.EMAIL:
        return False
    with translation.override(reached.language):
        mail = Mail(
            subject=_("Choose a time for a talk"),
            paragraphs=[
                _("You choose where and when. Before you say yes, you read whom you meet. It is voluntary."),
                _("The link works for two weeks. Do you rather choose together? Call us."),
            ],
            button=(_("Choose a time"), booking_address(participant, at)),
            why=_("You get this e-mail because you asked somebody who helps you for a link to choose a time."),
        )
    return send(participant=participant, key=f"booking-link:{timezone.localdate(at)}", mail=mail, sms="", at=at)
