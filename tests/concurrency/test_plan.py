"""Two at once about one hand-over: one comes first, and the other sees it."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from participants.actions import hand_over_answers, hand_overs
from participants.models import HandOver, HandOverState, ParticipantAccess
from tests.concurrency.harness import race
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.plans import allow_sharing, make_hand_over, make_step

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def system():
    return person_context(SystemActor("a test"))


def answer(made, said):
    with system():
        return hand_over_answers.answer(hand_over=HandOver.objects.get(pk=made.pk), answer=said, revision=made.revision, at=timezone.now())


def withdraw(made):
    with person_context(LinkActor(made.participant_id, "code")):
        return hand_overs.withdraw(hand_over=HandOver.objects.get(pk=made.pk), at=timezone.now())


def asked(**values):
    professional = make_professional()
    participant = make_participant(professional, first_name="Sara")
    allow_sharing(participant, professional)
    return make_hand_over(make_step(participant, professional, initiative=InitiativeFactory()), professional, **values)


def open_access(made):
    with system():
        return ParticipantAccess.objects.open().filter(initiative=made.initiative_id, participant=made.participant_id).count()


def state(made):
    with system():
        return HandOver.objects.get(pk=made.pk).state


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_yes_and_a_withdrawal_at_once_leave_nobody_seen(_round):
    made = asked()
    outcomes = race(partial(answer, made, HandOverState.YES), partial(withdraw, made))
    assert {type(each.error) for each in outcomes} <= {type(None), DomainError}
    assert (state(made), open_access(made)) == (HandOverState.WITHDRAWN, 0)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_answers_at_once_a_yes_that_stands_is_not_undone(_round):
    made = asked()
    outcomes = race(*[partial(answer, made, said) for said in (HandOverState.YES, HandOverState.NO_ROOM, HandOverState.YES)])
    assert {type(each.error) for each in outcomes} <= {type(None), DomainError}
    # No room first, then yes: it stands. Yes first: it stands, and no room comes too late.
    assert (state(made), open_access(made)) == (HandOverState.YES, 1)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_end_of_the_time_and_an_answer_at_once(_round):
    made = asked(comes_at=timezone.now() + timedelta(days=9))
    late, in_time = made.answer_by + timedelta(seconds=1), made.answer_by - timedelta(seconds=1)

    def say_yes():
        with system():
            return hand_over_answers.answer(hand_over=HandOver.objects.get(pk=made.pk), answer=HandOverState.YES, revision=1, at=in_time)

    outcomes = race(say_yes, partial(hand_overs.expire_due, at=late), partial(hand_overs.expire_due, at=late))
    assert outcomes[1].error is None
    assert outcomes[2].error is None
    if outcomes[0].error:
        assert (state(made), open_access(made)) == (HandOverState.UNANSWERED, 0)
        assert outcomes[1].result + outcomes[2].result == 1
    else:
        assert state(made) == HandOverState.YES
        assert outcomes[1].result + outcomes[2].result == 0


def test_of_two_who_ask_for_one_step_at_once_one_does():
    professional = make_professional()
    participant = make_participant(professional)
    allow_sharing(participant, professional)
    places = [InitiativeFactory() for _each in range(2)]
    step = make_step(participant, professional, initiative=places[0])

    def propose(place: Initiative):
        with person_context(UserActor(professional, "professional")):
            return hand_overs.propose(
                step=step,
                initiative=place,
                what="naaien",
                comes_at=timezone.now() + timedelta(days=9),
                professional=professional,
                participant_agrees=True,
                at=timezone.now(),
            )

    outcomes = race(*[partial(propose, place) for place in places])
    assert sorted(type(each.error).__name__ for each in outcomes) == ["DomainError", "NoneType"]
    assert OutboxMessage.objects.filter(key__startswith="hand-over:").count() == 1


def test_reminding_twice_at_once_reminds_once():
    made = asked()
    halfway = made.asked_at + (made.answer_by - made.asked_at) / 2
    outcomes = race(*[partial(hand_overs.remind_due, at=halfway)] * 3)
    assert all(each.error is None for each in outcomes)
    assert OutboxMessage.objects.filter(key__contains=":reminder:").count() == 1
