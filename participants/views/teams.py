"""What the team of an initiative sees: who wants to be called, whom it brought in, whom it receives. Name, number, what was agreed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_accesses
from fieldlab.audit.context import UserActor, person_context, rendered
from fieldlab.lib.encryption import unseal
from fieldlab.lib.errors import DomainError
from fieldlab.lib.limits import too_often
from initiatives.models import Initiative, Language
from participants.actions.calls import ask_to_be_called
from participants.actions.day import record_request_call
from participants.forms.door import CallForForm
from participants.models import AccessReason, Appointment, CallRequest, CallResult, HandOver, Participant, ParticipantAccess
from participants.permissions import can_see_people_of

P = ParamSpec("P")

PER_PAGE = 40
MOST_REQUESTS = 100
ASKS_AN_HOUR = 60
# What one tap tells
TOLD = [(CallResult.SPOKEN, "check"), (CallResult.NO_ANSWER, "x"), (CallResult.LATER, "rotate-ccw")]


def team_page(
    *, reason: str
) -> Callable[
    [Callable[Concatenate[HttpRequest, Initiative, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, str, P], HttpResponse]
]:
    """Decorate a page of the team of an initiative about people: view(request, initiative, …), at an address with its `slug`.

    The view and its template run in the member's context. For everybody else, and for whoever decides on benefits, it is not there.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Initiative, P], HttpResponseBase]) -> Any:
        @wraps(view)
        def page(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = cast("User", request.user)
            initiative = get_object_or_404(Initiative.objects.of_member(user).with_area(), slug=slug)
            if not can_see_people_of(user, initiative):
                raise Http404
            with person_context(UserActor(user, "team"), reason=reason):
                return rendered(view(request, initiative, *args, **kwargs))

        return page

    return decorate


@dataclass(frozen=True, kw_only=True)
class Known:
    """A participant as the team sees one."""

    pk: UUID
    name: str
    phone: str
    brought: bool
    talks: list[Appointment] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody who wants to be called, and is no participant."""

    request: CallRequest
    name: str
    phone: str
    language: str
    waits: int
    days_left: int
    tried: int


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(reason="whom the team brought in or receives")
def team_people(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """By POST: what came of calling somebody, by one tap."""
    user, at = cast("User", request.user), timezone.now()
    if request.method == "POST":
        return _told(request, initiative, user, at)
    asked = [_asked(each, at) for each in _requests(initiative, user, at)[:MOST_REQUESTS]]
    page = _people(initiative, user, at, request.GET.get("page"))
    context = {
        "initiative": initiative,
        "to_call": [each for each in asked if each.request.initiative_id == initiative.pk],
        "brought": [each for each in asked if each.request.initiative_id is None],
        "page": page,
        "results": TOLD,
        "at": at,
    }
    return render(request, "participants/door/team_people.html", context)


def _requests(initiative: Initiative, user: User, at: datetime) -> Any:
    mine = CallRequest.objects.visible_to(user).alive(at).with_calls().order_by("asked_at", "pk")
    return mine.filter(Q(initiative=initiative) | Q(initiative=None, brought_by=initiative))


def _asked(request: Any, at: datetime) -> Asked:
    caller = request.open()
    return Asked(
        request=request,
        name=caller.first_name or _("without a name"),
        phone=caller.phone,
        language=str(Language(caller.language).label) if caller.language else "",
        waits=(timezone.localdate(at) - timezone.localdate(request.asked_at)).days,
        days_left=(timezone.localdate(request.ends_at) - timezone.localdate(at)).days,
        tried=request.tried,
    )


def _people(initiative: Initiative, user: User, at: datetime, number: str | None) -> Page[Any]:
    """A page of Known, each logged as looked at."""
    reasons = dict(ParticipantAccess.objects.open().filter(initiative=initiative).values_list("participant", "reason"))
    theirs = Participant.objects.reachable_by(user).in_force().filter(pk__in=reasons).select_related("key").order_by("-created_at", "pk")
    page: Page[Any] = Paginator(theirs, PER_PAGE).get_page(number)
    shown = [each.pk for each in page]
    record_accesses(participant_ids=shown, what="participant.name", reason="whom the team brought in or receives", at=at)
    talks, hand_overs = _agreed(initiative, user, shown, at)
    page.object_list = [_known(each, reasons[each.pk], talks, hand_overs) for each in page]
    return page


def _agreed(initiative: Initiative, user: User, people: list[UUID], at: datetime) -> tuple[list[Appointment], list[HandOver]]:
    """What was booked on their behalf and is to come, and what this place was asked."""
    booked = Appointment.objects.filter(booked_for=initiative, participant__in=people).coming(at)
    asked = HandOver.objects.at_team_of(user).open().filter(initiative=initiative, participant__in=people).order_by("comes_at")
    return list(booked.select_related("place__initiative")), list(asked)


def _known(participant: Participant, reason: str, talks: list[Appointment], hand_overs: list[HandOver]) -> Known:
    """Only name and number are opened: a team sees no more."""
    who = unseal(participant, participant.key.unwrap(), ["first_name", "last_name", "phone"])
    return Known(
        pk=participant.pk,
        name=f"{who['first_name']} {who['last_name']}".strip(),
        phone=who["phone"],
        brought=reason == AccessReason.BROUGHT_IN,
        talks=[each for each in talks if each.participant_id == participant.pk],
        hand_overs=[each for each in hand_overs if each.participant_id == participant.pk],
    )


def _told(request: HttpRequest, initiative: Initiative, user: User, at: datetime) -> HttpResponse:
    try:
        about, result = UUID(request.POST.get("about", "")), CallResult(request.POST.get("result", ""))
    except ValueError as error:
        raise Http404 from error
    wanted = get_object_or_404(_requests(initiative, user, at), pk=about, initiative=initiative)
    record_request_call(request=wanted, caller=user, result=result, at=at)
    if result == CallResult.SPOKEN:
        return redirect("request_yes", pk=about)
    messages.success(request, _("Noted. This person stays on the list."))
    return redirect("team_people", slug=initiative.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(reason="types for somebody who wants to be called")
def call_for(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """It goes to the professionals of the area, and is the team's to see for a fortnight."""
    form = CallForForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and too_often(request, "call-for", most=ASKS_AN_HOUR, seconds=3600):
        form.add_error(None, _("Many requests came from this place just now. Try again in an hour, or call us."))
        status = 429
    elif form.is_valid():
        return _brought(request, initiative, form)
    return render(request, "participants/door/call_for.html", {"form": form, "initiative": initiative}, status=status)


def _brought(request: HttpRequest, initiative: Initiative, form: CallForForm) -> HttpResponse:
    try:
        ask_to_be_called(
            form=form.cleaned_data["form"],
            caller=form.caller(),
            best_time=form.cleaned_data["best_time"],
            area=initiative.area,
            brought_by=initiative,
            actor=cast("User", request.user),
            at=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("call_for", slug=initiative.slug)
    messages.success(request, _("It is on its way. Somebody who works near you calls, on a working day."))
    return redirect("team_people", slug=initiative.slug)
