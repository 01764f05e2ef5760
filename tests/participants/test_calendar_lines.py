"""What a booking tells goes over real lines by a real worker: once, though the worker is killed or the lines are down for an hour."""

import os
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from fieldlab.outbox.actions import deliver_due
from fieldlab.outbox.models import OutboxMessage
from participants.models import Professional
from tests.factories.outbox import deliver, settings_of
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_room, weekday
from tests.servers.sms import sms_gateway
from tests.servers.smtp import mail_server
from tests.servers.worker import celery_worker, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def smtp():
    with mail_server() as server:
        yield server


@pytest.fixture
def gateway():
    with sms_gateway() as server:
        yield server


def booked(times=1):
    """Talks of people who are told by text message, with a professional who is told by e-mail."""
    fatma = make_professional(name="Fatma Yilmaz", email="fatma@demo.example")
    professional, room = Professional.objects.get(user=fatma), make_room()
    for week in range(times):
        person = make_participant(fatma, first_name="Verborgen4862", phone="0612345678", reach="sms")
        make_appointment(person, professional, room, weekday(7 * (1 + week), 14))


def delivered():
    return not OutboxMessage.objects.unfinished().exists()


def check(smtp, gateway, number=1):
    assert [mail["To"] for mail in smtp.messages] == ["fatma@demo.example"] * number
    assert len({mail["Message-ID"] for mail in smtp.messages}) == number
    assert len(gateway.messages) == number
    assert not OutboxMessage.objects.filter(maybe_duplicate=True).exists()
    for mail in smtp.messages:
        calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert calendars[0]["content-type"].params["method"] == "REQUEST"
        assert all(b"METHOD:REQUEST" in part.get_payload(decode=True) for part in calendars)
        assert "Verborgen4862" not in mail.as_string()
    for message in gateway.messages:
        assert "Stadsloket" in str(message)
        assert "Verborgen4862" not in str(message)


def test_a_worker_killed_between_booking_and_mail_sends_once(smtp, gateway):
    lines = {**smtp.settings, **gateway.settings}
    with celery_worker(lines) as worker:
        until(lambda: " ready." in worker.log, what="the worker")
        os.killpg(worker.process.pid, 19)  # SIGSTOP: it takes nothing while we book
        booked()
        worker.kill()
    assert not delivered()
    assert not smtp.messages
    assert not gateway.messages
    with celery_worker(lines):
        until(delivered, what="the messages")
    check(smtp, gateway)


def test_lines_that_are_down_for_an_hour_delay_and_double_nothing(smtp, gateway):
    smtp.data_answer, gateway.status = "451 4.3.2 not now", 503
    booked(3)
    begin = timezone.now()
    with settings_of(smtp), settings_of(gateway):
        for minutes in range(0, 61, 10):
            deliver(begin + timedelta(minutes=minutes))
        assert not OutboxMessage.objects.filter(sent_at__isnull=False).exists()
        smtp.data_answer, gateway.status = "250 OK", 202
        for minutes in range(61, 181, 20):
            deliver(begin + timedelta(minutes=minutes))
    assert delivered()
    check(smtp, gateway, 3)


def test_two_machines_whose_clocks_differ_send_once(smtp, gateway):
    """One is ten minutes behind, one an hour ahead: a lease is longer than a sending, and what was sent is known to both."""
    booked(2)
    with settings_of(smtp), settings_of(gateway):
        for skew in (-10, 60, -10, 60):
            for channel in ("email", "sms"):
                deliver_due(channel=channel, at=timezone.now() + timedelta(minutes=skew))
        OutboxMessage.objects.update(due_at=F("created_at"))
        deliver(timezone.now() + timedelta(days=1))
    check(smtp, gateway, 2)
