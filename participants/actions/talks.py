"""A talk that is written down as it goes: answers are saved as they are typed, and two screens do not overwrite each other.

Only with the participant's consent to write; nothing of it counts until they have read it (`reports.py`). Each use case locks the
participant first, then the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key
from fieldlab.lib.errors import DomainError
from participants import guide
from participants.actions.locks import locked
from participants.actions.people import touch
from participants.guide import Answer
from participants.models import Appointment, Consent, IntakeReport, Participant, Purpose, ReportSentence

Answers = dict[str, Answer]
EMPTY = Answer(words="", pictures=[], scale=None)


class NoConsent(DomainError):  # noqa: N818 - reads as what it says
    """They did not say yes to writing, or no longer do."""


@dataclass(frozen=True)
class Screen:
    """Whose save this is: a number for each page that was opened, its count of saves, and the revision it last saw."""

    number: int
    sent: int
    revision: int


@dataclass(frozen=True)
class Saved:
    """`others`: what another screen had saved meanwhile, of the questions that were therefore left alone."""

    report: IntakeReport | None
    others: Answers = field(default_factory=dict)

    @property
    def revision(self) -> int:
        return self.report.revision if self.report else 0


def may_write(participant: Participant) -> bool:
    return Consent.objects.given(participant, Purpose.REPORT)


def check_may_write(participant: Participant) -> None:
    if not may_write(participant):
        raise NoConsent(_("This person has not said yes to writing things down. Nothing was saved."))


def current_report(participant: Participant, appointment: Appointment | None = None) -> IntakeReport | None:
    """What is being written: of this appointment, or else the last one that nobody approved yet."""
    reports = IntakeReport.objects.filter(participant=participant)
    if appointment is not None:
        return reports.filter(appointment=appointment).first()
    return reports.filter(versions=None).order_by("-begun_at", "pk").first()


def answers_of(report: IntakeReport | None, key: Key) -> Answers:
    if report is None or report.guide is None:
        return {}
    kept: Answers = encryption.unseal(report, key, ["guide"])["guide"]
    return kept


def _trail_of(report: IntakeReport, key: Key) -> dict[str, list[int]]:
    if report.trail is None:
        return {}
    trail: dict[str, list[int]] = encryption.unseal(report, key, ["trail"])["trail"]
    return trail


@transaction.atomic
def save_answers(
    *,
    participant: Participant,
    writer: User,
    answers: Mapping[str, Mapping[str, Any]],
    screen: Screen,
    at: datetime,
    appointment: Appointment | None = None,
) -> Saved:
    """Keep what was answered. What another screen changed since this one saw it stays, and comes back in `others`.

    The same save twice is one, and an older save that arrives late undoes nothing. Raises NoConsent, and GuideError for what no form sends.
    """
    typed = {name: guide.checked(name, answer) for name, answer in answers.items()}
    participant = locked(participant.pk)
    check_may_write(participant)
    found = current_report(participant, appointment)
    report = IntakeReport.objects.select_for_update().get(pk=found.pk) if found else None
    key = participant.key.unwrap()
    kept, trail = answers_of(report, key), _trail_of(report, key) if report else {}
    to_save, others = _settled(typed, kept, trail, screen)
    if not to_save:
        return Saved(report, others)
    if report is None or _is_blank(report):
        report = _begun(report, participant, writer, appointment, at)
    _replace_made_sentences(report, key, kept, to_save)
    report.revision += 1
    for name, answer in to_save.items():
        kept[name], trail[name] = answer, [report.revision, screen.number, screen.sent, 0]
    keep(report, key, {name: answer for name, answer in kept.items() if not guide.is_empty(answer)}, trail, at)
    return Saved(report, others)


def _settled(typed: Answers, kept: Answers, trail: Mapping[str, list[int]], screen: Screen) -> tuple[Answers, Answers]:
    to_save, others = {}, {}
    for name, answer in typed.items():
        revision, number, sent, _made = trail.get(name, [0, 0, 0, 0])
        here, same = number == screen.number, kept.get(name, EMPTY) == answer
        late = screen.sent < sent or (same and screen.sent == sent)
        if (here and late) or (same and not here):
            continue
        if not here and revision > screen.revision:
            others[name] = kept.get(name, EMPTY)
        else:
            to_save[name] = answer
    return to_save, others


def _is_blank(report: IntakeReport) -> bool:
    return report.guide is None and not report.sentences.exists() and not report.versions.exists()


def _begun(
    report: IntakeReport | None, participant: Participant, writer: User, appointment: Appointment | None, at: datetime
) -> IntakeReport:
    """A talk is held: from here on it is contact too. What was thrown away begins anew."""
    if report is None:
        report = IntakeReport(participant=participant, writer=writer, appointment=appointment, begun_at=at, updated_at=at, revision=0)
        report.save(force_insert=True)
    else:
        report.writer, report.begun_at = writer, at
    touch(participant, at)
    return report


def keep(report: IntakeReport, key: Key, kept: Answers, trail: dict[str, list[int]], at: datetime) -> None:
    """Sealed anew, as a whole."""
    encryption.seal(report, key, {"trail": trail, "guide": kept})
    if not kept:
        report.guide = None
    report.updated_at = at
    report.save(update_fields=["guide", "trail", "revision", "updated_at", "writer", "begun_at"])


def _replace_made_sentences(report: IntakeReport, key: Key, kept: Answers, to_save: Answers) -> None:
    """Sentences that were made of an earlier answer, and that nobody changed or read, go: they are made again."""
    for sentence in report.sentences.filter(question__in=to_save, verdict="").exclude(words=None):
        before = kept.get(sentence.question, EMPTY)
        if encryption.unseal(sentence, key, ["words"])["words"] in guide.sentences(sentence.question, before):
            sentence.delete()


@transaction.atomic
def make_sentences(*, report: IntakeReport, at: datetime) -> int:
    """Short sentences of what was answered since the last time, each in its place in the talk. Returns how many."""
    participant = locked(report.participant_id)
    check_may_write(participant)
    report = IntakeReport.objects.select_for_update().get(pk=report.pk)
    key = participant.key.unwrap()
    kept, trail = answers_of(report, key), _trail_of(report, key)
    rows = list(report.sentences.all())
    there = [(row.question, encryption.unseal(row, key, ["words"])["words"]) for row in rows if row.words is not None]
    made: list[ReportSentence] = []
    for name in guide.QUESTIONS:
        if name not in kept or (name in trail and trail[name][3]):
            continue
        new = [words for words in guide.sentences(name, kept[name]) if (name, words) not in there]
        fresh = [new_sentence(report, key, words, name) for words in new]
        at_place = _place_for(name, rows)
        rows[at_place:at_place] = fresh
        made += fresh
        trail[name] = [*trail.get(name, [0, 0, 0])[:3], 1]
    if made:
        in_order(report, rows)
        report.revision += 1
    keep(report, key, kept, trail, at)
    return len(made)


def new_sentence(report: IntakeReport, key: Key, words: str, question: str = "") -> ReportSentence:
    """Not saved yet: `in_order` does, with its place."""
    sentence = ReportSentence(participant_id=report.participant_id, report=report, question=question, position=0)
    encryption.seal(sentence, key, {"words": words})
    return sentence


def in_order(report: IntakeReport, rows: list[ReportSentence]) -> None:
    """Saves new ones and the places of all; what is not in `rows` goes."""
    report.sentences.exclude(pk__in=[row.pk for row in rows]).delete()
    for position, row in enumerate(rows, 1):
        row.position = position
    ReportSentence.objects.bulk_update([row for row in rows if not row._state.adding], ["position"])
    ReportSentence.objects.bulk_create([row for row in rows if row._state.adding])


def _place_for(name: str, rows: list[ReportSentence]) -> int:
    """After the last sentence of this question or of one that is asked before it."""
    order = list(guide.QUESTIONS)
    before = [number for number, row in enumerate(rows) if row.question and order.index(row.question) <= order.index(name)]
    return before[-1] + 1 if before else 0


def forget_answer(report: IntakeReport, key: Key, name: str, at: datetime) -> None:
    """What was typed at this question is gone, for whoever still has it on a screen too: they are shown that it is."""
    kept, trail = answers_of(report, key), _trail_of(report, key)
    if kept.pop(name, None) is not None:
        trail[name] = [report.revision, 0, 0, 1]
    keep(report, key, kept, trail, at)
