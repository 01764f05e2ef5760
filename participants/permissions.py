"""Who may do what; the walls in the database hold the same, and more."""

from fieldlab.accounts.models import User
from participants.models import Participant, Professional


def is_professional(user: User) -> bool:
    return not user.decides_on_benefits and Professional.objects.current().filter(user=user).exists()


def can_invite_professionals(user: User) -> bool:
    return user.is_coordinator


def can_add_participant(user: User) -> bool:
    return is_professional(user)


def can_open_participant(user: User, participant: Participant) -> bool:
    return Participant.objects.visible_to(user).filter(pk=participant.pk).exists()


def can_give_access(user: User, participant: Participant) -> bool:
    """The participant, and whoever helps them now."""
    return can_open_participant(user, participant)


def may_receive_access(user: User) -> bool:
    return user.is_active and not user.decides_on_benefits


def can_erase_participant(user: User, participant: Participant) -> bool:
    """The participant alone; for one without an account the platform does it when they ask."""
    return participant.user_id == user.pk and can_open_participant(user, participant)
