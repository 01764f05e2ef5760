"""`visible_to` and `can_view` say the same, for every role and every status."""

import pytest
from django.contrib.auth.models import AnonymousUser

from initiatives.models import Initiative, InitiativeMember, Status
from initiatives.permissions import (
    can_edit,
    can_manage_team,
    can_moderate,
    can_register_by_phone,
    can_see_history,
    can_see_queue,
    can_view,
    in_team,
)
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """One initiative in each status, and somebody in each role towards all of them."""
    statuses = {status: InitiativeFactory(**({} if status == Status.PUBLISHED else {status: True})) for status in Status.values}
    owner, editor, registrant = UserFactory(), UserFactory(), UserFactory()
    elsewhere = make_spanner(district_of(InitiativeFactory()))
    spanner = UserFactory()
    for initiative in statuses.values():
        spanner.boundary_spanner_of.get_or_create(district=district_of(initiative))
        MemberFactory(initiative=initiative, user=owner)
        MemberFactory(initiative=initiative, user=editor, role=InitiativeMember.Role.EDITOR)
    Initiative.objects.filter(status=Status.DRAFT).update(registered_by=registrant)
    people = {
        "anonymous": AnonymousUser(),
        "stranger": UserFactory(),
        "owner": owner,
        "editor": editor,
        "registrant": registrant,
        "spanner": spanner,
        "spanner elsewhere": elsewhere,
        "coordinator": UserFactory(coordinator=True),
    }
    return statuses, people


SEES = {
    "anonymous": {"published"},
    "stranger": {"published"},
    "owner": {"draft", "submitted", "changes_requested", "published", "archived"},
    "editor": {"draft", "submitted", "changes_requested", "published", "archived"},
    "registrant": {"draft", "published"},
    "spanner": {"submitted", "changes_requested", "published", "archived"},
    "spanner elsewhere": {"published"},
    "coordinator": {"submitted", "changes_requested", "published", "archived"},
}


def test_lists_and_objects_agree(world):
    statuses, people = world
    for role, user in people.items():
        listed = {status for status, each in statuses.items() if Initiative.objects.visible_to(user).filter(pk=each.pk).exists()}
        allowed = {status for status, each in statuses.items() if can_view(user, Initiative.objects.get(pk=each.pk))}
        assert listed == allowed == SEES[role], role


def test_who_edits_who_moderates_who_manages_the_team(world):
    statuses, people = world
    fresh = {status: Initiative.objects.get(pk=each.pk) for status, each in statuses.items()}

    def roles(can, status):
        return {role for role, user in people.items() if can(user, fresh[status])}

    assert roles(can_edit, "published") == roles(can_edit, "submitted") == {"owner", "editor", "spanner", "coordinator"}
    # Between a request for changes and the answer it is its team's alone
    assert roles(can_edit, "changes_requested") == roles(can_edit, "archived") == roles(in_team, "published") == {"owner", "editor"}
    assert roles(can_edit, "draft") == {"owner", "editor", "registrant"}
    assert roles(can_manage_team, "published") == {"owner"}
    assert roles(can_moderate, "submitted") == {"spanner", "coordinator"}
    assert roles(can_moderate, "draft") == set()
    assert roles(can_see_history, "archived") == {"owner", "editor", "spanner", "coordinator"}
    assert roles(can_see_history, "draft") == set()
    moderated = {role for role, user in people.items() if fresh["submitted"] in Initiative.objects.moderated_by(user)}
    assert moderated == {"spanner", "coordinator"}


def test_who_sees_the_queue_and_who_types_for_others(world):
    _statuses, people = world
    assert {role for role, user in people.items() if can_see_queue(user)} == {"spanner", "spanner elsewhere", "coordinator"}
    assert {role for role, user in people.items() if can_register_by_phone(user)} == {"coordinator"}
