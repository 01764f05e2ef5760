"""One hand-over as it stands: locked, read, saved, and what follows when all three have said yes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fieldlab.audit.context import as_platform
from fieldlab.lib.encryption import unseal
from fieldlab.lib.errors import DomainError
from participants.actions.locks import locked_by_platform
from participants.models import AccessReason, Consent, HandOver, Participant, ParticipantAccess, Purpose
from participants.notifications import hand_overs as messages


@dataclass(frozen=True)
class Asked:
    """What a place reads of a hand-over, and what it has answered."""

    hand_over: HandOver
    first_name: str
    what: str
    other_at: datetime | None
    words: str


def locked(hand_over: HandOver) -> HandOver:
    """As it stands now, with its participant, locked first: a team that answers sees neither."""
    participant = locked_by_platform(hand_over.participant_id)
    with as_platform("a hand-over is changed"):
        found: HandOver = HandOver.objects.select_for_update(of=("self",)).with_place().get(pk=hand_over.pk)
    found.participant = participant
    return found


def may_tell(participant: Participant) -> bool:
    """As the platform: a team that answers sees nobody's consents."""
    with as_platform("asks whether a place may be told"):
        return bool(Consent.objects.given(participant, Purpose.SHARE))


def read(hand_over: HandOver) -> Asked:
    """The words of it, opened. Needs the participant with its key; whoever shows them to somebody records that."""
    key = hand_over.participant.key.unwrap()
    said: dict[str, Any] = {"at": None, "words": ""}
    if hand_over.other_day is not None:
        said = unseal(hand_over, key, ["other_day"])["other_day"]
    return Asked(
        hand_over,
        first_name=hand_over.participant.open().first_name,
        what=unseal(hand_over, key, ["what"])["what"],
        other_at=datetime.fromisoformat(said["at"]) if said["at"] else None,
        words=said["words"],
    )


def check_may_tell(participant: Participant) -> None:
    if not may_tell(participant):
        raise DomainError(_("They have not said yes to telling a place that they are coming. Ask that first: without it we tell nobody."))


def save(hand_over: HandOver, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            hand_over.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        raise DomainError(_("This place has already been asked.") if new else _("Another place was asked in the meantime.")) from error


def when_it_stands(hand_over: HandOver, at: datetime) -> None:
    """The third yes lets the team see how to reach them, and tells the participant."""
    if not hand_over.stands:
        return
    check_may_tell(hand_over.participant)
    with as_platform("a hand-over stands"):
        theirs = ParticipantAccess.objects.open().filter(participant=hand_over.participant, initiative=hand_over.initiative)
        if not theirs.exists():
            ParticipantAccess.objects.create(
                participant=hand_over.participant,
                initiative=hand_over.initiative,
                reason=AccessReason.RECEIVES,
                granted_by=hand_over.professional,
            )
    messages.tell_stands(hand_over, at=at)
