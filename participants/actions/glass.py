"""Breaking the glass: a coordinator opens somebody's details in an emergency, with a reason in words, for an hour, and never in silence."""

import re
from datetime import datetime, timedelta

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib import encryption
from fieldlab.lib.errors import DomainError
from participants.actions.people import grant_access
from participants.actions.retention import coordinators, helpers_of, put_on_list
from participants.models import AccessReason, BrokenGlass, CallAbout, Participant, ParticipantAccess
from participants.notifications import rights as messages
from participants.permissions import can_break_glass

LASTS = timedelta(hours=1)


class Emergency(models.TextChoices):
    """Why it cannot wait; the words come beside it."""

    DANGER = "danger", gettext_lazy("Somebody is in danger.")
    ASKED = "asked", gettext_lazy("They ask for it themselves, and whoever helps them cannot be reached.")
    ABSENT = "absent", gettext_lazy("Whoever helps them has gone, and something agreed must go on.")
    FAULT = "fault", gettext_lazy("Something is wrong, and I must see now what it is.")


class UnknownCode(DomainError):  # noqa: N818 - reads as what it says
    """Nobody has this code, or nobody any more."""


def break_glass(*, coordinator: User, code: str, why: str, at: datetime) -> BrokenGlass:
    """Open the details of whoever has this code, and tell everybody whom it concerns, in one transaction.

    Opens its own context: a coordinator sees nobody. Raises UnknownCode, and DomainError for whoever may not.
    """
    if not can_break_glass(coordinator):
        raise DomainError(_("With this account you cannot open somebody’s details."))
    with person_context(SystemActor("a coordinator breaks the glass"), reason="break_glass"):
        found = Participant.objects.in_force().select_related("key").filter(code=normalised(code)).first()
        if found is None:
            raise UnknownCode(_("This code opens nothing. Look whether you typed it right."))
        # Twice within the hour is once
        return opened(coordinator=coordinator, participant=found, at=at) or _broken(found, coordinator, why, at)


def normalised(typed: str) -> str:
    """As codes are written, from what somebody typed."""
    letters = re.sub("[^0-9A-Z]", "", typed.upper())
    return f"{letters[:3]}-{letters[3:]}"


def words_of(glass: BrokenGlass) -> str:
    """Why it was broken. Needs the participant with the key; whoever shows it records that. Empty: erased."""
    if glass.why is None:
        return ""
    return str(encryption.unseal(glass, glass.participant.key.unwrap(), ["why"])["why"])


def opened(*, coordinator: User, participant: Participant, at: datetime) -> BrokenGlass | None:
    """The glass by which they look now; a page asks in the coordinator's own context, where the wall has the first word."""
    now = BrokenGlass.objects.filter(participant=participant, coordinator=coordinator, at__lte=at, until__gt=at)
    through = ParticipantAccess.objects.open().filter(participant=participant, user=coordinator, reason=AccessReason.BREAK_GLASS)
    glass: BrokenGlass | None = now.order_by("-at").first() if through.exists() else None
    return glass


def in_words(emergency: str, words: str) -> str:
    """What was chosen and what was typed, as the participant reads it: the choice in the site's language."""
    with translation.override("nl"):
        return f"{Emergency(emergency).label} {words}"


def _broken(participant: Participant, coordinator: User, why: str, at: datetime) -> BrokenGlass:
    grant_access(participant=participant, user=coordinator, reason=AccessReason.BREAK_GLASS, actor=coordinator, until=at + LASTS)
    glass = BrokenGlass(participant=participant, coordinator=coordinator, at=at, until=at + LASTS)
    encryption.seal(glass, participant.key.unwrap(), {"why": why})
    glass.save(force_insert=True)
    with person_context(UserActor(coordinator, "coordinator"), reason="break_glass"):
        record_access(participant_id=participant.pk, what="participant.glass", reason=AccessReason.BREAK_GLASS.value, at=at)
    told = messages.tell_opened(glass, at=at)
    helpers = helpers_of(participant) if told else put_on_list(participant, CallAbout.OPENED, at=at)
    helpers = [user for user in helpers if user != coordinator]
    others = [user for user in coordinators() if user != coordinator and user not in helpers]
    if not told and not helpers and not others:
        raise DomainError(_("Nobody would hear of it: no message can reach this person, and there is no other coordinator. Call them."))
    messages.tell_colleagues(glass, coordinators=others, helpers=helpers, told=told, at=at)
    return glass
