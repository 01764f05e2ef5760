"""Logs: one JSON object a line, with the request's id and without personal data.

What people send ends up in log messages by three ways that no author of a log line chooses: Django names the path of a failed
request, libraries pass the request itself along as an extra, and an exception quotes the value it stumbled over. All three are
left out here, so that a log line holds only what our own code put in it.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any

# The id of the request or the task that is being handled
request_id: ContextVar[str] = ContextVar("request_id", default="-")

# Their messages quote the path, the host or the reason a request was refused for; the access line has route and status.
_QUOTES_THE_REQUEST = ("django.request", "django.security", "django.server")
# Celery's messages about a task quote these of what it was given and gave back.
_QUOTED_BY_CELERY = ("args", "exc", "kwargs", "return_value", "traceback")


class JsonFormatter(logging.Formatter):
    """Extras are written only when they stand in `extra={"fields": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = [link for error in _chain(record.exc_info[1]) for link in _lines(error)]
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith(_QUOTES_THE_REQUEST):
        return f"answered {getattr(record, 'status_code', '')}".strip()
    if isinstance(record.args, Mapping):
        return str(record.msg) % {**record.args, **dict.fromkeys(_QUOTED_BY_CELERY, "-")}
    args = tuple(type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args or ())
    message = type(record.msg).__name__ if isinstance(record.msg, BaseException) else str(record.msg)
    return message % args if args else message


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it, first cause last."""
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _lines(error: BaseException) -> Iterator[str]:
    """What kind of error, which constraint, and where; never its message, which quotes values."""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    yield f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({constraint})" if constraint else "")
    for frame in extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
