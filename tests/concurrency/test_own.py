"""A hundred guesses at once at one code: five are checked, and no more."""

from functools import partial

import pytest
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions import codes
from participants.actions.codes import WrongCode, enter, give_code
from participants.models import PersonalCode
from tests.concurrency.harness import race
from tests.factories.participants import make_participant, make_professional

pytestmark = pytest.mark.django_db(transaction=True)
GUESSES, AT_ONCE = 100, 20


def test_a_hundred_guesses_at_once_check_five(monkeypatch):
    professional = make_professional()
    participant = make_participant(professional, birth_year=1984)
    with person_context(UserActor(professional)):
        code = give_code(participant=participant, actor=professional, at=timezone.now())
    # The right answer comes late among the wrong ones: after five wrong it must not open.
    answers = [str(1900 + number) for number in range(GUESSES)]
    outcomes = []
    for start in range(0, GUESSES, AT_ONCE):
        guesses = [partial(enter, code=code, answer=answer, at=timezone.now()) for answer in answers[start : start + AT_ONCE]]
        outcomes += race(*guesses)
    assert {type(outcome.error) for outcome in outcomes} == {WrongCode}
    with person_context(SystemActor("a test")):
        kept = PersonalCode.objects.get()
    assert kept.failures == codes.MOST_FAILURES
    assert kept.revoked_at is not None


def test_of_many_right_answers_at_once_all_open():
    professional = make_professional()
    participant = make_participant(professional, birth_year=1984)
    with person_context(UserActor(professional)):
        code = give_code(participant=participant, actor=professional, at=timezone.now())
    outcomes = race(*[partial(enter, code=code, answer="1984", at=timezone.now())] * 8)
    assert [outcome.error for outcome in outcomes] == [None] * 8
