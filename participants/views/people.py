"""The people whom a professional helps: the list, and the page of one of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_accesses
from fieldlab.lib.encryption import unseal
from initiatives.models import Language
from participants.actions.people import change_details
from participants.forms.day import ChangeForm
from participants.models import (
    Appointment,
    CallAbout,
    Consent,
    FollowUp,
    Goal,
    HandOver,
    IntakeReport,
    Participant,
    ParticipantAccess,
    PlanStep,
    Professional,
    Purpose,
    Reach,
)
from participants.views.desk_talks import with_wishes
from participants.views.doors import professional_page, whom

PER_PAGE = 40
EARLIER = 10


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="the list of their people")
def participants(request: HttpRequest, professional: Professional) -> HttpResponse:
    """Whoever waits longest for contact comes first. POST finds by a part of the name, as no name belongs in an address."""
    at, typed = timezone.now(), request.POST.get("naam", "").strip()[:80]
    mine = _listed(professional.user, at)
    page = Paginator(_named(mine, typed) if typed else mine, PER_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    shown = [each.pk for each in page]
    record_accesses(participant_ids=shown, what="participant.name", reason="the list of their people", at=at)
    steps = _next_steps(shown)
    context = {"page": page, "people": [(each, each.open(), steps.get(each.pk)) for each in page], "typed": typed}
    return render(request, "participants/day/people.html", context)


def _listed(user: User, at: datetime) -> Any:
    coming = Appointment.objects.coming(at).filter(participant=OuterRef("pk"))
    mine = Participant.objects.helped_by(user).to_open()
    return mine.annotate(next_talk=Subquery(coming.values("begins")[:1])).order_by("last_contact_at", "created_at", "pk")


def _named(people: Any, typed: str) -> list[Participant]:
    """Names are sealed: each of one's own people is opened to look, and only those that are shown count as looked at."""
    return [each for each in people if typed.casefold() in f"{each.open().name} {each.code}".casefold()]


def _next_steps(people: list[UUID]) -> dict[UUID, PlanStep]:
    steps = (
        PlanStep.objects.open()
        .filter(participant__in=people)
        .select_related("initiative")
        .order_by("participant_id", "due_on", "created_at")
    )
    return {step.participant_id: step for step in steps.distinct("participant_id")}


@require_safe
@professional_page(reason="helps this person")
def participant(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    at = timezone.now()
    found, details = whom(professional, pk, "helps this person")
    context = {
        "participant": found,
        "details": details,
        "languages": [Language(code).label for code in details.languages],
        "reach": Reach(details.reach).label,
        **_about(found, at),
    }
    return render(request, "participants/day/person.html", context)


def _about(found: Participant, at: datetime) -> dict[str, Any]:
    talks = Appointment.objects.filter(participant=found).select_related("place__initiative", "room", "professional__user")
    answers = {each.purpose: each for each in Consent.objects.filter(participant=found).last().select_related("witness")}
    goals, key = Goal.objects.filter(participant=found, dropped_at=None).prefetch_related("marks"), found.key.unwrap()
    return {
        "coming": list(with_wishes(talks.coming(at))),
        "now": at,
        # Whoever had it stopped, so that somebody else says so
        "unknown": list(talks.filter(status="booked", begins__lte=at).exclude(professional__ended_at=None)),
        "earlier": list(talks.agreed().filter(ends__lte=at).order_by("-begins")[:EARLIER]),
        "consents": [(purpose, answers.get(purpose)) for purpose in Purpose],
        "reports": list(IntakeReport.objects.filter(participant=found).prefetch_related("versions")[:EARLIER]),
        "goals": [(unseal(goal, key, ["words"])["words"], _far(goal)) for goal in goals],
        "steps": list(PlanStep.objects.open().filter(participant=found).select_related("initiative")),
        "hand_overs": list(HandOver.objects.open().filter(participant=found).select_related("initiative")),
        "follow_ups": list(FollowUp.objects.filter(participant=found, about=CallAbout.PROGRESS, done_at=None)),
        "calls": list(found.calls.select_related("caller")[:EARLIER]),
        "accesses": list(ParticipantAccess.objects.open().filter(participant=found).select_related("user", "initiative")),
    }


def _far(goal: Goal) -> int | None:
    marks = list(goal.marks.all())
    return marks[-1].far if marks else None


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="puts details right")
def participant_change(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    found, details = whom(professional, pk, "puts details right")
    form = ChangeForm(request.POST or None, initial=ChangeForm.initial_of(found, details))
    if request.method == "POST" and form.is_valid():
        change_details(participant=found, details=form.details(), neighbourhood=form.cleaned_data["neighbourhood"])
        messages.success(request, _("Saved."))
        return redirect("participant", pk=found.pk)
    context = {"form": form, "participant": found, "details": details}
    return render(request, "participants/day/change.html", context, status=422 if form.errors else 200)
