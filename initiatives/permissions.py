"""Who may do what with an initiative. `can_view` agrees with `Initiative.objects.visible_to`; a test holds them together."""

from typing import Any

from initiatives.models import Initiative, InitiativeMember, Status


def can_view(user: Any, initiative: Initiative) -> bool:
    return initiative.status == Status.PUBLISHED or can_edit(user, initiative) or can_moderate(user, initiative)


def can_edit(user: Any, initiative: Initiative) -> bool:
    """Members; and whoever made the draft, as long as it is one."""
    if not user.is_authenticated:
        return False
    if initiative.status == Status.DRAFT and initiative.registered_by_id == user.pk:
        return True
    return initiative.members.filter(user=user).exists()


def can_manage_team(user: Any, initiative: Initiative) -> bool:
    return user.is_authenticated and initiative.members.filter(user=user, role=InitiativeMember.Role.OWNER).exists()


def can_moderate(user: Any, initiative: Initiative) -> bool:
    """Coordinators, and the boundary spanners of the district it lies in; never a draft."""
    if not user.is_authenticated or initiative.status == Status.DRAFT:
        return False
    return user.is_coordinator or Initiative.objects.moderated_by(user).filter(pk=initiative.pk).exists()


def can_see_queue(user: Any) -> bool:
    return bool(user.is_authenticated and (user.is_coordinator or user.boundary_spanner_of.exists()))


def can_register_by_phone(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_coordinator)
