"""How a participant comes to their own pages, and a professional to theirs.

A participant comes signed in, or for a short while with the code on their card.

A computer in a library is left behind: what a code opens closes by itself, and is kept by no browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from fieldlab.audit.context import LinkActor, UserActor, person_context, rendered
from fieldlab.lib.languages import also_as_help
from participants.actions.codes import give_code
from participants.actions.people import open_participant
from participants.models import Details, Participant, PersonalCode, Professional

P = ParamSpec("P")

OPEN_FOR = timedelta(minutes=20)
# In the session: [participant, code, when it was last used, in seconds since 1970]
SESSION_KEY = "participant"


@dataclass(frozen=True)
class Door:
    """By which door somebody came, and whose details it opens: the participant's of `opens`, if there is one."""

    actor: LinkActor | UserActor
    opens: dict[str, Any]
    by_code: bool


def open_door(request: HttpRequest, code: PersonalCode, at: datetime) -> None:
    """From now on this browser shows the details that `code` opens, until it is left alone for OPEN_FOR."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = [str(code.participant_id), str(code.pk), at.timestamp()]


def close_door(request: HttpRequest) -> None:
    """Nothing of the visit stays in this browser, unless somebody is signed in."""
    if request.user.is_authenticated:
        request.session.pop(SESSION_KEY, None)
    else:
        request.session.flush()


def renew_code(request: HttpRequest, participant: Participant, at: datetime) -> str:
    """A new code for who came by one that just ended, as whoever printed it may know it; this browser goes on with it. Empty: no need."""
    came_by = request.session.get(SESSION_KEY)
    if not came_by or PersonalCode.objects.filter(pk=came_by[1], revoked_at=None).exists():
        return ""
    code = give_code(participant=participant, actor=None, at=at)
    new = PersonalCode.objects.get(participant=participant, revoked_at=None)
    request.session[SESSION_KEY] = [str(participant.pk), str(new.pk), at.timestamp()]
    return code


def tell_new_code(request: HttpRequest, code: str) -> None:
    if code:
        told = _("The code on your card does not work any more, as whoever gave it may know it. Your new code is %(code)s. Write it down.")
        messages.warning(request, told % {"code": code})


def door_of(request: HttpRequest, at: datetime) -> Door | None:
    """A code goes before an account: somebody who helps, signed in, hands over the keyboard."""
    kept = request.session.get(SESSION_KEY)
    if kept:
        participant_id, code_id, used = kept
        decides = request.user.is_authenticated and request.user.decides_on_benefits
        if not decides and at.timestamp() - used < OPEN_FOR.total_seconds() and _still_opens(UUID(code_id), UUID(participant_id), at):
            request.session[SESSION_KEY] = [participant_id, code_id, at.timestamp()]
            return Door(LinkActor(UUID(participant_id), "code"), {"pk": UUID(participant_id)}, by_code=True)
        close_door(request)
        return None
    if not request.user.is_authenticated or request.user.decides_on_benefits:
        return None
    return Door(UserActor(request.user, "participant"), {"user": request.user}, by_code=False)


def stands_inside(request: HttpRequest, at: datetime) -> bool:
    door = door_of(request, at)
    if door is None:
        return False
    with person_context(door.actor):
        return Participant.objects.filter(**door.opens).exists()


def _still_opens(code_id: UUID, participant_id: UUID, at: datetime) -> bool:
    with person_context(LinkActor(participant_id, "code")):
        return PersonalCode.objects.filter(
            pk=code_id, participant=participant_id, revoked_at=None, expires_at__gt=at, participant__erased_at=None
        ).exists()


def own_page(
    *, reason: str
) -> Callable[[Callable[Concatenate[HttpRequest, Participant, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Decorate a page of a participant about themselves: view(request, participant, …).

    The view and its template run in the participant's own context. Who came by no door is sent to the page that asks for the code.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Participant, P], HttpResponseBase]) -> Any:
        @also_as_help
        @login_not_required
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            door = door_of(request, timezone.now())
            if door is None:
                return _to_the_code(request)
            with person_context(door.actor, reason=reason):
                theirs = Participant.objects.select_related("key", "neighbourhood").defer("neighbourhood__boundary")
                participant = theirs.filter(**door.opens).first()
                if participant is None:
                    return _to_the_code(request)
                answer = rendered(view(request, participant, *args, **kwargs))
            if door.by_code:  # what stands on a screen that was left behind goes too
                answer.headers.setdefault("Refresh", f"{OPEN_FOR.seconds + 1}; url={reverse('own_enter')}")
            return answer

        return page

    return decorate


def _to_the_code(request: HttpRequest) -> HttpResponse:
    answer = redirect(f"{reverse('own_enter')}?{urlencode({'next': request.path})}")
    add_never_cache_headers(answer)
    return answer


def professional_page(
    *, reason: str
) -> Callable[[Callable[Concatenate[HttpRequest, Professional, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Decorate a page of a participation professional: view(request, professional, …).

    The view and its template run in the professional's context. For everybody else, and for whoever decides on benefits, it is not there.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Professional, P], HttpResponseBase]) -> Any:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated or request.user.decides_on_benefits:
                raise Http404
            professional = Professional.objects.current().select_related("user").filter(user=request.user).first()
            if professional is None:
                raise Http404
            with person_context(UserActor(request.user, "professional"), reason=reason):
                return rendered(view(request, professional, *args, **kwargs))

        return page

    return decorate


def whom(professional: Professional, pk: UUID, reason: str) -> tuple[Participant, Details]:
    """Somebody whom this professional helps, opened and logged; anybody else is not there."""
    found = get_object_or_404(Participant.objects.helped_by(professional.user).to_open(), pk=pk)
    return found, open_participant(participant=found, reason=reason, at=timezone.now())
