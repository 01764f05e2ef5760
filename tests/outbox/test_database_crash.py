"""The database itself crashes under a busy worker: a server of the test's own, so that nobody else's test notices."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.lib.services import Processes, start_embedded
from fieldlab.outbox.models import OutboxMessage
from tests.factories import outbox
from tests.servers.smtp import mail_server
from tests.servers.worker import ROOT, celery_worker, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@contextmanager
def own_database(folder: Path) -> Iterator[dict[str, str]]:
    """A migrated PostgreSQL and a Redis; inside the block this thread's connection is to that database, as the app's role."""
    folder.chmod(0o711)
    processes = Processes(folder)
    processes.remove_at_end(folder)
    before = dict(connection.settings_dict)
    try:
        urls = start_embedded(processes, folder)  # durable: what is committed must survive
        environment = {**os.environ, **urls}
        processes.start("migrate", [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, environment=environment, task=True)
        processes.finish("migrate")
        connection.close()
        there = dj_database_url.parse(urls["DATABASE_URL"])
        connection.settings_dict.update({key: there[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        yield urls
    finally:
        connection.close()
        connection.settings_dict.update(before)
        processes.stop()


def crash(owner_url: str) -> None:
    """SIGKILL to one of its processes: the server ends all sessions at once and reads its log back, as after a power cut."""
    with suppress(psycopg.OperationalError), psycopg.connect(owner_url) as victim, psycopg.connect(owner_url) as witness:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        # The server hears of it a moment later and until then lets others in; it is down once it ends a session that did nothing.
        until(lambda: not witness.execute("SELECT 1"), what="the other sessions to end")
    connection.close()
    until(lambda: _answers(owner_url), what="the database to be back")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_database_that_crashes_loses_nothing(tmp_path_factory):
    with mail_server() as smtp, own_database(tmp_path_factory.mktemp("crash")) as urls:
        smtp.delay = 0.05
        queued = [outbox.email() for _ in range(20)]
        with celery_worker({**smtp.settings, "REDIS_URL": urls["REDIS_URL"]}):
            until(lambda: len(smtp.messages) >= 5, what="the worker to be busy")
            crash(urls["DATABASE_OWNER_URL"])
            until(lambda: not OutboxMessage.objects.unfinished().filter(lease__isnull=True).exists(), what="the free messages")
            # Taken and not sent: it waits for its lease, as if four minutes had passed
            OutboxMessage.objects.filter(lease__isnull=False).update(leased_until=timezone.now())
            until(lambda: not OutboxMessage.objects.unfinished().exists(), what="all messages")
        assert smtp.message_ids.keys() == {message.message_id for message in queued}
        twice = {message_id for message_id, times in smtp.message_ids.items() if times > 1}
        assert twice <= set(OutboxMessage.objects.filter(maybe_duplicate=True).values_list("message_id", flat=True))
        assert len(twice) <= 1
