"""What happens by itself, for many: one of whom nothing can be opened or told holds up no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.opening import ZONE
from fieldlab.outbox.models import OutboxMessage
from participants.actions.calendar import remind
from participants.actions.consents import answer_consent
from participants.actions.hand_overs import expire_due, remind_due
from participants.actions.retention import keep_no_longer
from participants.actions.waiting import pass_on_offers, wish_earlier
from participants.models import Answer, Appointment, EarlierWish, HandOver, Participant, ParticipantKey, Purpose
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.plans import make_plan
from tests.factories.talks import make_appointment, make_hours, make_room, weekday

pytestmark = pytest.mark.django_db


def system():
    return person_context(SystemActor("a test"))


def spoil(participant):
    """From now on nothing of them opens: the key is somebody else's."""
    other = make_participant(make_professional())
    with system():
        wrapped = ParticipantKey.objects.get(participant=other).wrapped
        ParticipantKey.objects.filter(participant=participant).update(wrapped=wrapped)


def test_one_who_cannot_be_reminded_holds_up_no_other():
    user, room = make_professional(), make_room()
    fatma, day = make_hours(user, room), weekday(10, 9)
    talks = []
    for number in range(3):
        participant = make_participant(user, email=f"p{number}@demo.example", reach="email")
        with person_context(UserActor(user, "professional")):
            text = consent_text(Purpose.REMINDERS)
            answer_consent(participant=participant, text=text, answer=Answer.GIVEN, witness=user, at=timezone.now())
        talks.append(make_appointment(participant, fatma, room, day + timedelta(hours=2 * number)))
    spoil(talks[0].participant)
    before = (day - timedelta(days=1)).astimezone(ZONE).replace(hour=12)
    assert remind(at=before) == 2
    with system():
        assert [Appointment.objects.get(pk=each.pk).reminded_at is None for each in talks] == [True, False, False]


def test_one_who_cannot_be_told_of_erasing_holds_up_no_other():
    people = [make_participant(make_professional(), email=f"p{number}@demo.example", reach="email") for number in range(3)]
    with system():
        for number, each in enumerate(people):
            last = timezone.now() - timedelta(days=800 - number)
            Participant.objects.filter(pk=each.pk).update(created_at=last, last_contact_at=last)
    spoil(people[0])
    keep_no_longer(at=timezone.now())
    with system():
        told = [Participant.objects.get(pk=each.pk).told_of_erasure_at is not None for each in people]
    assert told == [False, True, True]


def test_one_who_cannot_be_offered_a_time_holds_up_no_other():
    user, room, soon = make_professional(), make_room(), weekday(3, 9)
    fatma = make_hours(user, room, {"week": [[soon.weekday(), 540, 600]]})
    wishes = []
    for number in range(2):
        participant = make_participant(user)
        appointment = make_appointment(participant, fatma, room, soon + timedelta(weeks=1 + number))
        with person_context(LinkActor(participant.pk, "code")):
            wishes.append(wish_earlier(appointment=appointment, at=timezone.now() - timedelta(hours=2 - number)))
    with system():
        first = Participant.objects.get(pk=wishes[0].participant_id)
    spoil(first)
    assert pass_on_offers(at=timezone.now()) == 1
    with system():
        assert [EarlierWish.objects.get(pk=each.pk).offered_id is None for each in wishes] == [True, False]


@pytest.fixture
def asked():
    """Two places were asked, each by a professional of its own; the first must answer first."""
    made = []
    for _each in range(2):
        user = make_professional()
        made.append(make_plan(make_participant(user), user).hand_over)
    with system():
        HandOver.objects.filter(pk=made[0].pk).update(answer_by=made[0].answer_by - timedelta(minutes=1))
        return [HandOver.objects.select_related("participant", "professional").get(pk=each.pk) for each in made]


def test_one_answer_that_nobody_can_be_told_of_holds_up_no_other(asked):
    first, second = asked
    User.objects.filter(pk=first.professional_id).update(email="")
    assert expire_due(at=second.answer_by + timedelta(minutes=1)) == 1
    with system():
        assert [HandOver.objects.get(pk=each.pk).state for each in asked] == ["asked", "unanswered"]


def test_one_place_that_cannot_be_reminded_holds_up_no_other(asked):
    first, second = asked
    spoil(first.participant)
    assert remind_due(at=first.answer_by - timedelta(minutes=1)) == 1
    reminders = OutboxMessage.objects.filter(key__contains=":reminder:")
    assert {message.key.split(":")[1] for message in reminders} == {str(second.pk)}
