"""Who is in a team: there is always an owner once there was one, also when nobody asks our code."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import change_role, hand_over, invite_member, remove_member, withdraw_invitation
from initiatives.models import Initiative, InitiativeMember
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import MemberFactory
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
Role = InitiativeMember.Role


@pytest.fixture
def owner():
    return MemberFactory(user__name="Yasmina")


@pytest.fixture
def editor(owner):
    return MemberFactory(initiative=owner.initiative, role=Role.EDITOR, user__name="Joost")


def roles(initiative):
    return dict(initiative.members.values_list("user__name", "role"))


def settle():
    """What waits for the end of the transaction happens now."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def sql(command, values=()):
    with connection.cursor() as cursor:
        cursor.execute(command, values)


# --- Handing over


def test_handing_over_changes_both_and_is_heard(at, owner, editor):
    hand_over(member=editor, actor=owner.user, at=at)
    assert roles(owner.initiative) == {"Yasmina": "editor", "Joost": "owner"}
    message = OutboxMessage.objects.get()
    assert message.to == editor.user.email
    assert "Yasmina" in message.text


def test_only_an_owner_hands_over_and_only_to_the_team(at, owner, editor):
    gone = MemberFactory(initiative=owner.initiative, role=Role.EDITOR)
    InitiativeMember.objects.filter(pk=gone.pk).delete()
    asleep = MemberFactory(initiative=owner.initiative, role=Role.EDITOR, user__is_active=False)
    for member, actor in ((editor, editor.user), (editor, UserFactory()), (owner, owner.user), (gone, owner.user), (asleep, owner.user)):
        with pytest.raises(DomainError):
            hand_over(member=member, actor=actor, at=at)
    assert roles(owner.initiative)["Yasmina"] == "owner"


def test_the_page_asks_once(owner, editor):
    address = reverse("initiative_team_hand_over", args=[owner.initiative.slug, editor.pk])
    client = signed_in(owner.user)
    assert "Joost" in client.get(address).content.decode()
    assert roles(owner.initiative)["Joost"] == "editor"
    assert signed_in(editor.user).get(address).status_code == 404
    assert client.post(address).status_code == 302
    assert roles(owner.initiative)["Joost"] == "owner"
    assert client.post(address).status_code == 404


def test_a_member_invites_an_editor_and_takes_that_back(at, owner, editor):
    address = reverse("initiative_team", args=[owner.initiative.slug])
    sent = {"name": "Els", "email": "els@demo.example", "role": "owner", "decides_on_benefits": "no"}
    assert signed_in(editor.user).post(address, sent).status_code == 302
    invitation = owner.initiative.invitations.get()
    assert invitation.member_role == "editor"
    other = MemberFactory(initiative=owner.initiative, role=Role.EDITOR).user
    with pytest.raises(DomainError):
        withdraw_invitation(invitation=invitation, actor=other, at=at)
    withdraw_invitation(invitation=invitation, actor=editor.user, at=at)
    assert not owner.initiative.invitations.pending().exists()


def test_nobody_invites_to_a_team_they_left(at, owner, editor):
    remove_member(member=editor, actor=editor.user, at=at)
    with pytest.raises(DomainError):
        invite_member(
            initiative=owner.initiative,
            actor=editor.user,
            name="Els",
            email="e@demo.example",
            role=Role.EDITOR,
            decides_on_benefits=False,
            at=at,
        )


def test_what_somebody_else_just_did_is_seen(at, owner, editor):
    hand_over(member=editor, actor=owner.user, at=at)
    editor.role = Role.EDITOR  # as a page that was opened before has it
    with pytest.raises(DomainError):
        remove_member(member=editor, actor=editor.user, at=at)
    InitiativeMember.objects.filter(pk=owner.pk).delete()
    with pytest.raises(DomainError):
        change_role(member=owner, actor=editor.user, role=Role.OWNER)


# --- The database holds it


@pytest.mark.parametrize("lose", ["delete", "update", "raw"])
def test_the_last_owner_stays_whatever_the_code_does(owner, editor, lose):
    ways = {
        "delete": owner.delete,
        "update": lambda: InitiativeMember.objects.filter(pk=owner.pk).update(role="editor"),
        "raw": lambda: sql("DELETE FROM initiatives_initiativemember WHERE initiative_id = %s", [owner.initiative_id]),
    }
    point = transaction.savepoint()
    ways[lose]()
    with pytest.raises(IntegrityError, match="at least one owner"):
        settle()
    transaction.savepoint_rollback(point)
    assert roles(owner.initiative)["Yasmina"] == "owner"


def test_within_a_transaction_the_order_is_free(owner, editor):
    InitiativeMember.objects.filter(pk=owner.pk).update(role="editor")
    InitiativeMember.objects.filter(pk=editor.pk).update(role="owner")
    settle()


def test_a_team_that_never_had_an_owner_needs_none(editor):
    only = MemberFactory(role=Role.EDITOR)
    only.delete()
    settle()


def test_an_initiative_can_be_erased_with_its_team(owner, editor):
    owner.initiative.delete()
    settle()
    assert not InitiativeMember.objects.exists()


def test_erasing_the_last_owner_makes_the_member_of_longest_standing_owner(owner, editor):
    MemberFactory(initiative=owner.initiative, role=Role.EDITOR, user__name="Els")
    owner.user.delete()
    settle()
    assert roles(editor.initiative) == {"Joost": "owner", "Els": "editor"}


def test_erasing_the_only_member_leaves_the_entry_to_its_moderators(owner):
    initiative = owner.initiative
    owner.user.delete()
    settle()
    assert Initiative.objects.get(pk=initiative.pk).status == "published"
    assert not initiative.members.exists()


# --- At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_owners_deleted_at_once_past_our_code_leave_one():
    one = MemberFactory()
    two = MemberFactory(initiative=one.initiative)

    def without(member):
        def lose():
            with transaction.atomic():
                InitiativeMember.objects.filter(pk=member.pk).delete()

        return lose

    outcomes = race(without(one), without(two))
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [IntegrityError]
    assert one.initiative.members.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_handing_over_to_somebody_who_leaves_at_that_moment(at):
    owner = MemberFactory()
    editor = MemberFactory(initiative=owner.initiative, role=Role.EDITOR)
    outcomes = race(
        lambda: hand_over(member=editor, actor=owner.user, at=at),
        lambda: remove_member(member=editor, actor=editor.user, at=at),
    )
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [DomainError]
    assert owner.initiative.members.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_handing_over_twice_at_once_hands_over_once(at):
    owner = MemberFactory()
    one, two = (MemberFactory(initiative=owner.initiative, role=Role.EDITOR) for _ in range(2))
    outcomes = race(*[lambda to=to: hand_over(member=to, actor=owner.user, at=at) for to in (one, two)])
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [DomainError]
    assert owner.initiative.members.filter(role="owner").count() == 1
