"""Two years after the last contact: told a month before, then erased; contact in between stops it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants.actions.people import touch
from participants.actions.retention import keep_no_longer, months_from
from participants.models import FollowUp, Participant
from participants.tasks import keep_no_longer as task
from tests.factories.participants import make_participant, make_professional

pytestmark = pytest.mark.django_db

BEGIN = datetime(2028, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def professional():
    return make_professional()


def make(professional, *, last=BEGIN, **details):
    participant = make_participant(professional, **{"first_name": "Selam", "email": "s@demo.example", "reach": "email", **details})
    with person_context(SystemActor("a test")):
        Participant.objects.filter(pk=participant.pk).update(created_at=BEGIN, last_contact_at=last)
    return participant


def state(participant):
    with person_context(SystemActor("a test")):
        found = Participant.objects.get(pk=participant.pk)
    return "erased" if found.erased_at else "told" if found.told_of_erasure_at else "kept"


@pytest.mark.parametrize(
    ("moment", "months", "then"),
    [
        (datetime(2024, 1, 31, 12, tzinfo=UTC), 1, datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (datetime(2026, 3, 31, 10, tzinfo=UTC), -1, datetime(2026, 2, 28, 11, tzinfo=UTC)),  # the clock goes forward in between
        (datetime(2026, 1, 15, 12, tzinfo=UTC), -24, datetime(2024, 1, 15, 12, tzinfo=UTC)),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), 1, datetime(2027, 1, 1, 12, tzinfo=UTC)),
    ],
)
def test_months(moment, months, then):
    assert months_from(moment, months) == then


def test_told_a_month_before_and_erased_a_month_after(professional):
    participant = make(professional)
    steps = [
        (datetime(2029, 12, 30, 12, tzinfo=UTC), "kept"),
        (datetime(2029, 12, 31, 12, tzinfo=UTC), "told"),
        (datetime(2030, 1, 30, 12, tzinfo=UTC), "told"),
        (datetime(2030, 1, 31, 12, tzinfo=UTC), "erased"),
    ]
    for at, then in steps:
        with time_machine.travel(at, tick=False):
            task()
            task()
        assert state(participant) == then, at
    assert OutboxMessage.objects.filter(key__contains="erasure:").count() == 1
    assert OutboxMessage.objects.get(key__contains="erasure:").text == "", "and nothing of it is left"


def test_the_message_says_when_and_how_to_keep(professional):
    make(professional)
    keep_no_longer(at=datetime(2030, 1, 1, 12, tzinfo=UTC))
    message = OutboxMessage.objects.get(to="s@demo.example")
    for said in ("1 februari 2030", "/mijn-gegevens/bewaren/", "vrijwillig"):
        assert said in message.text


def test_nobody_is_erased_sooner_than_a_month_after_the_telling(professional):
    """The task did not run for a long time: the month counts from when they were told."""
    participant = make(professional)
    late = datetime(2031, 5, 1, 12, tzinfo=UTC)
    assert keep_no_longer(at=late) == (1, 0)
    assert keep_no_longer(at=late + timedelta(days=30)) == (0, 0)
    assert keep_no_longer(at=late + timedelta(days=31)) == (0, 1)
    assert state(participant) == "erased"


def test_contact_in_between_begins_anew(professional):
    participant = make(professional)
    at = datetime(2030, 1, 1, 12, tzinfo=UTC)
    keep_no_longer(at=at)
    with person_context(SystemActor("a test")):
        touch(participant, at + timedelta(days=3))
    assert keep_no_longer(at=at + timedelta(days=60)) == (0, 0)
    assert state(participant) == "kept"


def test_who_never_had_contact_counts_from_the_beginning(professional):
    participant = make(professional, last=None)
    assert keep_no_longer(at=datetime(2029, 12, 31, 13, tzinfo=UTC)) == (1, 0)
    assert state(participant) == "told"


def test_who_gets_no_message_is_put_on_the_list(professional):
    participant = make(professional, reach="call", phone="+31200000417", email="")
    at = datetime(2030, 1, 1, 12, tzinfo=UTC)
    keep_no_longer(at=at)
    with person_context(SystemActor("a test")):
        asked = FollowUp.objects.get(participant=participant)
    assert (asked.professional, asked.about) == (professional, "erasure")
    mail = OutboxMessage.objects.get(to=professional.email)
    assert participant.code in mail.text
    assert "Selam" not in mail.text
    keep_no_longer(at=at + timedelta(days=32))
    mail.refresh_from_db()
    assert mail.text == "", "the code is gone too"


def test_the_setting_says_how_long(professional, settings):
    participant = make(professional)
    settings.RETENTION_MONTHS = 12
    assert keep_no_longer(at=datetime(2029, 1, 1, tzinfo=UTC)) == (1, 0)
    assert state(participant) == "told"
    assert timezone.now()
