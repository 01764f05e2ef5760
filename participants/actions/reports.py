"""A report, sentence by sentence: arranged by the professional, read together, approved by the participant.

What they approve is a version that never changes. What they take away is gone at once, and after approving nothing but the version is
left: not the answers, and not the sentences it was made of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key
from fieldlab.lib.errors import DomainError
from initiatives.models import Language
from participants.actions.locks import locked
from participants.actions.people import touch
from participants.actions.talks import check_may_write, forget_answer, in_order, new_sentence
from participants.guide import LONGEST_SENTENCE
from participants.models import IntakeReport, IntakeReportVersion, Participant, ReportSentence, Verdict

MOST_SENTENCES = 80


class Changed(DomainError):  # noqa: N818 - reads as what it says
    """Somebody changed the sentences on another screen; `now` is what stands there, by the sentence's id."""

    def __init__(self, now: Mapping[UUID, str]) -> None:
        super().__init__(_("This was changed on another screen in the meantime."))
        self.now = now


@dataclass(frozen=True)
class Sentence:
    """`words` is None once they were taken away; `says` is how the participant says it."""

    id: UUID
    place: int
    question: str
    words: str | None
    verdict: str
    instead: str

    @property
    def says(self) -> str:
        return self.instead if self.verdict == Verdict.OTHER else self.words or ""

    @property
    def is_approved(self) -> bool:
        return self.verdict in (Verdict.RIGHT, Verdict.OTHER)


@dataclass(frozen=True)
class Version:
    row: IntakeReportVersion
    sentences: list[str] = field(default_factory=list)


def sentences_of(report: IntakeReport, key: Key) -> list[Sentence]:
    return [_read(row, key, place) for place, row in enumerate(report.sentences.all(), 1)]


def _read(row: ReportSentence, key: Key, place: int) -> Sentence:
    there = [name for name in ("words", "instead") if getattr(row, name) is not None]
    said = encryption.unseal(row, key, there)
    return Sentence(row.pk, place, row.question, said.get("words"), row.verdict, said.get("instead", ""))


def versions_of(rows: Iterable[IntakeReportVersion], key: Key) -> list[Version]:
    return [Version(row, encryption.unseal(row, key, ["sentences"])["sentences"]) for row in rows]


# --- Arranging


@transaction.atomic
def save_sentences(
    *,
    report: IntakeReport,
    words: Mapping[UUID, str],
    revision: int,
    at: datetime,
    add: str = "",
    up: UUID | None = None,
    down: UUID | None = None,
    remove: UUID | None = None,
) -> None:
    """Keep how the professional put the sentences, and then add, move or remove one. A sentence that changed is read anew.

    Raises Changed when another screen was first, and then changes nothing.
    """
    participant, report = _locked(report)
    check_may_write(participant)
    key = participant.key.unwrap()
    rows = list(report.sentences.all())
    now = {sentence.id: sentence.says for sentence in sentences_of(report, key) if sentence.words is not None}
    typed = {pk: _one_sentence(said) for pk, said in words.items()}
    differ = {pk: said for pk, said in typed.items() if now.get(pk, "") != said}
    if report.revision != revision:
        raise Changed({pk: now.get(pk, "") for pk in differ} | {pk: said for pk, said in now.items() if pk not in typed})
    for row in rows:
        if row.pk in differ and row.pk in now:
            _reword(row, differ[row.pk], key)
    rows = [row for row in rows if row.pk != remove and not (row.pk in differ and not differ[row.pk])]
    if said := _one_sentence(add):
        rows.append(new_sentence(report, key, said))
    if len(rows) > MOST_SENTENCES:
        raise DomainError(_("There are too many sentences. Keep what matters most."))
    _move(rows, up, -1)
    _move(rows, down, 1)
    in_order(report, rows)
    _rise(report, at)


def _one_sentence(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > LONGEST_SENTENCE:
        raise DomainError(_("This sentence is too long. Make two of it."))
    if "\x00" in words:
        raise DomainError(_("There is a sign in this sentence that cannot be kept. Type it again."))
    return words


def _reword(row: ReportSentence, words: str, key: Key) -> None:
    if not words:
        return
    encryption.seal(row, key, {"words": words})
    row.verdict, row.instead = "", None
    row.save(update_fields=["words", "verdict", "instead"])


def _move(rows: list[ReportSentence], which: UUID | None, by: int) -> None:
    place = next((number for number, row in enumerate(rows) if row.pk == which), None)
    if place is not None and 0 <= place + by < len(rows):
        rows[place], rows[place + by] = rows[place + by], rows[place]


@transaction.atomic
def read_again(*, report: IntakeReport, at: datetime) -> None:
    """Take up an approved report: its last version lies on the table again, sentence by sentence."""
    participant, report = _locked(report)
    check_may_write(participant)
    last = report.versions.first()
    if last is None or report.sentences.exists():
        return
    key = participant.key.unwrap()
    in_order(report, [new_sentence(report, key, words) for words in versions_of([last], key)[0].sentences])
    _rise(report, at)


# --- Reading together


@transaction.atomic
def answer_sentence(*, report: IntakeReport, sentence: UUID, verdict: str, revision: int, at: datetime, instead: str = "") -> None:
    """What the participant says of a sentence as they saw it. Taken away is gone: here, and in what was typed in the talk.

    The same answer twice is one. Raises Changed when the sentence is not the one they saw any more.
    """
    participant, report = _locked(report)
    check_may_write(participant)
    key = participant.key.unwrap()
    row = report.sentences.filter(pk=sentence).first()
    if row is None or verdict not in Verdict.values:
        raise DomainError(_("This sentence is no longer there."))
    said = _one_sentence(instead) if verdict == Verdict.OTHER else ""
    if verdict == Verdict.OTHER and not said:
        raise DomainError(_("Type how they say it themselves."))
    now = _read(row, key, row.position)
    if (now.verdict, now.instead) == (verdict, said):
        return
    if report.revision != revision:
        raise Changed({row.pk: now.says})
    if verdict == Verdict.RIGHT and row.words is None:
        raise DomainError(_("The words of this sentence are gone. They may say it in other words."))
    _judge(row, verdict, said, key)
    _rise(report, at)
    if verdict == Verdict.AWAY and row.question:
        forget_answer(report, key, row.question, at)


def _judge(row: ReportSentence, verdict: str, said: str, key: Key) -> None:
    row.verdict, row.instead = verdict, None
    if verdict == Verdict.AWAY:
        row.words = None
    if verdict == Verdict.OTHER:
        encryption.seal(row, key, {"instead": said})
    row.save(update_fields=["verdict", "instead", "words"])


@transaction.atomic
def approve(
    *, report: IntakeReport, number: int, revision: int, read_with: User | None, at: datetime, interpreted_in: str = ""
) -> IntakeReportVersion:
    """The participant agrees: version `number` holds what was right and what they said differently, and nothing else is kept.

    Twice at once gives one version. Raises DomainError while sentences are unread or nothing is left, Changed when others are there.
    """
    participant, report = _locked(report)
    there: IntakeReportVersion | None = report.versions.filter(number=number).first()
    if there is not None:
        return there
    check_may_write(participant)
    key = participant.key.unwrap()
    read = sentences_of(report, key)
    if report.revision != revision:
        raise Changed({})
    if not all(sentence.verdict for sentence in read):
        raise DomainError(_("Not every sentence has been read yet."))
    if interpreted_in and interpreted_in not in Language.values:
        raise DomainError(_("Choose the language of the interpreter."))
    approved = [sentence.says for sentence in read if sentence.is_approved]
    if not approved:
        raise DomainError(_("No sentence is left, so there is nothing to keep. That is fine too."))
    version = _new_version(report, key, approved, at, read_with=read_with, interpreted_in=interpreted_in)
    _empty(report, at)
    touch(participant, at)
    return version


def _new_version(
    report: IntakeReport, key: Key, approved: list[str], at: datetime, *, read_with: User | None, interpreted_in: str = ""
) -> IntakeReportVersion:
    last = report.versions.first()
    version = IntakeReportVersion(
        participant_id=report.participant_id,
        report=report,
        number=last.number + 1 if last else 1,
        approved_at=at,
        read_with=read_with,
        interpreted_in=interpreted_in,
    )
    encryption.seal(version, key, {"sentences": approved})
    version.save(force_insert=True)
    return version


# --- Afterwards


@transaction.atomic
def take_away(*, report: IntakeReport, number: int, place: int, at: datetime) -> IntakeReportVersion:
    """The participant no longer wants a sentence that they approved: the next version is without it, and only that one is shown.

    `number` is the version they looked at, `place` counts from 1. Raises DomainError when it is not the last version any more.
    """
    participant, report = _locked(report)
    key = participant.key.unwrap()
    last = report.versions.first()
    if last is None or last.number != number:
        raise DomainError(_("This report has a newer version. Look at that one."))
    approved = versions_of([last], key)[0].sentences
    if not 1 <= place <= len(approved):
        raise DomainError(_("This sentence is no longer there."))
    gone = approved.pop(place - 1)
    rows = [row for row in report.sentences.all() if gone not in (_read(row, key, 0).words, _read(row, key, 0).instead)]
    in_order(report, rows)
    version = _new_version(report, key, approved, at, read_with=None)
    _rise(report, at)
    touch(participant, at)
    return version


@transaction.atomic
def throw_away(*, report: IntakeReport, at: datetime) -> None:
    """All that nobody approved: answers and sentences. What was approved stays."""
    _participant, report = _locked(report)
    _empty(report, at)


@transaction.atomic
def forget_unapproved(*, participant: Participant, at: datetime) -> None:
    """They no longer want anything written down: what they did not approve goes at once."""
    participant = locked(participant.pk)
    for report in IntakeReport.objects.select_for_update().filter(participant=participant).order_by("pk"):
        _empty(report, at)


def _empty(report: IntakeReport, at: datetime) -> None:
    report.sentences.all().delete()
    report.guide = report.trail = None
    report.revision += 1
    report.updated_at = at
    report.save(update_fields=["guide", "trail", "revision", "updated_at"])


def _rise(report: IntakeReport, at: datetime) -> None:
    report.revision += 1
    report.updated_at = at
    report.save(update_fields=["revision", "updated_at"])


def _locked(report: IntakeReport) -> tuple[Participant, IntakeReport]:
    participant = locked(report.participant_id)
    return participant, IntakeReport.objects.select_for_update().get(pk=report.pk)
