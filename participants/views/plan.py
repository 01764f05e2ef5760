"""The plan, with professional and participant side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.lib.errors import DomainError
from participants.actions import plans
from participants.actions.plan_overview import FAR, ICONS, plan_of
from participants.forms.plan import FollowUpForm, GoalForm, StepChangeForm, StepForm
from participants.models import Consent, Details, FollowUp, Goal, Participant, PlanStep, Professional, Purpose, StepKind, StepStatus
from participants.papers.plan import plan_pdf
from participants.views.doors import professional_page, whom

REASON = "makes a plan with this person"


@require_safe
@professional_page(reason=REASON)
def plan(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    context = {
        "participant": participant,
        "details": details,
        "plan": plan_of(participant),
        "far": list(enumerate(FAR)),
        "statuses": [StepStatus.DOING, StepStatus.DONE, StepStatus.DROPPED],
        "may_tell": Consent.objects.given(participant, Purpose.SHARE),
        "at": timezone.now(),
    }
    return render(request, "participants/plan/plan.html", context)


@require_safe
@professional_page(reason="prints the plan of this person")
def plan_print(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    return paper(participant, details)


def paper(participant: Participant, details: Details) -> HttpResponse:
    at = timezone.now()
    made = plan_pdf(plan_of(participant), first_name=details.first_name, at=at)
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{_("plan")}-{at:%Y-%m-%d}.pdf"'}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def plan_goal(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_goal(participant=participant, words=form.cleaned_data["words"], at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("plan", pk)
    return _form_page(request, "goal", participant, details, form)


@require_POST
@professional_page(reason=REASON)
def plan_goal_change(request: HttpRequest, professional: Professional, pk: UUID, goal: UUID) -> HttpResponse:
    participant, _details = whom(professional, pk, REASON)
    change_goal(request, get_object_or_404(Goal.objects.select_related("participant"), participant=participant, pk=goal))
    return redirect("plan", pk)


def change_goal(request: HttpRequest, goal: Goal) -> None:
    """What one of the buttons beside a goal asks: a mark of 0 to 4, let it go, or take it back."""
    at, asked = timezone.now(), request.POST.get("far", "")
    try:
        if request.POST.get("do") == "drop":
            plans.drop_goal(goal=goal, at=at)
        elif request.POST.get("do") == "back":
            plans.take_goal_back(goal=goal, at=at)
        else:
            plans.mark_goal(goal=goal, far="01234".find(asked) if len(asked) == 1 else -1, at=at)
    except DomainError as error:
        messages.warning(request, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def plan_step(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """First what (`soort` in the address), then where, who, when and why."""
    participant, details = whom(professional, pk, REASON)
    kind = request.GET.get("soort", "")
    if kind not in StepKind.values:
        context = {"participant": participant, "details": details, "kinds": [(each, ICONS[each]) for each in StepKind]}
        return render(request, "participants/plan/step_kind.html", context)
    found = plans.suggested_places(participant=participant, details=details, kind=kind, at=timezone.now())
    form = StepForm(request.POST or None, kind=kind, places=[each.initiative for each in found])
    if request.method == "POST" and form.is_valid() and _added(form, participant, professional, kind):
        return redirect("plan", pk)
    return _form_page(request, "step", participant, details, form, suggested=found, kind=StepKind(kind))


def _added(form: StepForm, participant: Participant, professional: Professional, kind: str) -> bool:
    said = {name: form.cleaned_data[name] for name in ("done_by", "due_on", "why") if name in form.fields}
    try:
        plans.add_step(participant=participant, kind=kind, actor=professional.user, initiative=form.initiative, at=timezone.now(), **said)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def plan_step_change(request: HttpRequest, professional: Professional, pk: UUID, step: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    found = get_object_or_404(PlanStep.objects.select_related("participant__key", "initiative"), participant=participant, pk=step)
    if "status" in request.POST:
        change_status(request, found)
        return redirect("plan", pk)
    before = plans.words_of(found)
    initial = {"done_by": found.done_by, "due_on": found.due_on, "why": before}
    form = StepChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plans.change_step(step=found, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("plan", pk)
    return _form_page(request, "step_change", participant, details, form, step=found)


def change_status(request: HttpRequest, step: PlanStep) -> None:
    """One of the buttons beside a step."""
    status = request.POST.get("status", "")
    if status not in StepStatus.values:
        raise Http404
    try:
        plans.set_status(step=step, status=status, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def plan_follow_up(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_follow_up(participant=participant, on=form.cleaned_data["on"], professional=professional.user, at=timezone.now())
        except DomainError as error:
            form.add_error("on", error.message)
        else:
            return redirect("plan", pk)
    return _form_page(request, "follow_up", participant, details, form)


@require_POST
@professional_page(reason=REASON)
def plan_follow_up_change(request: HttpRequest, professional: Professional, pk: UUID, moment: UUID) -> HttpResponse:
    participant, _details = whom(professional, pk, REASON)
    found = get_object_or_404(FollowUp, participant=participant, pk=moment)
    if request.POST.get("do") == "remove":
        plans.remove_follow_up(follow_up=found, at=timezone.now())
    else:
        plans.finish_follow_up(follow_up=found, at=timezone.now())
    return redirect("plan", pk)


def _form_page(request: HttpRequest, name: str, participant: Participant, details: Details, form: Any, **more: Any) -> HttpResponse:
    context = {"participant": participant, "details": details, "form": form, **more}
    return render(request, f"participants/plan/{name}.html", context, status=422 if form.errors else 200)
