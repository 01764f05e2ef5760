"""Two at once about one talk or report: nothing is doubled, and nothing is lost."""

from functools import partial

import pytest
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions import reports, talks
from participants.models import IntakeReport, IntakeReportVersion, Participant, ReportSentence
from tests.concurrency.harness import race
from tests.factories.participants import make_participant, make_professional
from tests.factories.reports import allow_writing, judge, make_sentences, make_talk

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)


def helping(professional):
    return person_context(UserActor(professional, "professional"))


def read_whole():
    """Of a professional, a participant and a report of which every sentence was read."""
    professional = make_professional()
    participant = make_participant(professional)
    report = make_talk(participant, professional, energy="koken", want="naaien")
    for sentence in make_sentences(report, professional):
        judge(sentence, professional)
    with helping(professional):
        return professional, IntakeReport.objects.get()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_who_approve_at_once_make_one_version(_round):
    professional, report = read_whole()

    def approve():
        with helping(professional):
            return reports.approve(report=report, number=1, revision=report.revision, read_with=professional, at=timezone.now()).pk

    outcomes = race(*[approve] * 4)
    assert [each.error for each in outcomes] == [None] * 4
    assert len({each.result for each in outcomes}) == 1
    with person_context(SystemActor("a test")):
        assert [version.number for version in IntakeReportVersion.objects.all()] == [1]


@pytest.mark.parametrize("_round", ROUNDS)
def test_taking_away_while_it_is_approved_is_never_half(_round):
    professional, report = read_whole()
    with helping(professional):
        first = report.sentences.first()

    def approve():
        with helping(professional):
            return reports.approve(report=report, number=1, revision=report.revision, read_with=professional, at=timezone.now()).pk

    def away():
        with helping(professional):
            return reports.answer_sentence(report=report, sentence=first.pk, verdict="away", revision=report.revision, at=timezone.now())

    outcomes = race(approve, away)
    assert sorted(type(each.error).__name__ for each in outcomes) in (["Changed", "NoneType"], ["DomainError", "NoneType"])
    with person_context(SystemActor("a test")):
        versions = IntakeReportVersion.objects.count()
        assert (versions, ReportSentence.objects.count()) in ((1, 0), (0, 2))


def save(participant, professional, screen, sent, words, name="energy"):
    with helping(professional):
        return talks.save_answers(
            participant=participant,
            writer=professional,
            answers={name: {"words": words, "pictures": [], "scale": None}},
            screen=talks.Screen(screen, sent, 0),
            at=timezone.now(),
        ).others


def kept(participant):
    with person_context(SystemActor("a test")):
        key = Participant.objects.select_related("key").get(pk=participant.pk).key.unwrap()
        return {name: answer["words"] for name, answer in talks.answers_of(IntakeReport.objects.get(), key).items()}


@pytest.mark.parametrize("_round", ROUNDS)
def test_saves_of_one_screen_in_any_order_leave_the_last(_round):
    professional = make_professional()
    participant = make_participant(professional)
    allow_writing(participant, professional)
    outcomes = race(*[partial(save, participant, professional, 7, sent, "koken"[:sent]) for sent in (1, 2, 3, 4, 5)])
    assert [each.error for each in outcomes] == [None] * 5
    assert kept(participant) == {"energy": "koken"}, "one report, and what was typed last"


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_screens_at_once_lose_nothing(_round):
    professional = make_professional()
    participant = make_participant(professional)
    allow_writing(participant, professional)
    one, two, other = race(
        partial(save, participant, professional, 7, 1, "koken"),
        partial(save, participant, professional, 8, 1, "zingen"),
        partial(save, participant, professional, 8, 2, "mijn tuin", "proud"),
    )
    assert not any(each.error for each in (one, two, other))
    first = kept(participant)
    assert first["proud"] == "mijn tuin"
    shown = [each["words"] for each in (*one.result.values(), *two.result.values())]
    assert shown == [first["energy"]], "one is kept, and shown to whoever sent the other, who still has theirs"


def test_a_consent_that_was_taken_back_stops_a_save_that_comes_after():
    professional = make_professional()
    participant = make_participant(professional)
    with pytest.raises(DomainError):
        save(participant, professional, 7, 1, "koken")
    with person_context(SystemActor("a test")):
        assert IntakeReport.objects.count() == 0
