"""An id for every request, in its answer and on its log lines, and one access line without anything about who asks."""

import logging
import uuid
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fieldlab.lib.logs import request_id

log = logging.getLogger("fieldlab.access")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLogMiddleware:
    """The access line names the route, not the path: paths hold tokens and what people search for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token, started = request_id.set(uuid.uuid4().hex), perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            if not request.path.startswith(settings.STATIC_URL):
                _write(request, response, perf_counter() - started)
            return response
        finally:
            request_id.reset(token)


def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    log.info(
        "request",
        extra={
            "fields": {
                "method": request.method if request.method in _METHODS else "other",
                "route": match.view_name if match else None,
                "status": response.status_code,
                "ms": round(1000 * seconds, 1),
            }
        },
    )
