"""The job queue. Beat only wakes scans: each scan takes due rows with SKIP LOCKED, so missing or doubling a beat harms nothing."""

import os
from typing import Any

import redis
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_init
from kombu.transport import redis as redis_transport

from fieldlab.lib.database import refuse_privileged_role
from fieldlab.lib.logs import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")
os.environ["DATABASE_POOL_SIZE"] = "0"  # Celery closes the connections around every task, and a pool with them


class _Channel(redis_transport.Channel):
    """Celery 5.7 still acknowledges, and puts back, over a connection that it has closed, and the worker ends on an AttributeError.

    Said in the words that it expects, it connects again. What was not acknowledged comes back after the visibility timeout.
    """

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise redis.ConnectionError("the connection to Redis is closed")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[no-untyped-call]


redis_transport.Transport.Channel = _Channel

app = Celery("fieldlab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_django_does(**signal: Any) -> None:
    """Django has set up the logs by now; a receiver is how Celery is told to leave them."""


@worker_init.connect
def _check_role(**signal: Any) -> None:
    refuse_privileged_role()


@task_prerun.connect
def _name_log_lines(task_id: str, **signal: Any) -> None:
    request_id.set(task_id)


@task_postrun.connect
def _unname_log_lines(**signal: Any) -> None:
    request_id.set("-")
