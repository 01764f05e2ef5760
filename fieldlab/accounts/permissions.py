from fieldlab.accounts.models import User


def can_invite_coordinators(user: User) -> bool:
    return user.is_coordinator


def can_list_people(user: User) -> bool:
    return user.is_coordinator


def can_change_employment(actor: User, user: User) -> bool:
    """Another coordinator's task, never one's own: the benefits flag decides what one may see."""
    return actor.is_coordinator and actor.pk != user.pk


def can_end_coordinator(actor: User, user: User) -> bool:
    return actor.is_coordinator and user.is_coordinator and actor.pk != user.pk
