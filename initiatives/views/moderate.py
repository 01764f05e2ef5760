from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives import channels
from initiatives.actions import decide, differences, last_seen, send_message, version_at
from initiatives.actions.differences import in_words
from initiatives.actions.twins import twins_for_moderator
from initiatives.forms.moderate import DecisionForm, MessageForm
from initiatives.models import Initiative, ModerationDecision
from initiatives.permissions import can_edit, can_see_queue
from initiatives.querysets import STALE_AFTER, InitiativeQuerySet

Decision = ModerationDecision.Decision
PER_PAGE = 20
THREAD = 20
# The three lists, by their word in the address; and after how long a wait stands out. New ones are promised within three working days.
LISTS = {"nieuw": "new", "veranderd": "changed", "stil": "stale"}
PROMISED = {"new": timedelta(days=3), "changed": timedelta(days=14), "stale": STALE_AFTER + timedelta(days=91)}


@dataclass(frozen=True)
class Wait:
    """Since when, and how full its bar is: in the middle at the time that is promised."""

    since: datetime
    now: datetime
    promised: timedelta

    @property
    def late(self) -> bool:
        return self.now - self.since > self.promised

    @property
    def percent(self) -> int:
        return max(2, min(100, round(50 * ((self.now - self.since) / self.promised))))


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first: new pages, live ones that changed, and those nobody confirmed; and what was decided last."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    now, mine = timezone.now(), Initiative.objects.moderated_by(request.user)
    districts = mine.waiting_by_district(now)
    district = next((each for each in districts if each["code"] == request.GET.get("gebied")), None)
    counts = {word: sum(each[name] for each in ([district] if district else districts)) for word, name in LISTS.items()}
    shown = next((word for word in LISTS if word == request.GET.get("lijst")), next((word for word in LISTS if counts[word]), "nieuw"))
    if district:
        mine = mine.filter(area__parent__parent__code=district["code"])
    page = Paginator(_waiting(mine, LISTS[shown], now).with_area(), PER_PAGE).get_page(request.GET.get("page"))
    for initiative in page:
        initiative.wait = _wait(initiative, LISTS[shown], now)  # type: ignore[attr-defined]
    recent = ModerationDecision.objects.filter(initiative__in=mine).select_related("initiative__area", "decided_by")
    context = {
        "page": page,
        "shown": shown,
        "counts": counts,
        "districts": districts,
        "district": district,
        "most": max((each["total"] for each in districts), default=0),
        "recent": recent.defer("initiative__area__boundary")[:8],
        "now": now,
    }
    return render(request, "initiatives/moderate/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    """Preview and decision."""
    initiative = _moderated(request, slug)
    form = DecisionForm(request.POST or None, initiative=initiative)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        decision = Decision(form.cleaned_data["decision"])
        try:
            decide(
                initiative=initiative,
                actor=request.user,
                decision=decision,
                message=form.cleaned_data["message"],
                revision=form.cleaned_data["revision"],
                at=timezone.now(),
            )
        except DomainError as error:
            messages.warning(request, error.message)
            return redirect("moderate", slug)
        silent = decision == Decision.CHECKED and not form.cleaned_data["message"]
        done = _("Done. You looked through the changes of %(name)s.") if silent else _("Done. %(name)s gets an e-mail about it.")
        messages.success(request, done % {"name": initiative.name})
        return redirect("moderation_queue")
    return _decide_page(request, initiative, form, MessageForm())


@require_POST
def moderate_message(request: HttpRequest, slug: str) -> HttpResponse:
    """A word to the team, without a decision."""
    initiative, form = _moderated(request, slug), MessageForm(request.POST)
    if not form.is_valid() or not isinstance(request.user, User):
        return _decide_page(request, initiative, DecisionForm(None, initiative=initiative), form)
    try:
        send_message(initiative=initiative, actor=request.user, by_moderator=True, text=form.cleaned_data["text"], at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Sent. %(name)s gets an e-mail about it.") % {"name": initiative.name})
    return redirect("moderate", slug)


def _moderated(request: HttpRequest, slug: str) -> Initiative:
    return get_object_or_404(Initiative.objects.moderated_by(request.user).with_area(), slug=slug)


def _decide_page(request: HttpRequest, initiative: Initiative, form: DecisionForm, message_form: MessageForm) -> HttpResponse:
    now, faulty = timezone.now(), form if form.errors else message_form
    seen = last_seen(initiative)
    row = version_at(initiative, seen) if seen and seen < initiative.revision else None
    waiting = "new" if initiative.status == "submitted" else "changed" if initiative.changed_since_checked else ""
    context = {
        "initiative": initiative,
        "form": form,
        "message_form": message_form,
        "faulty": faulty,
        "may_edit": can_edit(request.user, initiative),
        "seen": row,
        "differences": [each for each in differences(row, initiative) if each.field != "status"] if row else [],
        "told": in_words(initiative),
        "channels": channels.read(initiative.channels),
        "wait": _wait(initiative, waiting, now) if waiting else None,
        "stale": initiative.is_stale(now),
        "twins": twins_for_moderator(initiative),
        "thread": initiative.messages.select_related("author").order_by("-at", "-pk")[:THREAD],
        "decisions": initiative.decisions.select_related("decided_by")[:THREAD],
        "now": now,
    }
    return render(request, "initiatives/moderate/decide.html", context, status=422 if faulty.errors else 200)


def _waiting(mine: InitiativeQuerySet, name: str, now: datetime) -> InitiativeQuerySet:
    match name:
        case "new":
            return mine.awaiting_moderation()
        case "changed":
            return mine.changed_since_checked()
        case _:
            return mine.stale(now)


def _wait(initiative: Any, name: str, now: datetime) -> Wait:
    since = {
        "new": lambda: initiative.submitted_at,
        "changed": lambda: getattr(initiative, "changed_since", initiative.updated_at),
        "stale": lambda: initiative.last_confirmed,
    }[name]()
    return Wait(since, now, PROMISED[name])
