"""One change at a time of what belongs to somebody: whoever changes it locks the participant first, and then the rest.

The lock lasts as long as the transaction. Both take it in the same way, so that each waits for the other.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from fieldlab.audit.context import as_platform, current_actor
from fieldlab.lib.errors import DomainError
from participants.models import Participant


def locked(participant_id: UUID, *, whole: bool = False) -> Participant:
    """The participant as they stand now, with their key: for who may change them.

    `whole` is for erasing and for another account: nobody adds anything of theirs meanwhile either, also without a lock.
    Raises DomainError for one who was erased, or whom the actor may no longer see.
    """
    current_actor()
    people = Participant.objects.select_for_update(of=("self",), no_key=not whole).select_related("key")
    participant: Participant | None = people.filter(pk=participant_id).first()
    if participant is None:
        raise DomainError(_("This person is no longer among those whom you help."))
    if participant.erased_at is not None:
        raise DomainError(_("This person's details were erased."))
    return participant


def locked_by_platform(participant_id: UUID) -> Participant:
    """As `locked`, also for a team, which may not change the participant. What it may change it then does as itself."""
    current_actor()
    with as_platform("changes about somebody are made one at a time"):
        return locked(participant_id)
