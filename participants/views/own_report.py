"""One's own report: read it, hear it, print it, take a sentence away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import on_paper
from participants.actions import reports
from participants.actions.people import open_participant
from participants.actions.reports import versions_of
from participants.models import IntakeReport, IntakeReportVersion, Participant
from participants.views.doors import own_page
from participants.views.reports import paper

READS, PRINTS, AWAY = "reads their own report", "prints their own report", "takes a sentence away"


def _logged(participant: Participant, reason: str) -> None:
    record_access(participant_id=participant.pk, what="report", reason=reason, at=timezone.now())


@require_safe
@own_page(reason=READS)
def own_report(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Of each talk the last version, and below it the earlier ones; who is here reads all of them."""
    rows = IntakeReportVersion.objects.filter(participant=participant).select_related("read_with", "report")
    by_report: dict[UUID, list[reports.Version]] = {}
    for version in versions_of(rows.order_by("-report__begun_at", "report", "-number"), participant.key.unwrap()):
        by_report.setdefault(version.row.report_id, []).append(version)
    _logged(participant, READS)
    unread = IntakeReport.objects.filter(participant=participant).with_a_draft().order_by("begun_at", "pk")
    context = {"reports": [(versions[0], versions[1:]) for versions in by_report.values()], "unread": unread}
    return render(request, "participants/talk/own_report.html", context)


def _own(participant: Participant, pk: UUID) -> IntakeReport:
    found: IntakeReport = get_object_or_404(IntakeReport, participant=participant, pk=pk)
    found.participant = participant
    return found


@require_safe
@own_page(reason=PRINTS)
@on_paper()
def own_report_print(_request: HttpRequest, participant: Participant, pk: UUID) -> HttpResponse:
    this, details = _own(participant, pk), open_participant(participant=participant, reason=PRINTS, at=timezone.now())
    _logged(participant, PRINTS)
    return paper(this, details)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason=AWAY)
def own_report_away(request: HttpRequest, participant: Participant, pk: UUID, version: int, place: int) -> HttpResponse:
    """Asks once: this sentence is gone from what others read."""
    this, at = _own(participant, pk), timezone.now()
    if request.method == "POST":
        try:
            reports.take_away(report=this, number=version, place=place, at=at)
            messages.success(request, _("The sentence is gone from your report."))
        except DomainError as error:
            messages.warning(request, error.message)
        return redirect("own_report")
    last = versions_of(this.versions.filter(number=version), participant.key.unwrap())
    if not last or not 1 <= place <= len(last[0].sentences):
        raise Http404
    _logged(participant, READS)
    return render(request, "participants/talk/own_away.html", {"sentence": last[0].sentences[place - 1]})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason=AWAY)
def own_report_throw_away(request: HttpRequest, participant: Participant, pk: UUID) -> HttpResponse:
    """What was written down and not approved."""
    this = _own(participant, pk)
    if request.method == "POST":
        reports.throw_away(report=this, at=timezone.now())
        messages.success(request, _("It is gone."))
        return redirect("own_report")
    return render(request, "participants/talk/own_throw_away.html", {"report": this})
