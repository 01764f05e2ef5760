"""What people send stays out of the logs, whichever way it came in and whatever went wrong with it."""

import io
import json
import logging

import pytest
from django.conf import settings
from django.http import HttpResponse, HttpResponseForbidden
from django.test import Client, override_settings
from django.urls import path

from fieldlab.accounts.models import User
from fieldlab.lib.logs import JsonFormatter
from fieldlab.urls import urlpatterns as ours

MARKER = "Sjoukje-0612345678"


def answer(request, marker=""):
    return HttpResponse("fine")


def refuse(request, marker=""):
    return HttpResponseForbidden("no")


def stumble(request, marker=""):
    raise ValueError(f"cannot read {request.POST or request.GET or marker}")


def doubled(request, marker=""):
    try:
        User.objects.create_user(request.POST.get("q", "") + "@demo.example")
        User.objects.create_user(request.POST.get("q", "") + "@demo.example")
    except Exception as error:
        raise RuntimeError(f"cannot save {request.POST}") from error


urlpatterns = [*ours, *(path(f"{view.__name__}/<marker>/", view, name=view.__name__) for view in (answer, refuse, stumble, doubled))]


@pytest.fixture
def log():
    """Everything that would be written, at the most talkative level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level, before = root.level, root.handlers[:]
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    yield stream
    root.handlers = before
    root.setLevel(level)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__, LOGIN_URL="/answer/x/", MIDDLEWARE=[m for m in settings.MIDDLEWARE if "LoginRequired" not in m])
@pytest.mark.parametrize("view", ["answer", "refuse", "stumble", "doubled", "not-there"])
@pytest.mark.parametrize("check_csrf", [False, True])
def test_nothing_that_was_sent_is_logged(log, view, check_csrf):
    client = Client(raise_request_exception=False, enforce_csrf_checks=check_csrf)
    client.cookies["c"] = MARKER
    headers = {"x-name": MARKER, "referer": f"http://testserver/{MARKER}", "user-agent": MARKER}
    client.post(f"/{view}/{MARKER}/?q={MARKER}", {"q": MARKER.lower()}, headers=headers)
    client.get(f"/{view}/{MARKER}/?q={MARKER}", headers={**headers, "host": f"{MARKER}.example"})
    written = log.getvalue()
    assert written
    assert MARKER.lower() not in written.lower()
    assert "0612345678" not in written


@override_settings(ROOT_URLCONF=__name__)
def test_the_access_line_has_method_route_status_and_time(log, client):
    response = client.get("/not-there/")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line.pop("ms") > 0
    assert line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "fieldlab.access",
        "message": "request",
        "request_id": response["X-Request-Id"],
        "method": "GET",
        "route": None,
        "status": 404,
    }


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[m for m in settings.MIDDLEWARE if "LoginRequired" not in m])
def test_an_error_names_its_kind_its_constraint_and_its_place(log):
    Client(raise_request_exception=False).post("/doubled/x/", {"q": "twice"})
    (line,) = [json.loads(row) for row in log.getvalue().splitlines() if "exception" in row]
    kinds = [row for row in line["exception"] if not row.startswith(" ")]
    assert kinds == ["builtins.RuntimeError", "django.db.utils.IntegrityError", "psycopg.errors.UniqueViolation (accounts_user_email_key)"]
    assert any("test_logs.py" in row and row.endswith("doubled") for row in line["exception"])


def test_a_failed_task_is_logged_without_what_it_was_given(log):
    context = {"name": "t", "id": "1", "description": "raised unexpected", "exc": f"ValueError('{MARKER}')", "args": MARKER}
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s", context, extra={"data": context})
    logging.getLogger("celery.worker.request").error("Task handler raised error: %r", ValueError(MARKER))
    assert "Task t[1] raised unexpected: -" in log.getvalue()
    assert MARKER not in log.getvalue()
