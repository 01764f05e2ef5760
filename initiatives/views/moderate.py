from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions import decide
from initiatives.forms import DecisionForm
from initiatives.models import Initiative, ModerationDecision
from initiatives.permissions import can_see_queue

Decision = ModerationDecision.Decision
# After this the wait stands out; people are told "within three working days"
PROMISED = timedelta(days=3)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; and what was decided last."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    mine = Initiative.objects.moderated_by(request.user)
    recent = (
        ModerationDecision.objects.filter(initiative__in=mine)
        .select_related("initiative__area", "decided_by")
        .defer("initiative__area__boundary")
    )
    context = {"waiting": mine.awaiting_moderation().with_area()[:100], "recent": recent[:8], **_clock()}
    return render(request, "initiatives/moderate/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    """Preview and decision."""
    initiative = get_object_or_404(Initiative.objects.moderated_by(request.user).with_area(), slug=slug)
    form = DecisionForm(request.POST or None, initiative=initiative)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        try:
            decide(
                initiative=initiative,
                actor=request.user,
                decision=Decision(form.cleaned_data["decision"]),
                message=form.cleaned_data["message"],
                revision=form.cleaned_data["revision"],
                at=timezone.now(),
            )
        except DomainError as error:
            messages.warning(request, error.message)
            return redirect("moderate", slug)
        messages.success(request, _("Done. %(name)s gets an e-mail about it.") % {"name": initiative.name})
        return redirect("moderation_queue")
    context = {
        "initiative": initiative,
        "form": form,
        "decisions": initiative.decisions.select_related("decided_by"),
        **_clock(),
    }
    return render(request, "initiatives/moderate/decide.html", context, status=422 if form.errors else 200)


def _clock() -> dict[str, datetime]:
    now = timezone.now()
    return {"now": now, "on_time_since": now - PROMISED}
