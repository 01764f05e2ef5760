"""What is a participant's right: everything to read and to take along, erasing, and a proof that they came."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import also_as_help, on_paper
from participants.actions.copies import as_data, everything_about
from participants.actions.copy_words import LOOKS_ON_A_PAGE, sections
from participants.actions.people import open_participant, touch
from participants.actions.retention import erase
from participants.forms.rights import AttendanceForm, EraseTogetherForm
from participants.models import Appointment, AppointmentStatus, Participant, Professional
from participants.papers.attendance import attendance_pdf
from participants.papers.copy import copy_pdf
from participants.permissions import can_erase_with
from participants.views.doors import close_door, own_page, professional_page

COPY = "reads everything about themselves"


# --- Everything


def _logged(participant: Participant, at: datetime) -> None:
    record_access(participant_id=participant.pk, what="participant.copy", reason=COPY, at=at)


@require_safe
@own_page(reason=COPY)
def own_copy(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    _logged(participant, timezone.now())
    found = sections(everything_about(participant), most_looks=LOOKS_ON_A_PAGE)
    return render(request, "participants/rights/copy.html", {"sections": found})


@require_safe
@own_page(reason=COPY)
@on_paper()
def own_copy_pdf(_request: HttpRequest, participant: Participant) -> HttpResponseBase:
    at = timezone.now()
    _logged(participant, at)
    return _file(copy_pdf(sections(everything_about(participant)), at=at), "application/pdf", f"{_('everything')}-{at:%Y-%m-%d}.pdf")


@require_safe
@own_page(reason=COPY)
def own_copy_json(_request: HttpRequest, participant: Participant) -> HttpResponseBase:
    at = timezone.now()
    _logged(participant, at)
    made = json.dumps(as_data(everything_about(participant, history=True), at=at), ensure_ascii=False, indent=2)
    return _file(made.encode(), "application/json; charset=utf-8", f"{_('everything')}-{at:%Y-%m-%d}.json")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    kind = "attachment" if name.endswith(".json") else "inline"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'{kind}; filename="{name}"'})


# --- Erasing


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="erases their own details")
def own_erase(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    """GET asks once. After it nothing of the visit is left in this browser."""
    at = timezone.now()
    if request.method == "POST":
        with suppress(DomainError):  # the button was pressed twice: it is done
            erase(participant=participant, by=None, reason="asked for it", at=at)
        close_door(request)
        return redirect("own_erased")
    coming = Appointment.objects.about(participant).coming(at).select_related("place__initiative", "professional__user")
    return render(request, "participants/rights/erase.html", {"coming": coming, "account": participant.user})


@also_as_help
@login_not_required
@require_safe
def own_erased(request: HttpRequest) -> HttpResponse:
    """About nobody: whoever stands here has no details any more."""
    return render(request, "participants/rights/erased.html")


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="erases somebody at their request")
def participant_erase(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponseBase:
    """Two steps: first whether they ask for it themselves, then once more what is lost."""
    found = Participant.objects.helped_by(professional.user).to_open()
    participant, at = get_object_or_404(found, pk=pk), timezone.now()
    if not can_erase_with(professional.user, participant):
        return redirect("participants")
    form = EraseTogetherForm(request.POST if request.method == "POST" else None)
    asked = request.method == "POST" and form.is_valid()
    if asked and request.POST.get("sure") == "yes":
        erase(participant=participant, by=professional.user, reason="asked for it", at=at)
        messages.success(request, _("Everything is erased. Only a count is left."))
        return redirect("participants")
    details = open_participant(participant=participant, reason="erases somebody at their request", at=at)
    context: dict[str, Any] = {"participant": participant, "details": details, "form": form, "asked": asked}
    return render(request, "participants/rights/erase_together.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="keeps their own details")
def own_keep(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    """From the message that the details would be erased: no, keep them."""
    at = timezone.now()
    if request.method == "POST":
        touch(participant, at)
        messages.success(request, _("Good. We keep your details."))
        return redirect("own")
    record_access(participant_id=participant.pk, what="participant.details", reason="keeps their own details", at=at)
    return render(request, "participants/rights/keep.html", {"participant": participant})


# --- A proof


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="makes a proof that they came")
def own_attendance(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    at = timezone.now()
    record_access(participant_id=participant.pk, what="participant.attendance", reason="makes a proof that they came", at=at)
    came = Appointment.objects.about(participant).filter(status=AppointmentStatus.CAME)
    talks = list(came.select_related("place__initiative", "professional__user").order_by("begins", "pk"))
    form = AttendanceForm(request.POST if request.method == "POST" else None, talks=talks)
    if request.method == "POST" and form.is_valid():
        with on_paper():
            made = attendance_pdf(form.chosen(), name=form.cleaned_data["name"], show=form.cleaned_data["show"], at=at)
        return _file(made, "application/pdf", f"{_('proof')}-{at:%Y-%m-%d}.pdf")
    return render(request, "participants/rights/attendance.html", {"form": form, "talks": talks}, status=422 if form.errors else 200)
