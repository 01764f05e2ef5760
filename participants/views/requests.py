"""Becoming a participant: with a yes on the telephone, or added by a professional."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context, rendered
from fieldlab.lib.errors import DomainError
from fieldlab.lib.phones import display
from participants.actions.calls import become_participant, forget, hand_on
from participants.actions.people import add_participant, touch
from participants.forms.door import ParticipantForm, YesForm
from participants.models import Caller, CallRequest, Professional
from participants.permissions import is_professional
from participants.views.doors import professional_page


@require_http_methods(["GET", "HEAD", "POST"])
def request_yes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A professional makes a participant of them; a member of the team hands them on; either erases the request at a no."""
    user = cast("User", request.user)
    role = "professional" if is_professional(user) else "team"
    with person_context(UserActor(user, role), reason="heard whether somebody wants to take part"):
        return rendered(_answer(request, user, pk, by_professional=role == "professional"))


def _answer(request: HttpRequest, user: User, pk: UUID, *, by_professional: bool) -> HttpResponse:
    at = timezone.now()
    wanted = get_object_or_404(CallRequest.objects.visible_to(user).alive(at).select_related("initiative", "brought_by", "area"), pk=pk)
    try:
        if request.method == "POST" and "no" in request.POST:
            forget(request=wanted, actor=user, at=at)
            messages.success(request, _("Erased. Nobody calls any more."))
            return _back(wanted, by_professional)
        return _yes(request, wanted, user) if by_professional else _handed_on(request, wanted, user)
    except DomainError as error:
        messages.error(request, error.message)
        return _back(wanted, by_professional)


def _back(wanted: CallRequest, by_professional: bool) -> HttpResponse:
    place = wanted.initiative or wanted.brought_by
    return redirect("day") if by_professional or place is None else redirect("team_people", slug=place.slug)


def _yes(request: HttpRequest, wanted: CallRequest, user: User) -> HttpResponse:
    caller = wanted.open()
    form = YesForm(request.POST or None, initial=_initial(wanted, caller))
    if request.method == "POST" and form.is_valid():
        participant = become_participant(
            request=wanted, actor=user, details=form.details(), neighbourhood=form.cleaned_data["neighbourhood"], at=timezone.now()
        )
        messages.success(request, _("Added. Now ask what may be kept and passed on."))
        return redirect("participant_consents", pk=participant.pk)
    context = {"form": form, "wanted": wanted, "caller": caller}
    return render(request, "participants/door/request_yes.html", context, status=422 if form.errors else 200)


def _initial(wanted: CallRequest, caller: Caller) -> dict[str, Any]:
    lives = wanted.area_id if wanted.area and wanted.area.level == "neighbourhood" and not wanted.brought_by_id else None
    languages = [caller.language] if caller.language else []
    return {"first_name": caller.first_name, "phone": display(caller.phone), "languages": languages, "neighbourhood": lives}


def _handed_on(request: HttpRequest, wanted: CallRequest, user: User) -> HttpResponse:
    if request.method == "POST" and "yes" in request.POST:
        hand_on(request=wanted, actor=user, at=timezone.now())
        messages.success(request, _("Passed on. Somebody who works near you calls, on a working day."))
        return _back(wanted, by_professional=False)
    return render(request, "participants/door/request_hand_on.html", {"wanted": wanted, "caller": wanted.open()})


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="adds somebody")
def participant_new(request: HttpRequest, professional: Professional) -> HttpResponseBase:
    form = ParticipantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, data = timezone.now(), form.cleaned_data
        participant = add_participant(
            actor=professional.user,
            details=form.details(),
            reached_by=data["reached_by"],
            neighbourhood=data["neighbourhood"],
            at=at,
        )
        touch(participant, at)
        messages.success(request, _("Added. Now ask what may be kept and passed on."))
        return redirect("participant_consents", pk=participant.pk)
    return render(request, "participants/door/participant_new.html", {"form": form}, status=422 if form.errors else 200)
