"""Web servers whose clocks differ from the database's, by ten minutes and to either side: nobody sees too much, too little or double."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from fieldlab.audit.context import LinkActor, UserActor, person_context
from participants.actions.booking import move
from participants.actions.people import add_participant, end_access, grant_access
from participants.actions.taking import Taken
from participants.models import AccessReason, Details, Participant, ParticipantAccess, ReachedBy
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_hours, make_room, wants, weekday

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[-10, 10], ids=["behind", "ahead"])
def skew(request):
    with time_machine.travel(timezone.now() + timedelta(minutes=request.param)):
        yield timedelta(minutes=request.param)


def sees(user, participant):
    with person_context(UserActor(user)):
        return Participant.objects.visible_to(user).filter(pk=participant.pk).exists()


def test_who_adds_somebody_sees_them_at_once(skew):
    user = make_professional()
    with person_context(UserActor(user)):
        details = Details(first_name="Samira")
        added = add_participant(actor=user, details=details, reached_by=ReachedBy.WEBSITE, neighbourhood=None, at=timezone.now())
    assert sees(user, added)


def test_whom_one_will_meet_one_sees_at_once_and_whom_one_will_not_no_longer(skew):
    samira, room, rooms = make_participant(make_professional()), make_room(), make_room()
    fatma, yusuf = make_hours(make_professional(), room), make_hours(make_professional(), rooms)
    agreed = wants(samira, fatma, room, weekday(3, 9))
    assert sees(fatma.user, samira)
    for professional, where, former in ((yusuf, rooms, fatma), (fatma, room, yusuf)):
        with person_context(LinkActor(samira.pk, "code")):
            agreed = move(
                appointment=agreed,
                professional=professional,
                room=where,
                begins=weekday(4, 9),
                by="participant",
                at=timezone.now(),
            )
        assert sees(professional.user, samira)
        assert not sees(former.user, samira)


def test_what_one_server_ends_another_gives_again(skew):
    user, colleague = make_professional(), make_professional()
    participant = make_participant(user)
    for _again in range(2):
        with person_context(UserActor(user)):
            access = grant_access(participant=participant, user=colleague, reason=AccessReason.SUPPORT, actor=user)
        assert sees(colleague, participant)
        with person_context(UserActor(user)):
            end_access(access=access)
        assert not sees(colleague, participant)
        with time_machine.travel(timezone.now() - 2 * skew):
            assert not sees(colleague, participant)


def test_one_time_is_had_once_whatever_the_clocks_say(skew):
    room, people = make_room(), [make_participant(make_professional()) for _each in range(2)]
    fatma = make_hours(make_professional(), room)
    begins = weekday(3, 9)  # one day for both, also when midnight lies between their clocks
    wants(people[0], fatma, room, begins)
    with time_machine.travel(timezone.now() - 2 * skew), pytest.raises(Taken):
        wants(people[1], fatma, room, begins)
    assert ParticipantAccess.objects.count() == 0, "outside of a context nobody is seen, whatever the clock"
