"""A report: the sentences in their order, reading them together, and what was approved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from fieldlab.lib.ids import uuid_or_none
from participants.actions import reports
from participants.actions.reports import Changed, Sentence, sentences_of, versions_of
from participants.actions.talks import answers_of, may_write
from participants.forms.talk import ApproveForm, SentenceForm, SentencesForm, number
from participants.models import Details, IntakeReport, Professional, Verdict
from participants.papers.report import report_pdf
from participants.views.doors import professional_page, whom

READS, ARRANGES, TOGETHER, PRINTS = "reads a report", "arranges a report", "reads a report together", "prints a report"
END = "klaar"


def found(professional: Professional, pk: UUID, reason: str) -> tuple[IntakeReport, Details]:
    """A report of somebody whom this professional helps; who it is was opened, and both are logged."""
    report = get_object_or_404(IntakeReport.objects.visible_to(professional.user).select_related("writer"), pk=pk)
    report.participant, details = whom(professional, report.participant_id, reason)
    record_access(participant_id=report.participant_id, what="report", reason=reason, at=timezone.now())
    return report, details


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=READS)
def report(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """The last version in full; of earlier ones when they were approved. POST takes it up to be read again."""
    this, details = found(professional, pk, READS)
    if request.method == "POST":
        return _again(request, this)
    key, rows = this.participant.key.unwrap(), list(this.versions.select_related("read_with"))
    last = versions_of(rows[:1], key)
    context = {
        "report": this,
        "details": details,
        "last": last[0] if last else None,
        "earlier": rows[1:],
        "may_write": may_write(this.participant),
        "draft": sentences_of(this, key),
        "typed": bool(answers_of(this, key)),
    }
    return render(request, "participants/talk/report.html", context)


def _again(request: HttpRequest, this: IntakeReport) -> HttpResponse:
    try:
        reports.read_again(report=this, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("report", this.pk)
    return redirect("report_sentences", this.pk)


@require_safe
@professional_page(reason=PRINTS)
def report_print(_request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    this, details = found(professional, pk, PRINTS)
    return paper(this, details)


def paper(this: IntakeReport, details: Details) -> HttpResponse:
    """The last version; 404 when nothing was approved."""
    last = get_object_or_404(this.versions.all()[:1])
    at = timezone.now()
    made = report_pdf(versions_of([last], this.participant.key.unwrap())[0], first_name=details.first_name, at=at)
    name = f"{_('report')}-{last.approved_at:%Y-%m-%d}.pdf"
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=ARRANGES)
def report_throw_away(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """Asks once; what was approved stays."""
    this, details = found(professional, pk, ARRANGES)
    if request.method == "POST":
        reports.throw_away(report=this, at=timezone.now())
        messages.success(request, _("It is gone."))
        return redirect("report", pk)
    return render(request, "participants/talk/throw_away.html", {"report": this, "details": details})


# --- Sentences


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=ARRANGES)
def report_sentences(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    this, details = found(professional, pk, ARRANGES)
    if not may_write(this.participant):
        messages.warning(request, _("This person has not said yes to writing things down. Nothing was saved."))
        return redirect("report", pk)
    there = {each.id: each.says for each in sentences_of(this, this.participant.key.unwrap()) if each.words is not None}
    if request.method != "POST":
        return _sentences_page(request, this, details, SentencesForm(sentences=there))
    form = SentencesForm(request.POST, sentences=_posted(request, there))
    if not form.is_valid():
        return _sentences_page(request, this, details, form, status=422)
    return _save_sentences(request, this, details, form)


def _posted(request: HttpRequest, there: dict[UUID, str]) -> dict[UUID, str]:
    """The sentences of the screen that sends, also those that another screen took away since; first in the order of here."""
    sent = {each for name in request.POST if name.startswith("s-") and (each := uuid_or_none(name[2:])) is not None}
    known = {pk: words for pk, words in there.items() if pk in sent}
    return known | dict.fromkeys(sorted(sent - set(known))[: reports.MOST_SENTENCES], "")


def _save_sentences(request: HttpRequest, this: IntakeReport, details: Details, form: SentencesForm) -> HttpResponse:
    verb, _colon, which = request.POST.get("do", "").partition(":")
    change = {verb: uuid_or_none(which)} if verb in ("up", "down", "remove") else {}
    revision, add = number(request.POST, "revision"), form.cleaned_data["add"]
    try:
        reports.save_sentences(report=this, words=form.typed, add=add, revision=revision, at=timezone.now(), **change)
    except Changed as stale:
        this.refresh_from_db(fields=["revision"])
        now = [words for pk, words in stale.now.items() if words]
        return _sentences_page(request, this, details, form, status=409, now=now)
    except DomainError as error:
        form.add_error(None, error.message)
        return _sentences_page(request, this, details, form, status=422)
    if verb == "read":
        return redirect("report_read", this.pk)
    return redirect(
        reverse("report_sentences", args=[this.pk]) + (f"#s-{which}" if uuid_or_none(which) else "#add" if verb == "add" else "")
    )


def _sentences_page(request: HttpRequest, this: IntakeReport, details: Details, form: SentencesForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    seen = number(request.POST, "revision") if status == 422 else this.revision
    context = {"report": this, "details": details, "form": form, "revision": seen, **more}
    return render(request, "participants/talk/sentences.html", context, status=status)


# --- Reading together


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason=TOGETHER)
def report_read(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """One sentence on the screen (`?zin=3`), then the whole (`?zin=klaar`)."""
    this, details = found(professional, pk, TOGETHER)
    sentences = sentences_of(this, this.participant.key.unwrap())
    if not may_write(this.participant) or not sentences:
        return redirect("report", pk)
    if request.method == "POST" and request.POST.get("do") == "approve":
        return _approve(request, professional, this, details, sentences)
    if request.method == "POST":
        return _answer(request, this, sentences)
    asked = request.GET.get("zin", "")
    place = _place(asked, sentences)
    if asked == END or place is None:
        return _end_page(request, this, details, sentences, ApproveForm())
    return _sentence_page(request, this, sentences, sentences[place - 1])


def _place(asked: str, sentences: list[Sentence]) -> int | None:
    """The sentence that was asked for, or the first that was not read yet; None when all were."""
    if asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= len(sentences):
        return int(asked)
    return next((each.place for each in sentences if not each.verdict), None)


def _answer(request: HttpRequest, this: IntakeReport, sentences: list[Sentence]) -> HttpResponse:
    asked, verdict = uuid_or_none(request.POST.get("sentence", "")), request.POST.get("verdict", "")
    sentence = next((each for each in sentences if each.id == asked), None)
    form = SentenceForm(request.POST)
    if sentence is None:
        messages.warning(request, _("This sentence is no longer there."))
        return redirect("report_read", this.pk)
    if verdict == Verdict.OTHER and not form.is_valid():
        return _sentence_page(request, this, sentences, sentence, form=form, status=422)
    instead = form.cleaned_data["instead"] if verdict == Verdict.OTHER else ""
    revision = number(request.POST, "revision")
    try:
        reports.answer_sentence(report=this, sentence=sentence.id, verdict=verdict, instead=instead, revision=revision, at=timezone.now())
    except DomainError as error:
        form.add_error(None, error.message) if form.is_bound else None
        this.refresh_from_db(fields=["revision"])
        return _sentence_page(request, this, sentences, sentence, form=form, status=409)
    following = sentence.place + 1 if sentence.place < len(sentences) else END
    return redirect(f"{reverse('report_read', args=[this.pk])}?zin={following}")


def _sentence_page(request: HttpRequest, this: IntakeReport, sentences: list[Sentence], sentence: Sentence, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    form = more.pop("form", None)
    context = {
        "report": this,
        "sentence": sentence,
        "number_of": len(sentences),
        "following": sentence.place + 1 if sentence.place < len(sentences) else END,
        "form": form or SentenceForm(initial={"instead": sentence.says}),
        "other": form is not None or "anders" in request.GET,
    }
    return render(request, "participants/talk/read.html", context, status=status)


def _approve(
    request: HttpRequest, professional: Professional, this: IntakeReport, details: Details, sentences: list[Sentence]
) -> HttpResponse:
    form = ApproveForm(request.POST)
    version, revision = number(request.POST, "number"), number(request.POST, "revision")
    tongue = form.cleaned_data["interpreted_in"] if form.is_valid() else ""
    if not form.is_valid():
        return _end_page(request, this, details, sentences, form, status=422)
    try:
        reports.approve(
            report=this, number=version, revision=revision, read_with=professional.user, interpreted_in=tongue, at=timezone.now()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _end_page(request, this, details, sentences, form, status=409)
    messages.success(request, _("This is your report now. You may always take a sentence away."))
    return redirect("report", this.pk)


def _end_page(
    request: HttpRequest, this: IntakeReport, details: Details, sentences: list[Sentence], form: ApproveForm, status: int = 200
) -> HttpResponse:
    last = this.versions.values_list("number", flat=True).first()
    if details.interpreter and not form.is_bound:
        form.initial["interpreted_in"] = next((each for each in details.languages if each != "nl"), "")
    context = {
        "report": this,
        "details": details,
        "sentences": [each for each in sentences if each.is_approved],
        "unread": [each for each in sentences if not each.verdict],
        "number_of": len(sentences),
        "next_version": (last or 0) + 1,
        "form": form,
    }
    return render(request, "participants/talk/read_end.html", context, status=status)
