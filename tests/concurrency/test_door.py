"""Two at once: one form sent twice, two who hear one yes, one who signs up in two windows."""

import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.calls import ask_to_be_called, become_participant, begin, hand_on, take_back
from participants.models import BestTime, Caller, CallRequest, Details, Participant
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import ask_for_call, make_professional

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = Details(first_name="Samira", phone="+31200000131")


@pytest.fixture
def place():
    return InitiativeFactory()


def counts():
    with person_context(SystemActor("a test looks")):
        return CallRequest.objects.count(), Participant.objects.count()


def hears_yes(professional, pk):
    def say():
        with person_context(UserActor(professional, "professional")):
            wanted = CallRequest.objects.get(pk=pk)
            return become_participant(request=wanted, actor=professional, details=DETAILS, neighbourhood=None, at=timezone.now())

    return say


def one_won(outcomes):
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert len(errors) == len(outcomes) - 1
    return errors


def test_of_two_who_hear_one_yes_one_makes_the_participant(place):
    pk = ask_for_call(area=place.area)
    errors = one_won(race(*(hears_yes(make_professional(), pk) for _each in range(4))))
    assert all(isinstance(error, DomainError | CallRequest.DoesNotExist) for error in errors)
    assert counts() == (0, 1)


def test_a_form_sent_twice_at_once_is_one_request(place):
    def send():
        return ask_to_be_called(
            form="one-form", caller=Caller(phone="+31200000131"), best_time=BestTime.ANY, area=place.area, at=timezone.now()
        )

    outcomes = race(send, send, send)
    assert len({outcome.result for outcome in outcomes}) == 1
    assert counts() == (1, 0)


def test_taken_back_while_somebody_hears_the_yes(place):
    """Either there is a participant, with their yes, or nothing at all; never a fault."""
    pk = ask_for_call(area=place.area)
    yes, _back = race(hears_yes(make_professional(), pk), lambda: take_back(request_id=pk))
    assert counts() == (0, 0 if yes.error else 1)
    assert yes.error is None or isinstance(yes.error, DomainError | CallRequest.DoesNotExist)


def test_two_of_a_team_pass_on_at_once(place):
    pk = ask_for_call(area=place.area, initiative=place)
    members = [MemberFactory(initiative=place, user=UserFactory()).user for _each in range(2)]

    def passes(member):
        def do():
            with person_context(UserActor(member, "team")):
                hand_on(request=CallRequest.objects.get(pk=pk), actor=member, at=timezone.now())

        return do

    errors = one_won(race(*(passes(member) for member in members)))
    assert isinstance(errors[0], DomainError)
    assert counts() == (1, 0)


def test_two_windows_of_one_account_are_one_participant():
    user = UserFactory()

    def signs_up():
        return begin(user=user, details=DETAILS, neighbourhood=None, at=timezone.now())

    errors = one_won(race(signs_up, signs_up, signs_up))
    assert all(isinstance(error, DomainError) for error in errors)
    assert counts() == (0, 1)
    assert not connection.in_atomic_block
