"""A coordinator opens somebody's details in an emergency, and reads them for an hour. For everybody else neither page is there."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.audit.context import person_page
from fieldlab.lib.errors import DomainError
from fieldlab.lib.limits import too_often
from participants.actions.copies import everything_about
from participants.actions.copy_words import sections
from participants.actions.glass import break_glass as break_the_glass
from participants.actions.glass import in_words, opened
from participants.actions.people import open_participant
from participants.forms.rights import GlassForm
from participants.models import AccessReason, BrokenGlass, Participant
from participants.permissions import can_break_glass

TRIES_AN_HOUR = 10
# What a coordinator reads then: not what was typed during a talk and not approved, nor who else looked
TABLES = ("consents", "accesses", "appointments", "report_versions", "reports", "goals", "goal_marks", "plan_steps", "hand_overs", "calls")
SECTIONS = ("details", "appointments", "plan", "reports", "consents", "accesses", "calls")


@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated or not can_break_glass(request.user):
        raise Http404
    form = GlassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            glass = _tried(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("glass_open", glass.participant_id)
    return render(request, "participants/rights/glass.html", {"form": form}, status=422 if form.errors else 200)


def _tried(request: HttpRequest, form: GlassForm) -> BrokenGlass:
    """Codes are not to be guessed."""
    if too_often(request, "glass", most=TRIES_AN_HOUR, seconds=3600, if_unknown=True):
        raise DomainError(_("You tried too many codes. Wait an hour, or call a colleague."))
    said = form.cleaned_data
    why = in_words(said["emergency"], said["why"])
    return break_the_glass(coordinator=request.user, code=said["code"], why=why, at=timezone.now())  # type: ignore[arg-type]


@require_safe
@person_page(reason="break_glass", role="coordinator")
def glass_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read only, and as long as it lasts."""
    user, at = request.user, timezone.now()
    if not user.is_authenticated or not can_break_glass(user):
        raise Http404
    participant = get_object_or_404(Participant.objects.visible_to(user).in_force().to_open(), pk=pk)
    glass = opened(coordinator=user, participant=participant, at=at)
    if glass is None:
        raise Http404
    details = open_participant(participant=participant, reason=AccessReason.BREAK_GLASS.value, at=at)
    found = sections(everything_about(participant, tables=TABLES), names=SECTIONS)
    return render(request, "participants/rights/glass_open.html", {"glass": glass, "details": details, "sections": found})
