from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, current_actor
from fieldlab.audit.models import AccessRecord, ActorKind


def record_access(*, participant_id: UUID, what: str, reason: str, at: datetime) -> AccessRecord:
    """Log that the acting person reads `what` about a participant, in the transaction of their context, which reads it too.

    `what` and `reason` say nothing about the participant: the log stays when they are erased.
    """
    (record,) = record_accesses(participant_ids=[participant_id], what=what, reason=reason, at=at)
    return record


def record_accesses(*, participant_ids: Iterable[UUID], what: str, reason: str, at: datetime) -> list[AccessRecord]:
    """As record_access, for all on one list: in one query."""
    return AccessRecord.objects.bulk_create([_record(participant_id, what, reason, at) for participant_id in participant_ids])


def _record(participant_id: UUID, what: str, reason: str, at: datetime) -> AccessRecord:
    record = AccessRecord(at=at, participant_id=participant_id, what=what, reason=reason)
    match current_actor():
        case UserActor(user, role):
            record.kind, record.user_id = ActorKind.USER, user.pk
            record.employer, record.role = user.employer, role
        case LinkActor(purpose=purpose):
            record.kind, record.role = ActorKind.LINK, purpose
        case SystemActor():
            record.kind = ActorKind.SYSTEM
    return record
