"""A warm hand-over: asking a place, and what the place answers, by link or signed in."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import SystemActor, UserActor, person_context, rendered
from fieldlab.lib.errors import DomainError
from participants.actions import hand_over_answers, hand_over_state, hand_overs, plans
from participants.forms.plan import AnswerForm, DayForm, QuestionForm, SettleForm, next_week
from participants.models import Consent, Details, HandOver, HandOverState, Participant, PlanStep, Professional, Purpose
from participants.views.doors import professional_page, whom
from participants.views.plan import REASON


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="asks a place whether this person may come")
def hand_over_new(request: HttpRequest, professional: Professional, pk: UUID, step: UUID) -> HttpResponse:
    participant, details = whom(professional, pk, REASON)
    found = get_object_or_404(PlanStep.objects.open().select_related("initiative"), participant=participant, pk=step)
    may_tell, at = Consent.objects.given(participant, Purpose.SHARE), timezone.now()
    first, suggested = _places(found, participant, details)
    form = QuestionForm(
        request.POST or None,
        places=first + [each.initiative for each in suggested],
        initial={"place": _best(first, suggested), **next_week(at)},
    )
    if request.method == "POST" and form.is_valid() and _asked(form, found, professional):
        return redirect("plan", pk)
    context = {"participant": participant, "details": details, "step": found, "form": form, "first": first, "suggested": suggested}
    return render(request, "participants/plan/ask.html", {**context, "may_tell": may_tell}, status=422 if form.errors else 200)


def _places(step: PlanStep, participant: Participant, details: Details) -> tuple[list[Any], list[plans.Suggested]]:
    """The step's own place, unless it said no or nothing; and those that suit besides it."""
    asked = set(HandOver.objects.filter(step=step, state__in=["no_room", "unanswered"]).values_list("initiative", flat=True))
    own = [step.initiative] if step.initiative and step.initiative_id not in asked else []
    without = asked | {each.pk for each in own}
    found = plans.suggested_places(participant=participant, details=details, kind=step.kind, at=timezone.now(), without=without)
    return own, found


def _best(first: list[Any], suggested: list[plans.Suggested]) -> str:
    best = first[0] if first else suggested[0].initiative if suggested else None
    return str(best.pk) if best else ""


def _asked(form: QuestionForm, step: PlanStep, professional: Professional) -> bool:
    said = form.cleaned_data
    try:
        hand_overs.propose(
            step=step,
            initiative=cast("Any", form.initiative),
            what=said["what"],
            comes_at=cast("Any", form.moment),
            professional=professional.user,
            participant_agrees=said["participant_agrees"],
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=REASON)
def hand_over(request: HttpRequest, professional: Professional, pk: UUID, asked: UUID) -> HttpResponse:
    """What a place said: settle another day, hear the participant's yes, or call it off."""
    participant, details = whom(professional, pk, REASON)
    found = get_object_or_404(HandOver.objects.with_place(), participant=participant, pk=asked)
    found.participant = participant
    shown = hand_over_state.read(found)
    form = SettleForm(request.POST if "settle" in request.POST else None, initial=DayForm.initial_of(shown.other_at or found.comes_at))
    if request.method == "POST" and _changed(request, form, found, professional):
        return redirect("plan", pk)
    context = {"participant": participant, "details": details, "asked": shown, "hand_over": found, "form": form, "at": timezone.now()}
    return render(request, "participants/plan/hand_over.html", context, status=422 if request.method == "POST" else 200)


def _changed(request: HttpRequest, form: SettleForm, found: HandOver, professional: Professional) -> bool:
    at = timezone.now()
    try:
        if "withdraw" in request.POST:
            hand_overs.withdraw(hand_over=found, at=at)
        elif "agree" in request.POST:
            hand_overs.agree(hand_over=found, revision=revision_of(request), at=at)
        elif form.is_valid():
            agrees, moment = form.cleaned_data["participant_agrees"], cast("Any", form.moment)
            hand_overs.settle(hand_over=found, comes_at=moment, professional=professional.user, participant_agrees=agrees, at=at)
        else:
            return not form.is_bound
    except DomainError as error:
        form.is_bound = True
        form.full_clean()
        form.add_error(None, error.message)
        return False
    return True


def revision_of(request: HttpRequest) -> int:
    """Which revision somebody saw; of what is no number none."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


# --- The place


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_answer(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a message, without an account. Opening it changes nothing: mail scanners open links too."""
    if request.user.is_authenticated and request.user.decides_on_benefits:
        raise Http404
    at = timezone.now()
    with person_context(SystemActor("a place answers by link"), reason="a place answers by link"):
        try:
            found, revision = hand_over_answers.by_link(token=token, at=at)
            record_access(participant_id=found.participant_id, what="hand_over", reason="a place answers by link", at=at)
            return rendered(_answer_page(request, found, revision))
        except DomainError as error:
            return rendered(render(request, "initiatives/link_over.html", {"message": error.message}, status=410))


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_team(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The same for a member of the team who is signed in."""
    user = cast("User", request.user)
    with person_context(UserActor(user, "team"), reason="a team answers"):
        found = get_object_or_404(HandOver.objects.at_team_of(user), initiative__slug=slug, pk=pk)
        # Their own wall shows them the row, and not who it is about: that much the platform tells, as its message did.
        with person_context(SystemActor("a team answers")):
            found = HandOver.objects.with_place().select_related("participant__key").get(pk=found.pk)
        record_access(participant_id=found.participant_id, what="hand_over", reason="a team answers", at=timezone.now())
        return rendered(_answer_page(request, found, found.revision))


def _answer_page(request: HttpRequest, found: HandOver, revision: int) -> HttpResponse:
    """One page: the question with three buttons, or what was answered, which may be changed until all three agree."""
    at = timezone.now()
    if found.participant.erased_at:
        message = _("This is no longer asked. You need not do anything.")
        return render(request, "initiatives/link_over.html", {"message": message}, status=410)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(form, found, revision):
        return redirect(request.path)
    may_answer, why_not = True, ""
    try:
        hand_over_answers.check_may_answer(found, revision, at)
    except DomainError as error:
        may_answer, why_not = False, error.message
    context = {"asked": _shown(found), "hand_over": found, "form": form, "may_answer": may_answer, "why_not": why_not}
    context |= {"changes": "anders" in request.GET or bool(form.errors), "states": HandOverState}
    return render(request, "participants/plan/answer.html", context, status=422 if form.errors else 200)


def _shown(found: HandOver) -> hand_over_state.Asked:
    with person_context(SystemActor("a place reads what it was asked")):
        return hand_over_state.read(found)


def _answered(form: AnswerForm, found: HandOver, revision: int) -> bool:
    said = form.cleaned_data
    try:
        hand_over_answers.answer(
            hand_over=found, answer=said["answer"], revision=revision, other_at=form.moment, words=said["words"], at=timezone.now()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True
