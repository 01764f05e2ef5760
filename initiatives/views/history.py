"""The versions of an entry, and bringing one back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions import differences, restore, restoring, timeline, version_at, versions
from initiatives.models import Initiative, Status
from initiatives.permissions import can_edit, can_see_history, in_team

PER_PAGE = 10


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what, the newest first."""
    initiative = _found(request, slug)
    page = Paginator(versions(initiative), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "initiative": initiative,
        "page": page,
        "timeline": timeline(initiative, (page.number - 1) * PER_PAGE, PER_PAGE),
        "may_restore": initiative.status != Status.ARCHIVED and can_edit(request.user, initiative),
        "in_team": in_team(request.user, initiative),
    }
    return render(request, "initiatives/history/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore_version(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """What bringing this version back changes; the button does it."""
    initiative = _found(request, slug)
    row = version_at(initiative, revision)
    if row is None or initiative.status == Status.ARCHIVED or not can_edit(request.user, initiative):
        raise Http404
    if request.method == "POST" and isinstance(request.user, User):
        seen = request.POST.get("revision", "")
        try:
            restore(
                initiative=initiative,
                actor=request.user,
                version=revision,
                revision=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                at=timezone.now(),
            )
        except DomainError as error:
            return _restore_page(request, initiative, row, error=error.message, status=409)
        messages.success(request, _("Done. The version of before is back."))
        return redirect("initiative_history", slug)
    return _restore_page(request, initiative, row)


def _restore_page(request: HttpRequest, initiative: Initiative, row: Any, *, error: str = "", status: int = 200) -> HttpResponse:
    now = Initiative.objects.with_area().get(pk=initiative.pk)
    would = restoring(now, row)
    context = {
        "initiative": now,
        "row": row,
        "differences": differences(now, would.after),
        "left_out": would.left_out,
        "error": error,
    }
    return render(request, "initiatives/history/restore.html", context, status=status)


def _found(request: HttpRequest, slug: str) -> Initiative:
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user).with_area(), slug=slug)
    if not can_see_history(request.user, initiative):
        raise Http404
    return initiative
