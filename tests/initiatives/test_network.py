"""Who belongs to the network, and sees what initiatives tell only there."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from challenge.models import JuryMember
from fieldlab.accounts.permissions import is_in_network
from fieldlab.figures.models import Researcher
from initiatives.permissions import can_see_members_only
from participants.models import Professional
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_contact, make_spanner
from workshops.models import Facilitator

pytestmark = pytest.mark.django_db


def contact():
    user = UserFactory()
    make_contact(DistrictFactory(), user=user)
    return user


OF_THE_NETWORK = {"coordinator": lambda: UserFactory(coordinator=True)} | {
    role.__name__: lambda role=role: role.objects.create(user=UserFactory(), since=timezone.now()).user
    for role in (Facilitator, JuryMember, Professional, Researcher)
}
OF_INITIATIVES = {
    "spanner": lambda: make_spanner(DistrictFactory()),
    "contact": contact,
    "member": lambda: MemberFactory(role="editor").user,
}
STRANGERS = {
    "anonymous": AnonymousUser,
    "plain": UserFactory,
    "member of what waits": lambda: MemberFactory(initiative=InitiativeFactory(submitted=True)).user,
    "role that ended": lambda: Facilitator.objects.create(user=UserFactory(), since=timezone.now(), ended_at=timezone.now()).user,
}


@pytest.mark.parametrize("who", [*OF_THE_NETWORK, *OF_INITIATIVES, *STRANGERS])
def test_who_sees_what_is_for_the_network(who, django_assert_max_num_queries):
    user = {**OF_THE_NETWORK, **OF_INITIATIVES, **STRANGERS}[who]()
    with django_assert_max_num_queries(1):
        assert can_see_members_only(user) == (who not in STRANGERS)
    with django_assert_max_num_queries(1):
        assert is_in_network(user) == (who in OF_THE_NETWORK)
