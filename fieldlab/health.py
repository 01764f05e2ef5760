"""Is the process alive, and can it do its work? For load balancers and for people on call.

Answered by a middleware ahead of everything else: probes come without TLS, a known host name or a cookie, and must be answered
while the database is away.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from fieldlab.lib.database import app_role_faults
from fieldlab.outbox.models import OutboxMessage

REDIS_TIMEOUT_SECONDS = 2


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {"/healthz": healthz, "/readyz": readyz}.get(request.path)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response["Cache-Control"] = "no-store"
        return response


def healthz() -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


def readyz() -> HttpResponse:
    """200 when this process can serve people, 503 with the faults when not.

    The age of the oldest message that is due and not sent is told and not judged: pages work while mail waits.
    """
    faults = [fault for check in (_database_faults, _redis_faults) for fault in check()]
    body: dict[str, Any] = {"ready": not faults, "faults": faults, "outbox_oldest_due_seconds": None}
    if not faults:
        body["outbox_oldest_due_seconds"] = _outbox_age()
    return JsonResponse(body, status=503 if faults else 200)


def _database_faults() -> list[str]:
    try:
        faults = [f"database role {fault}" for fault in app_role_faults()]
        unapplied = len(_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    except Error:
        return ["database does not answer"]
    return faults + ([f"{unapplied} migrations not applied"] if unapplied else [])


@cache
def _migrations() -> set[tuple[str, str]]:
    """What this version of the code brings along; read from disk once."""
    return set(MigrationLoader(None).disk_migrations)


def _redis_faults() -> list[str]:
    options = {"socket_connect_timeout": REDIS_TIMEOUT_SECONDS, "socket_timeout": REDIS_TIMEOUT_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **options) as client:
            client.ping()
    except redis.RedisError:
        return ["Redis does not answer"]
    return []


def _outbox_age() -> int | None:
    """Whole seconds that the oldest message waits past the moment it was due; None when none waits."""
    now = timezone.now()
    due = OutboxMessage.objects.oldest_due(now)
    return None if due is None else int((now - due).total_seconds())
