"""Talks that were written down, and reports, made by the real actions."""

from itertools import count

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from participants.actions import consents, reports, talks
from participants.actions.talks import Screen
from participants.models import Answer, IntakeReport, IntakeReportVersion, Participant, Purpose, ReportSentence
from tests.factories.participants import consent_text

_screens = count(1000)


def allow_writing(participant: Participant, professional: User, answer: Answer = Answer.GIVEN) -> None:
    with person_context(UserActor(professional, "professional")):
        text = consent_text(Purpose.REPORT)
        consents.answer_consent(participant=participant, text=text, answer=answer, witness=professional, at=timezone.now())


def make_talk(participant: Participant, professional: User, **words: str) -> IntakeReport:
    """What was typed at these questions, saved from a screen of its own: `make_talk(…, energy="koken")`."""
    allow_writing(participant, professional)
    answers = {name: {"words": said, "pictures": [], "scale": None} for name, said in (words or {"energy": "koken"}).items()}
    with person_context(UserActor(professional, "professional")):
        screen = Screen(next(_screens), 1, 2**31 - 1)
        report = talks.save_answers(participant=participant, writer=professional, answers=answers, screen=screen, at=timezone.now()).report
    assert report is not None
    return report


def make_sentences(report: IntakeReport, professional: User) -> list[ReportSentence]:
    with person_context(UserActor(professional, "professional")):
        talks.make_sentences(report=report, at=timezone.now())
        return list(report.sentences.all())


def judge(sentence: ReportSentence, professional: User, verdict: str = "right", instead: str = "") -> None:
    with person_context(UserActor(professional, "professional")):
        revision = IntakeReport.objects.get(pk=sentence.report_id).revision
        reports.answer_sentence(
            report=sentence.report, sentence=sentence.pk, verdict=verdict, instead=instead, revision=revision, at=timezone.now()
        )


def approve(report: IntakeReport, professional: User) -> IntakeReportVersion:
    """Whatever was not read yet is right."""
    with person_context(UserActor(professional, "professional")):
        unread = list(report.sentences.filter(verdict=""))
    for sentence in unread:
        judge(sentence, professional)
    with person_context(UserActor(professional, "professional")):
        last = report.versions.first()
        revision = IntakeReport.objects.get(pk=report.pk).revision
        number = last.number + 1 if last else 1
        return reports.approve(report=report, number=number, revision=revision, read_with=professional, at=timezone.now())


def make_report(participant: Participant, professional: User, **words: str) -> IntakeReport:
    """Approved as it was said."""
    report = make_talk(participant, professional, **words)
    make_sentences(report, professional)
    approve(report, professional)
    return report
