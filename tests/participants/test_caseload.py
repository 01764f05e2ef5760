"""Handing people over: what goes along, what the calendar of who gave them strikes, and how little standing in is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.caseload import hand_over_people, stand_in
from participants.calendars import uid_of
from participants.models import AccessReason, HandOver, Participant, ParticipantAccess, Professional
from tests.factories.participants import access_of, make_participant, make_professional
from tests.factories.plans import make_plan
from tests.factories.talks import make_appointment, make_hours, make_room, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver():
    return make_professional(name="Joost Bakker")


@pytest.fixture
def taker():
    return Professional.objects.get(user=make_professional(name="Fatma Demir"))


@pytest.fixture
def third():
    return Professional.objects.get(user=make_professional(name="Chris Visser"))


@pytest.fixture
def participant(giver):
    return make_participant(giver)


def system():
    return person_context(SystemActor("a test"))


def tomorrow():
    return timezone.now() + timedelta(days=1)


def hands_over(participant, giver, taker):
    with person_context(UserActor(giver, "professional")):
        return hand_over_people(participants=[participant], giver=giver, taker=taker, at=timezone.now())


def lets_stand_in(participant, giver, taker, until=None):
    with person_context(UserActor(giver, "professional")):
        return stand_in(participants=[participant], giver=giver, taker=taker, until=until or tomorrow())


def sees(user):
    with person_context(UserActor(user, "professional")):
        return list(Participant.objects.visible_to(user))


# --- What goes along


def test_what_was_asked_of_a_place_goes_to_who_helps_them_now(participant, giver, taker):
    plan = make_plan(participant, giver)
    hands_over(participant, giver, taker)
    with system():
        assert HandOver.objects.get(pk=plan.hand_over.pk).professional == taker.user


def test_the_calendar_of_who_gave_them_strikes_the_talk(participant, giver, taker):
    appointment = make_appointment(participant, make_hours(giver, make_room()), make_room(), weekday(5, 9))
    OutboxMessage.objects.update(sent_at=timezone.now())
    hands_over(participant, giver, taker)
    struck = OutboxMessage.objects.get(to=giver.email, sent_at=None)
    assert "METHOD:CANCEL" in struck.calendar
    assert uid_of(appointment) in struck.calendar.replace("\r\n ", "")
    assert "METHOD:REQUEST" in OutboxMessage.objects.get(to=taker.user.email, sent_at=None).calendar


# --- Standing in


def test_handed_over_for_good_to_who_stands_in_already(participant, giver, taker):
    lets_stand_in(participant, giver, taker)
    assert hands_over(participant, giver, taker) == 1
    access = access_of(participant, taker.user)
    assert (access.reason, access.until) == (AccessReason.HANDOVER, None)
    assert (sees(giver), sees(taker.user)) == ([], [participant])


def test_the_page_hands_over_for_good_to_who_stands_in(participant, giver, taker):
    lets_stand_in(participant, giver, taker)
    values = {"people": [str(participant.pk)], "taker": taker.pk, "how": "good"}
    assert signed_in(giver).post(reverse("caseload_hand_over"), values).status_code == 302
    assert access_of(participant, taker.user).until is None


@pytest.mark.parametrize("how", ["good", "while"])
def test_who_only_stands_in_gives_nobody_further_on_the_page(participant, giver, taker, third, how):
    lets_stand_in(participant, giver, taker)
    values = {"people": [str(participant.pk)], "taker": third.pk, "how": how, "until": timezone.localdate(tomorrow()).isoformat()}
    signed_in(taker.user).post(reverse("caseload_hand_over"), values)
    assert sees(third.user) == []
    assert access_of(participant, taker.user).reason == AccessReason.REPLACEMENT
    assert sees(giver) == [participant]


def test_who_only_stands_in_gives_nobody_further(participant, giver, taker, third):
    lets_stand_in(participant, giver, taker)
    with pytest.raises(DomainError):
        hands_over(participant, taker.user, third)
    with pytest.raises(DomainError):
        lets_stand_in(participant, taker.user, third, timezone.now() + timedelta(days=100))
    with system():
        assert not ParticipantAccess.objects.filter(participant=participant, user=third.user).exists()


def test_standing_in_is_not_made_longer_by_who_does_it(participant, giver, taker):
    lets_stand_in(participant, giver, taker)
    until = access_of(participant, taker.user).until
    with pytest.raises(DomainError):
        lets_stand_in(participant, taker.user, taker, timezone.now() + timedelta(days=100))
    assert access_of(participant, taker.user).until == until
