"""Introductions and answers on real transactions, at the same moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions.introductions import answer_introduction, ask_introduction, close_old, remind
from initiatives.actions.joining import ask_to_join, let_in, turn_down
from initiatives.actions.twins import answer_twins, send_introductions
from initiatives.models import InitiativeMember, Introduction, JoinRequest, TwinAnswer
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
Answer = TwinAnswer.Answer


@pytest.fixture
def two():
    area = NeighbourhoodFactory()
    ours = InitiativeFactory(area=area, name="De Draad")
    theirs = InitiativeFactory(area=area, name="Naaicafé", location=Point(area.centre.lon, area.centre.lat + 0.001), house_number="9")
    return ours, theirs


def told(ours, theirs, **fields):
    return Introduction.objects.create(asker=ours, other=theirs, asked_at=timezone.now(), told_at=timezone.now(), **fields)


def test_of_a_yes_and_a_no_at_once_one_counts(two):
    introduction, one = told(*two), MemberFactory(initiative=two[1]).user
    other = MemberFactory(initiative=two[1], role=InitiativeMember.Role.EDITOR).user

    def answer(actor, agreed):
        return lambda: answer_introduction(introduction=introduction, actor=actor, agreed=agreed, at=timezone.now())

    outcomes = race(answer(one, True), answer(other, False))
    assert sum(isinstance(outcome.error, DomainError) for outcome in outcomes) == 1
    introduction.refresh_from_db()
    assert OutboxMessage.objects.count() == (2 if introduction.agreed else 1)


def test_two_that_ask_each_other_at_once_have_met(two):
    ours, theirs = two
    mine, yours = MemberFactory(initiative=ours).user, MemberFactory(initiative=theirs).user
    outcomes = race(
        lambda: ask_introduction(initiative=ours, other=theirs, actor=mine, message="", at=timezone.now()),
        lambda: ask_introduction(initiative=theirs, other=ours, actor=yours, message="", at=timezone.now()),
    )
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert Introduction.objects.get().agreed is True


def test_a_double_click_on_asking_is_one_introduction(two):
    actor = MemberFactory(initiative=two[0]).user
    race(*[lambda: ask_introduction(initiative=two[0], other=two[1], actor=actor, message="", at=timezone.now())] * 3)
    assert (Introduction.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_a_double_send_of_the_answers_is_one(two):
    draft = InitiativeFactory(draft=True, area=two[0].area)
    outcomes = race(*[lambda: answer_twins(draft=draft, answers={two[0].pk: Answer.INTRODUCE}, words={}, at=timezone.now())] * 4)
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert (TwinAnswer.objects.count(), Introduction.objects.count()) == (2, 1)


def test_introductions_sent_twice_at_once_go_once(two):
    Introduction.objects.create(asker=two[0], other=two[1], asked_at=timezone.now())
    race(*[lambda: send_introductions(initiative=two[0], at=timezone.now())] * 3)
    assert OutboxMessage.objects.count() == 1


def test_tasks_that_run_twice_at_once_do_it_once(two):
    introduction = told(*two)
    for days, work in ((15, remind), (31, close_old)):
        at = introduction.told_at + timedelta(days=days)
        outcomes = race(*[lambda work=work, at=at: work(at=at)] * 3)
        assert sum(outcome.result for outcome in outcomes) == 1
    assert OutboxMessage.objects.count() == 2


def test_closing_and_answering_at_once_leave_one_end(two):
    introduction, actor = told(*two), MemberFactory(initiative=two[1]).user
    late = introduction.told_at + timedelta(days=31)
    race(
        lambda: close_old(at=late),
        lambda: answer_introduction(introduction=introduction, actor=actor, agreed=True, at=late),
    )
    introduction.refresh_from_db()
    assert bool(introduction.closed_at) is not bool(introduction.answered_at)


def test_two_who_ask_to_join_with_one_address_at_once_are_one(two):
    draft = InitiativeFactory(draft=True, area=two[0].area)
    TwinAnswer.objects.create(initiative=draft, other=two[0], answer=Answer.SAME, at=timezone.now())
    asked = {"draft": draft, "actor": None, "name": "Samir", "email": "s@demo.example", "message": "", "language": "nl"}
    outcomes = race(*[lambda: ask_to_join(**asked, at=timezone.now())] * 4)
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert JoinRequest.objects.count() == 1


def test_of_two_owners_who_answer_at_once_one_counts(two):
    join = JoinRequest.objects.create(initiative=two[0], name="Samir", email="s@demo.example", asked_at=timezone.now())
    one, other = MemberFactory(initiative=two[0], user=UserFactory()).user, MemberFactory(initiative=two[0], user=UserFactory()).user
    outcomes = race(
        lambda: let_in(join=join, actor=one, role=InitiativeMember.Role.EDITOR, decides_on_benefits=False, at=timezone.now()),
        lambda: turn_down(join=join, actor=other, at=timezone.now()),
    )
    assert sum(isinstance(outcome.error, DomainError) for outcome in outcomes) == 1
    assert OutboxMessage.objects.count() == 1
