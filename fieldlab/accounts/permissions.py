from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from fieldlab.accounts.models import NetworkRole, User


def can_invite_coordinators(user: User) -> bool:
    return user.is_coordinator


def can_list_people(user: User) -> bool:
    return user.is_coordinator


def can_change_employment(actor: User, user: User) -> bool:
    """Another coordinator's task, never one's own: the benefits flag decides what one may see."""
    return actor.is_coordinator and actor.pk != user.pk


def can_end_coordinator(actor: User, user: User) -> bool:
    return actor.is_coordinator and user.is_coordinator and actor.pk != user.pk


def holds_network_role() -> Q:
    """Of a queryset of users: those who have a role in any app. The apps are asked for their tables, so nothing here points up."""
    roles = [model for model in apps.get_models() if issubclass(model, NetworkRole)]
    return Q(*(Exists(role.objects.current().filter(user=OuterRef("pk"))) for role in roles), _connector=Q.OR)


def is_in_network(user: Any) -> bool:
    """A coordinator, or somebody with a role in any app; one query."""
    if not user.is_authenticated:
        return False
    return bool(user.is_coordinator or User.objects.filter(holds_network_role(), pk=user.pk).exists())
