"""Who works here, for coordinators; and what happens when somebody stops. They see figures, and no participant."""

from collections import Counter
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from participants.actions import leaving
from participants.forms.professionals import StopsForm
from participants.models import Professional
from participants.permissions import can_end_professionals
from participants.views.doors import professional_page


@require_safe
def professionals(request: HttpRequest) -> HttpResponse:
    _check(request)
    working = Professional.objects.current().select_related("user").prefetch_related("areas").order_by("user__name", "pk")
    left = leaving.left(at=timezone.now())
    untold = sum(each.untold is not None for each in left)
    context = {"professionals": working, "left": left, "where": _where(left, timezone.now()), "untold": untold}
    return render(request, "participants/professionals/list.html", context)


def _where(left: list[leaving.Left], at: datetime) -> list[tuple[str, int, int]]:
    """Of each district how many wait for somebody who helps them, and the longest in days."""
    districts: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for each in left:
        name = each.district
        counts[name] += 1
        districts[name] = max(districts.get(name, 0), each.days(at))
    return [(name, number, districts[name]) for name, number in counts.most_common()]


@require_http_methods(["GET", "HEAD", "POST"])
def professional_stops(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps: who takes over, and once more in words what happens."""
    actor, at = _check(request), timezone.now()
    professional = get_object_or_404(Professional.objects.select_related("user"), pk=pk)
    if professional.ended_at is not None:
        messages.info(request, _("%(name)s no longer works here.") % {"name": professional.user.name})
        return redirect("professionals")
    form = StopsForm(request.POST if request.method == "POST" else None, professional=professional, actor=actor)
    chosen = request.method == "POST" and form.is_valid()
    if chosen and request.POST.get("sure") == "yes":
        try:
            done = leaving.stop_working(professional=professional, taker=form.cleaned_data["taker"], actor=actor, at=at)
        except DomainError as error:
            form.add_error(None, error.message)
            chosen = False
        else:
            if done:
                messages.success(request, _told(professional, form.cleaned_data["taker"]))
            else:  # a colleague was just before, perhaps with another choice
                messages.info(request, _("%(name)s no longer works here.") % {"name": professional.user.name})
            return redirect("professionals")
    context = {"professional": professional, "form": form, "leaves": leaving.leaves(professional=professional, at=at), "sure": chosen}
    return render(request, "participants/professionals/stops.html", context, status=422 if form.errors else 200)


def _told(professional: Professional, taker: Professional | None) -> str:
    name = {"name": professional.user.name}
    if taker is None:
        return _("%(name)s no longer works here. Whoever is left stands on the list of the colleagues near them.") % name
    return _("%(name)s no longer works here. %(taker)s takes over.") % {**name, "taker": taker.user.name}


@require_POST
@professional_page(reason="takes over whom nobody helps any more")
def pick_up(request: HttpRequest, professional: Professional) -> HttpResponse:
    """A colleague takes over somebody who was left: only then they see who it is."""
    try:
        pk = UUID(request.POST.get("wie", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        participant = leaving.pick_up(participant_id=pk, professional=professional, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("day")
    messages.success(request, _("You help this person now. Call them, and say who you are."))
    return redirect("participant", participant.pk)


def _check(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not user.is_authenticated or not can_end_professionals(user):
        raise Http404
    return user
