"""A code on a card that somebody gave who helps: it opens no longer than they may see whom they gave it to."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from participants.actions.caseload import hand_over_people, stand_in
from participants.actions.codes import give_code
from participants.actions.consents import answer_consent
from participants.actions.people import end_access
from participants.models import Answer, Participant, ParticipantAccess, PersonalCode, Purpose
from tests.factories.participants import access_of, consent_text, make_participant, make_professional, stops

pytestmark = pytest.mark.django_db


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def colleague():
    return make_professional(name="Joost Bakker")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Zonnebloem", phone="+31200000417", birth_year=1984)


def system():
    return person_context(SystemActor("a test"))


def given(participant, user):
    with person_context(UserActor(user, "professional")):
        return give_code(participant=participant, actor=user, at=timezone.now())


def own(participant):
    with person_context(LinkActor(participant.pk, "code")):
        return give_code(participant=participant, actor=None, at=timezone.now())


def says(participant, *answers):
    text = consent_text(Purpose.DETAILS)
    with person_context(LinkActor(participant.pk, "code")):
        for answer in answers:
            answer_consent(participant=participant, text=text, answer=answer, witness=None, at=timezone.now())


def enters(code):
    client = Client()
    client.post(reverse("own_enter"), {"code": code, "answer": "1984"})
    return client


def shows(client):
    return "Zonnebloem" in client.get(reverse("own"), follow=True).content.decode()


def by_the_participant(participant, professional, colleague):
    with person_context(LinkActor(participant.pk, "code")):
        end_access(access=access_of(participant, professional))


def by_their_no(participant, professional, colleague):
    says(participant, Answer.GIVEN, Answer.WITHDRAWN)


def as_the_work_ends(participant, professional, colleague):
    stops(professional)


def to_a_colleague(participant, professional, colleague):
    with person_context(UserActor(professional, "professional")):
        hand_over_people(participants=[participant], giver=professional, taker=colleague.professional, at=timezone.now())


@pytest.mark.parametrize("ends", [by_the_participant, by_their_no, as_the_work_ends, to_a_colleague])
def test_a_code_ends_with_the_access_of_who_gave_it(participant, professional, colleague, ends):
    code = given(participant, professional)
    left_open = enters(code)
    assert shows(left_open)
    ends(participant, professional, colleague)
    with person_context(UserActor(professional, "professional")):
        assert not Participant.objects.filter(pk=participant.pk).exists()
    assert not shows(left_open), "also where it is in use"
    assert not shows(enters(code))
    with system():
        assert not PersonalCode.objects.filter(participant=participant, revoked_at=None).exists()


def test_a_code_of_who_stands_in_ends_when_that_is_over(participant, professional, colleague):
    with person_context(UserActor(professional, "professional")):
        stand_in(participants=[participant], giver=professional, taker=colleague.professional, until=timezone.now() + timedelta(days=1))
    code = given(participant, colleague)
    assert shows(enters(code))
    with system():  # policies read the clock of the database
        ParticipantAccess.objects.filter(participant=participant, user=colleague).update(until=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert not shows(enters(code))


@pytest.mark.parametrize("ends", [by_the_participant, as_the_work_ends, to_a_colleague])
def test_a_code_that_somebody_else_gave_goes_on(participant, professional, colleague, ends):
    code = own(participant)
    ends(participant, professional, colleague)
    assert shows(enters(code))


def test_without_a_yes_to_the_details_no_code_opens_anything(participant):
    code = own(participant)
    says(participant, Answer.GIVEN)
    assert shows(enters(code))
    says(participant, Answer.WITHDRAWN)
    assert not shows(enters(code))


def test_the_codes_that_somebody_gave_to_others_go_on(participant, professional, colleague):
    other = make_participant(professional, first_name="Zonnebloem", birth_year=1984)
    code = given(other, professional)
    by_the_participant(participant, professional, colleague)
    assert shows(enters(code))
