"""The talk at the table: asked from a page that saves as one types, or by a button without JavaScript."""

import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.audit.actions import record_access
from participants.actions.talks import NoConsent, Saved, answers_of, current_report, make_sentences, may_write, save_answers
from participants.forms.talk import HIGHEST, TalkForm, as_words, asked, screen_of
from participants.guide import QUESTIONS
from participants.models import Appointment, Details, IntakeReport, Participant, Professional
from participants.views.doors import professional_page, whom

REASON = "talks with this person"
FROM = "afspraak"


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def talk(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """Of an appointment (`?afspraak=` in the address), or without one."""
    participant, details = whom(professional, pk, REASON)
    appointment = _appointment(request, participant)
    if request.method == "POST":
        return _save(request, professional, participant, details, appointment)
    report = current_report(participant, appointment)
    form = TalkForm(answers=_opened(participant, report))
    return _page(request, participant, details, form, report)


def _appointment(request: HttpRequest, participant: Participant) -> Appointment | None:
    try:
        asked_for = UUID(request.GET.get(FROM, ""))
    except ValueError:
        return None
    found: Appointment = get_object_or_404(Appointment.objects.about(participant).agreed(), pk=asked_for)
    return found


def _opened(participant: Participant, report: IntakeReport | None) -> dict[str, Any]:
    """Without their consent nothing is shown either."""
    if report is None or not may_write(participant):
        return {}
    record_access(participant_id=participant.pk, what="talk", reason=REASON, at=timezone.now())
    return dict(answers_of(report, participant.key.unwrap()))


def _save(
    request: HttpRequest, professional: Professional, participant: Participant, details: Details, appointment: Appointment | None
) -> HttpResponse:
    form = TalkForm(request.POST, names=request.POST.getlist("questions"))
    if not form.is_valid():
        return _not_valid(request, participant, details, form, appointment)
    try:
        saved = save_answers(
            participant=participant,
            writer=professional.user,
            answers=form.answers,
            screen=screen_of(request.POST),
            appointment=appointment,
            at=timezone.now(),
        )
    except NoConsent as error:
        return _refused(request, participant, details, error.message)
    if _by_script(request):
        return _told(saved)
    if saved.others:
        return _page(request, participant, details, form, saved.report, others=saved.others, status=409)
    return _after(request, participant, saved.report)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _told(saved: Saved) -> HttpResponse:
    """To the script: what it saved, and what another screen had saved before."""
    others = {name: {**answer, "shown": as_words(QUESTIONS[name], answer)} for name, answer in saved.others.items()}
    return JsonResponse({"revision": saved.revision, "others": others}, status=409 if others else 200)


def _not_valid(request: HttpRequest, participant: Participant, details: Details, form: TalkForm, appointment: Any) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"errors": form.errors_by_question}, status=422)
    return _page(request, participant, details, form, current_report(participant, appointment), status=422)


def _refused(request: HttpRequest, participant: Participant, details: Details, message: str) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"message": message}, status=403)
    return _page(request, participant, details, TalkForm(), None, status=409)


def _after(request: HttpRequest, participant: Participant, report: IntakeReport | None) -> HttpResponse:
    """Back to the part of the page that was saved, or on to the sentences."""
    asked_for = request.POST.get("do", "")
    if asked_for == "sentences" and report is not None:
        make_sentences(report=report, at=timezone.now())
        return redirect("report_sentences", report.pk)
    query = f"?{FROM}={request.GET[FROM]}" if FROM in request.GET else ""
    return redirect(f"{reverse('talk', args=[participant.pk])}{query}#{asked_for if asked_for.isalpha() and asked_for.isascii() else ''}")


def _page(
    request: HttpRequest,
    participant: Participant,
    details: Details,
    form: TalkForm,
    report: IntakeReport | None,
    *,
    others: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "participant": participant,
        "details": details,
        "may_write": may_write(participant),
        "form": form,
        "sections": asked(form, others),
        "report": report,
        "revision": report.revision if report else 0,
        "screen": request.POST.get("screen", "") or 1 + secrets.randbelow(HIGHEST),
        "others": others,
        "texts": _texts(),
    }
    return render(request, "participants/talk/talk.html", context, status=status)


def _texts() -> dict[str, str]:
    """What the script says."""
    return {
        "saving": _("Saving…"),
        "saved": _("Everything is saved."),
        "typing": _("Not saved yet."),
        "lost": _("Not saved. We try again."),
        "out": _("Not saved. You are no longer signed in. Sign in on another tab, and leave this one open: then we save by ourselves."),
        "refused": _("Not saved. This person does not want this written down. Talk on without writing."),
        "wrong": _("Not everything is saved. Look at the red lines."),
        "two": _("Not everything is saved. Somebody typed on another screen. Choose below."),
    }
