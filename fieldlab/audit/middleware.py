from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

from fieldlab.audit.context import UserActor, described

SAFE = ("GET", "HEAD", "OPTIONS")


class HistoryMiddleware:
    """Who changed something, for the history of changes made outside a person_context.

    pghistory's own middleware also keeps the URL, which can tell whom a page was about.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        user = request.user
        who = described(UserActor(user)) if user.is_authenticated else {"kind": "visitor"}
        with pghistory.context(**who):
            return self.get_response(request)
