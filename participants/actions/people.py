"""Use cases about participants. Each runs inside person_context: outside of it the tables are empty and take nothing."""

import secrets
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, SystemActor, current_actor
from fieldlab.lib.encryption import Key
from fieldlab.lib.errors import DomainError, constraint_of
from participants.actions.locks import locked
from participants.models import (
    DETAILS,
    AccessReason,
    Details,
    Participant,
    ParticipantAccess,
    ParticipantKey,
    ReachedBy,
)
from participants.permissions import may_receive_access

CODE_UNIQUE = "participants_participant_code_key"
CODE_ALPHABET = "23456789CDFGHJKMNPQRTVWX"  # nothing that is misread or spells a word


def new_code() -> str:
    letters = [secrets.choice(CODE_ALPHABET) for _place in range(6)]
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


@transaction.atomic
def add_participant(
    *,
    actor: User | None,
    details: Details,
    reached_by: ReachedBy,
    at: datetime,
    neighbourhood: Area | None = None,
    account: User | None = None,
    participant_id: UUID | None = None,
) -> Participant:
    """Make a participant with a key of their own; a professional who adds one may see them.

    `actor` is None when somebody signs up themselves: then the context is LinkActor(participant_id, …) with the id given here.
    """
    participant = Participant(
        pk=participant_id or uuid4(),
        neighbourhood=neighbourhood,
        reached_by=reached_by,
        user=account,
        created_by=actor,
        created_at=at,
    )
    key = Key.new(participant.pk.bytes)
    participant.seal(asdict(details), key)
    _save_with_code(participant)
    wrapped = ParticipantKey(participant=participant)
    wrapped.wrap(key)
    wrapped.save(force_insert=True)
    if actor is not None:
        _give_access(participant, actor, AccessReason.INTAKE, actor)
    return participant


def _save_with_code(participant: Participant) -> None:
    """The database knows which codes are taken, also those of people one may not see."""
    while participant._state.adding:
        participant.code = new_code()
        try:
            with transaction.atomic():
                participant.save(force_insert=True)
        except IntegrityError as error:
            if constraint_of(error) != CODE_UNIQUE:
                raise


def open_participant(*, participant: Participant, reason: str, at: datetime) -> Details:
    """Who the participant is, with a record of who looked. Raises DomainError for one who was erased."""
    if participant.erased_at is not None:
        raise DomainError(_("This person's details were erased."))
    record_access(participant_id=participant.pk, what="participant.details", reason=reason, at=at)
    return participant.open()


@transaction.atomic
def change_details(*, participant: Participant, details: Details, neighbourhood: Area | None) -> Participant:
    """Only what changed is sealed anew, so that history shows what did."""
    participant = locked(participant.pk)
    before, after = asdict(participant.open()), asdict(details)
    changed = {name: value for name, value in after.items() if value != before[name]}
    participant.neighbourhood = neighbourhood
    participant.seal(changed, participant.key.unwrap())
    participant.save(update_fields=["neighbourhood", *changed])
    return participant


def touch(participant: Participant, at: datetime) -> None:
    """There was contact now: what is kept is kept for two years from here."""
    Participant.objects.filter(pk=participant.pk).update(last_contact_at=at, told_of_erasure_at=None)


@transaction.atomic
def give_account(*, participant: Participant, user: User) -> Participant:
    """From now on the participant signs in to see their own data.

    Only the participant, by a link, or the platform for them: whoever helps somebody never decides which account that is.
    """
    match current_actor():
        case SystemActor():
            pass
        case LinkActor(participant_id) if participant_id == participant.pk:
            pass
        case _:
            raise DomainError(_("Only this person can link an account to their own details."))
    participant = locked(participant.pk, whole=True)
    if participant.user_id not in (None, user.pk):
        raise DomainError(_("This person already has an account."))
    participant.user = user
    try:
        with transaction.atomic():
            participant.save(update_fields=["user"])
    except IntegrityError as error:
        raise DomainError(_("This account cannot be used for this person.")) from error
    return participant


@transaction.atomic
def grant_access(
    *, participant: Participant, user: User, reason: AccessReason, actor: User | None, until: datetime | None = None
) -> ParticipantAccess:
    """Let `user` see the participant, from now. `actor` is None when the participant does it by a signed link, or the platform."""
    return _give_access(locked(participant.pk), user, reason, actor, until)


@transaction.atomic(savepoint=False)
def lasting_access(*, participant: Participant, user: User, reason: AccessReason, actor: User | None) -> ParticipantAccess:
    """Access without an end; what ends by itself, or shows name and number only, gives way to it. The participant is locked already."""
    there = ParticipantAccess.objects.open().filter(participant=participant, user=user)
    lasting: ParticipantAccess | None = there.lasting().first()
    if lasting is not None:
        return lasting
    there.end()
    return _give_access(participant, user, reason, actor)


@transaction.atomic
def end_access(*, access: ParticipantAccess) -> None:
    """From now on. Raises DomainError when it ended already."""
    still_open = ParticipantAccess.objects.open().select_for_update().filter(pk=access.pk).first()
    if still_open is None:
        raise DomainError(_("This access has already ended."))
    ParticipantAccess.objects.filter(pk=access.pk).end()


@transaction.atomic
def hand_over(*, participant: Participant, giver: User, taker: User, actor: User | None) -> ParticipantAccess:
    """A colleague takes over: the one's access begins where the other's ends."""
    participant = locked(participant.pk)
    access = ParticipantAccess.objects.open().lasting().filter(participant=participant, user=giver).first()
    if access is None:
        raise DomainError(_("This colleague has no access to hand over."))
    taken = lasting_access(participant=participant, user=taker, reason=AccessReason.HANDOVER, actor=actor)
    end_access(access=access)
    return taken


@transaction.atomic
def erase_participant(*, participant: Participant, reason: str, at: datetime) -> None:
    """Destroy the key and empty the row: nothing that was sealed for this person opens again, in history neither.

    What stays is that somebody from this neighbourhood took part. Runs as the participant or as the system. What
    else there is about them, `retention.erase` takes away first.
    """
    participant = locked(participant.pk, whole=True)
    record_access(participant_id=participant.pk, what="participant.erased", reason=reason, at=at)
    destroyed, _by_table = ParticipantKey.objects.filter(participant=participant).delete()
    if not destroyed:  # the wall lets nobody else do it, and says nothing
        raise DomainError(_("Only this person, or the platform for them, can erase their details."))
    for name in DETAILS:
        setattr(participant, name, None)
    participant.code = participant.created_by = None
    participant.erased_at = at
    # The account goes last: while it is linked, the participant may still reach these rows.
    participant.accesses.open().end()
    participant.user = None
    participant.save(force_update=True)


def _give_access(
    participant: Participant, user: User, reason: AccessReason, actor: User | None, until: datetime | None = None
) -> ParticipantAccess:
    if not may_receive_access(user):
        raise DomainError(_("Somebody who decides or advises on benefits cannot see people here."))
    access = ParticipantAccess(participant=participant, user=user, reason=reason, granted_by=actor, until=until)
    try:
        with transaction.atomic():
            access.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("This person already has access at that time.")) from error
    return access
