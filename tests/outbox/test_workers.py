"""The outbox under failure: real workers with beat, a real Redis, a real line, and things that break in the middle."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.outbox.models import OutboxMessage
from tests.factories import outbox
from tests.factories.outbox import settings_of
from tests.servers.smtp import MailServer, mail_server
from tests.servers.worker import celery_worker, own_redis, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def smtp():
    with mail_server() as server:
        yield server


def delivered() -> bool:
    return not OutboxMessage.objects.unfinished().exists()


def check(smtp: MailServer, queued: list[OutboxMessage], *, doubled: int) -> None:
    """Everything arrived; at most so many twice, and whatever came twice is marked."""
    assert smtp.message_ids.keys() == {message.message_id for message in queued}
    assert OutboxMessage.objects.filter(sent_at__isnull=False).count() == len(queued)
    twice = {message_id for message_id, times in smtp.message_ids.items() if times > 1}
    marked = set(OutboxMessage.objects.filter(maybe_duplicate=True).values_list("message_id", flat=True))
    assert twice <= marked
    assert len(marked) <= doubled
    assert max(smtp.message_ids.values()) <= 2


def test_a_worker_killed_in_the_middle_loses_nothing(smtp):
    smtp.delay = 0.05
    queued = [outbox.email() for _ in range(25)]
    with celery_worker(smtp.settings) as worker:
        until(lambda: len(smtp.messages) >= 5, what="the first messages")
        worker.kill()
    assert not delivered()
    smtp.delay = 0
    later = timezone.now() - timedelta(seconds=1)
    OutboxMessage.objects.filter(lease__isnull=False).update(leased_until=later)  # as if four minutes had passed
    with celery_worker(smtp.settings):
        until(delivered, what="the other messages")
    check(smtp, queued, doubled=1)


def test_redis_stopped_and_started_delays_and_loses_nothing(smtp):
    """It stops while a worker is busy and further wake-ups wait; twice, as the worker used to end on it every other time."""
    smtp.delay = 0.1
    with own_redis() as redis, celery_worker({**smtp.settings, "REDIS_URL": redis.url}) as worker:
        queued = []
        for _ in range(2):
            before = len(smtp.messages)
            queued += [outbox.email() for _ in range(10)]
            until(lambda least=before + 2: len(smtp.messages) >= least, what="the worker to be busy")
            redis.stop()
            until(delivered, what="the messages of this batch, for which it needs no Redis")
            started = time.monotonic()
            queued += [outbox.email() for _ in range(5)]
            assert time.monotonic() - started < 2
            time.sleep(0.5)
            assert len(smtp.messages) == len(queued) - 5
            redis.start()
            until(delivered, 30, "the messages from while Redis was down")
        assert worker.process.poll() is None
    check(smtp, queued, doubled=0)


def test_two_workers_send_each_message_once(smtp):
    smtp.delay = 0.01
    with celery_worker(smtp.settings) as one, celery_worker(smtp.settings) as two:
        until(lambda: " ready." in one.log and " ready." in two.log, what="both workers")
        queued = [outbox.email() for _ in range(60)]
        until(delivered, what="all messages")
    check(smtp, queued, doubled=0)


def test_a_database_that_cuts_every_connection_loses_nothing(smtp):
    smtp.delay = 0.05
    queued = [outbox.email() for _ in range(25)]
    with celery_worker(smtp.settings):
        for enough in (3, 8, 13):
            until(lambda least=enough: len(smtp.messages) >= least, what="some messages")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
                )
                assert cursor.fetchone()[0] >= 1
        # A message that was taken and not sent waits for its lease; what was sent is known, as its result is written again.
        until(lambda: not OutboxMessage.objects.unfinished().filter(lease__isnull=True).exists(), what="the free messages")
        OutboxMessage.objects.filter(lease__isnull=False).update(leased_until=timezone.now() - timedelta(seconds=1))
        until(delivered, what="all messages")
    check(smtp, queued, doubled=3)


def test_a_slow_server_holds_no_lock_and_no_one_up(smtp):
    smtp.delay = 1.5
    with settings_of(smtp):
        slow = outbox.email()
        thread = threading.Thread(target=lambda: (outbox.deliver(), connection.close()))
        thread.start()
        until(lambda: bool(smtp.messages), what="the line to be busy")
        started = time.monotonic()
        outbox.email()
        OutboxMessage.objects.filter(pk=slow.pk).update(language="en")  # a lock would stop this for five seconds
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%%'")
            assert cursor.fetchone() == (0,)
        assert time.monotonic() - started < 1
        assert thread.is_alive()
        thread.join()
    slow.refresh_from_db()
    assert slow.sent_at
