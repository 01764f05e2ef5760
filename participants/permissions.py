"""Who may do what; the walls in the database hold the same, and more."""

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from initiatives.models import Initiative
from initiatives.permissions import in_team
from participants.models import AccessReason, Participant, ParticipantAccess, Professional


def is_professional(user: User) -> bool:
    return not user.decides_on_benefits and Professional.objects.current().filter(user=user).exists()


def is_participant(user: User) -> bool:
    """Whether there are details about this person to show to them."""
    with person_context(UserActor(user, "participant")):
        return Participant.objects.visible_to(user).in_force().filter(user=user).exists()


def can_invite_professionals(user: User) -> bool:
    return user.is_coordinator


def can_end_professionals(user: User) -> bool:
    """It decides who sees whom next, so never whoever decides or advises on benefits."""
    return user.is_active and user.is_coordinator and not user.decides_on_benefits


def can_keep_talk_places(user: User) -> bool:
    return user.is_coordinator


def can_check_texts(user: User) -> bool:
    return user.is_coordinator


def can_see_people_of(user: User, initiative: Initiative) -> bool:
    """Whom its team brought in or receives: its members, never an account that decides or advises on benefits."""
    return not user.decides_on_benefits and in_team(user, initiative)


def can_open_participant(user: User, participant: Participant) -> bool:
    return Participant.objects.visible_to(user).filter(pk=participant.pk).exists()


def may_receive_access(user: User) -> bool:
    return user.is_active and not user.decides_on_benefits


def can_erase_participant(user: User, participant: Participant) -> bool:
    """The participant alone; for one without an account the platform does it when they ask."""
    return participant.user_id == user.pk and can_open_participant(user, participant)


def can_erase_with(user: User, participant: Participant) -> bool:
    """A professional who helps this person erases together with them; whoever only looks in an emergency does not."""
    helps = ParticipantAccess.objects.open().filter(participant=participant, user=user).exclude(reason=AccessReason.BREAK_GLASS)
    return is_professional(user) and can_open_participant(user, participant) and helps.exists()


def can_break_glass(user: User) -> bool:
    return user.is_active and user.is_coordinator and not user.decides_on_benefits
