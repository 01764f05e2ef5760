"""Who may do what with an initiative. `can_view` agrees with `Initiative.objects.visible_to`; a test holds them together."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from fieldlab.accounts.models import User
from fieldlab.accounts.permissions import holds_network_role
from initiatives.models import AreaContact, BoundarySpanner, Initiative, InitiativeMember, Status


def can_view(user: Any, initiative: Initiative) -> bool:
    return initiative.status == Status.PUBLISHED or can_edit(user, initiative) or can_moderate(user, initiative)


def can_edit(user: Any, initiative: Initiative) -> bool:
    """Members; of a draft whoever made it; of what waits for them or is on the site, its moderators."""
    if not user.is_authenticated:
        return False
    if initiative.status == Status.DRAFT and initiative.registered_by_id == user.pk:
        return True
    theirs = initiative.status in (Status.SUBMITTED, Status.PUBLISHED)
    return in_team(user, initiative) or (theirs and can_moderate(user, initiative))


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


def in_team(user: Any, initiative: Initiative) -> bool:
    """A member; not whoever only moderates it."""
    return bool(user.is_authenticated and initiative.members.filter(user=user).exists())


def can_see_history(user: Any, initiative: Initiative) -> bool:
    """The team, and whoever moderates it; of a draft there is none to see."""
    return initiative.status != Status.DRAFT and (in_team(user, initiative) or can_moderate(user, initiative))


def can_see_members_only(user: Any) -> bool:
    """What initiatives tell the network and not the whole world: websites and channels. One query."""
    if not user.is_authenticated:
        return False
    if user.is_coordinator:
        return True
    published = InitiativeMember.objects.filter(user=OuterRef("pk"), initiative__status=Status.PUBLISHED)
    of_initiatives = [BoundarySpanner.objects.filter(user=OuterRef("pk")), AreaContact.objects.filter(user=OuterRef("pk")), published]
    holds = holds_network_role() | Q(*(Exists(rows) for rows in of_initiatives), _connector=Q.OR)
    return bool(User.objects.filter(holds, pk=user.pk).exists())


def can_answer_join(user: Any, initiative: Initiative) -> bool:
    """An owner lets somebody into the team; as long as there is none, whoever moderates the entry."""
    if can_manage_team(user, initiative):
        return True
    ownerless = not initiative.members.filter(role=InitiativeMember.Role.OWNER).exists()
    return ownerless and can_moderate(user, initiative)


def can_manage_contacts(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_coordinator)


def can_edit_contact(user: Any, contact: AreaContact) -> bool:
    """Whoever it is about, and the coordinators; agrees with `AreaContact.objects.kept_by`."""
    return bool(user.is_authenticated and (user.is_coordinator or contact.user_id == user.pk))
