"""The mail with which somebody chooses a talk themselves. A text message carries no links, so that there is none."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from fieldlab.outbox.models import Channel, Mail, OutboxMessage
from participants.models import Participant
from participants.notifications.links import booking_address, booking_key
from participants.notifications.reach import prefix, reach, send


def send_link_to_choose(*, participant: Participant, at: datetime) -> bool:
    """Once a day to one address; False: no e-mail may or can go to them."""
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
    return send(participant=participant, key=booking_key(participant, at), mail=mail, sms="", at=at)


def link_went_today(*, participant: Participant, at: datetime) -> bool:
    return OutboxMessage.objects.filter(key=f"{prefix(participant)}{booking_key(participant, at)}").exists()
