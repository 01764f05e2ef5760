"""One's own plan: read it, say how far one is, agree to a day, print it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import on_paper
from participants.actions import hand_over_state, hand_overs, plans
from participants.actions.people import open_participant, touch
from participants.actions.plan_overview import FAR, plan_of
from participants.forms.plan import GoalForm, OwnStepForm
from participants.models import Details, Goal, HandOver, Participant, PlanStep, StepStatus
from participants.views.doors import own_page
from participants.views.hand_overs import revision_of
from participants.views.plan import change_goal, change_status, paper

REASON = "own plan"


def _opened(participant: Participant) -> Details:
    return open_participant(participant=participant, reason=REASON, at=timezone.now())


@require_safe
@own_page(reason=REASON)
def own_plan(request: HttpRequest, participant: Participant) -> HttpResponse:
    context = {
        "details": _opened(participant),
        "plan": plan_of(participant),
        "far": list(enumerate(FAR)),
        "statuses": [StepStatus.DOING, StepStatus.DONE, StepStatus.DROPPED],
        "at": timezone.now(),
    }
    return render(request, "participants/plan/own.html", context)


@require_safe
@own_page(reason="prints their own plan")
@on_paper()
def own_plan_print(_request: HttpRequest, participant: Participant) -> HttpResponse:
    return paper(participant, _opened(participant))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason=REASON)
def own_goal(request: HttpRequest, participant: Participant) -> HttpResponse:
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_goal(participant=participant, words=form.cleaned_data["words"], at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            touch(participant, timezone.now())
            return redirect("own_plan")
    return render(request, "participants/plan/own_goal.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@own_page(reason=REASON)
def own_goal_change(request: HttpRequest, participant: Participant, goal: UUID) -> HttpResponse:
    change_goal(request, get_object_or_404(Goal.objects.select_related("participant"), participant=participant, pk=goal))
    touch(participant, timezone.now())
    return redirect("own_plan")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason=REASON)
def own_step(request: HttpRequest, participant: Participant) -> HttpResponse:
    form, actor = OwnStepForm(request.POST or None), request.user if isinstance(request.user, User) else None
    if request.method == "POST" and form.is_valid():
        try:
            own = actor if actor and participant.user_id == actor.pk else None
            plans.add_step(participant=participant, actor=own, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            touch(participant, timezone.now())
            return redirect("own_plan")
    return render(request, "participants/plan/own_step.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@own_page(reason=REASON)
def own_step_change(request: HttpRequest, participant: Participant, step: UUID) -> HttpResponse:
    change_status(request, get_object_or_404(PlanStep.objects.select_related("participant"), participant=participant, pk=step))
    touch(participant, timezone.now())
    return redirect("own_plan")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason=REASON)
def own_hand_over(request: HttpRequest, participant: Participant, asked: UUID) -> HttpResponse:
    """ "Dinsdag om twee uur naar het Naaiatelier. Wilt u dat?" Yes or no; a no needs no reason."""
    found = get_object_or_404(HandOver.objects.with_place(), participant=participant, pk=asked)
    found.participant = participant
    at = timezone.now()
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                hand_overs.withdraw(hand_over=found, at=at)
                messages.success(request, _("You do not go. We tell the place."))
            else:
                hand_overs.agree(hand_over=found, revision=revision_of(request), at=at)
                messages.success(request, _("Good. We wrote down your yes."))
        except DomainError as error:
            messages.warning(request, error.message)
        touch(participant, at)
        return redirect("own_plan")
    _opened(participant)
    return render(request, "participants/plan/own_hand_over.html", {"asked": hand_over_state.read(found), "hand_over": found, "at": at})
