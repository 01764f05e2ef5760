"""On real transactions, at the same moment."""

from uuid import uuid4

import pytest
from django.utils import timezone

from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import StaleEdit, decide, edit, remove_member, save_draft, submit
from initiatives.models import Initiative, InitiativeMember, ModerationDecision
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.initiatives.test_register_actions import answers

pytestmark = pytest.mark.django_db(transaction=True)
Decision = ModerationDecision.Decision


def test_of_two_moderators_one_decides_and_the_other_reads_who_was_first():
    initiative = InitiativeFactory(submitted=True)
    one, two = UserFactory(coordinator=True), UserFactory(coordinator=True)

    def decision(actor, decision):
        return lambda: decide(
            initiative=initiative, actor=actor, decision=decision, message="Why?", revision=initiative.revision, at=timezone.now()
        )

    outcomes = race(decision(one, Decision.PUBLISHED), decision(two, Decision.CHANGES_REQUESTED))
    assert sorted(type(outcome.error) for outcome in outcomes if outcome.error) == [DomainError]
    assert ModerationDecision.objects.count() == 1
    initiative.refresh_from_db()
    assert initiative.status == ModerationDecision.objects.get().decision


def test_a_double_click_on_send_sends_once():
    draft = save_draft(key=uuid4(), actor=None, changes=answers(), at=timezone.now())
    UserFactory(coordinator=True)
    outcomes = race(*[lambda: submit(initiative=draft, actor=None, language="nl", at=timezone.now())] * 4)
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert OutboxMessage.objects.count() == 3  # received, invitation, one coordinator


def test_a_double_click_on_the_first_step_makes_one_draft():
    key = uuid4()
    outcomes = race(*[lambda: save_draft(key=key, actor=None, changes={"name": "De Draad"}, at=timezone.now())] * 4)
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert Initiative.objects.count() == 1


def test_two_of_one_name_handed_in_at_once_get_two_addresses():
    area = NeighbourhoodFactory()
    drafts = [save_draft(key=uuid4(), actor=None, changes=answers(area=area), at=timezone.now()) for _ in range(4)]
    outcomes = race(*[lambda draft=draft: submit(initiative=draft, actor=None, language="nl", at=timezone.now()) for draft in drafts])
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert len(set(Initiative.objects.values_list("slug", flat=True))) == 4


def test_of_two_editors_one_saves_and_the_other_is_told():
    initiative = InitiativeFactory()

    def change(text):
        return lambda: edit(initiative=initiative, changes={"summary": text}, revision=initiative.revision, at=timezone.now())

    outcomes = race(change("One."), change("Two."))
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [StaleEdit]


def test_two_owners_who_leave_at_once_do_not_leave_it_without():
    one = MemberFactory()
    two = MemberFactory(initiative=one.initiative)
    race(
        lambda: remove_member(member=one, actor=one.user, at=timezone.now()),
        lambda: remove_member(member=two, actor=two.user, at=timezone.now()),
    )
    assert one.initiative.members.filter(role=InitiativeMember.Role.OWNER).count() == 1
