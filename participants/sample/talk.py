"""Talks in the caseload of professional@: two reports read and approved, one half read, one half typed."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from participants.actions import reports, talks
from participants.actions.talks import Screen
from participants.models import IntakeReport, Participant, Verdict
from participants.sample.people import CASELOAD


class Talk(NamedTuple):
    """Of the person with this number in the caseload. `read`: of how many sentences they said something; None: of all, and approved."""

    number: int
    days_ago: int
    answers: dict[str, tuple[str, list[str], int | None]]
    read: int | None


TALKS = [
    Talk(
        0,
        21,
        {
            "energy": ("kleren maken voor anderen", ["sewing", "music"], None),
            "proud": ("Ik heb de jurken voor het feest van mijn zus gemaakt.", ["children"], None),
            "people": ("mijn zus", ["children", "place"], 3),
            "worries": ("", ["letters"], 4),
            "week": ("Dinsdag en donderdag heb ik les.", ["house", "lessons"], 3),
            "want": ("samen met anderen naaien", ["people"], 4),
            "idea": ("", ["clothes"], None),
        },
        None,
    ),
    Talk(
        3,
        14,
        {
            "energy": ("", ["cooking", "people"], None),
            "proud": ("", ["food", "languages"], None),
            "people": ("", ["friends", "neighbours"], 4),
            "want": ("koken voor de buurt", [], 4),
        },
        None,
    ),
    Talk(
        5,
        2,
        {
            "energy": ("Ik zing in het koor.", ["cooking", "children"], None),
            "proud": ("", ["courage", "languages"], None),
            "people": ("", ["class"], 2),
            "worries": ("", ["alone", "language"], None),
            "want": ("", ["dutch", "people"], 5),
        },
        3,
    ),
    Talk(2, 1, {"energy": ("Ik bak graag brood.", ["cooking", "garden"], None), "proud": ("", ["children"], None)}, 0),
]


def load(at: datetime) -> None:
    fatma = User.objects.get(email="professional@demo.example")
    with person_context(UserActor(fatma, "professional")):
        for number, talk in enumerate(TALKS, 1):
            pk = uuid5(NAMESPACE_URL, f"https://demo.example/participants/{talk.number}")
            participant = Participant.objects.in_force().select_related("key").filter(pk=pk).first()
            if participant is not None and talks.may_write(participant) and not IntakeReport.objects.filter(participant=pk).exists():
                _held(talk, number, participant, fatma, at - timedelta(days=talk.days_ago))


def _held(talk: Talk, number: int, participant: Participant, fatma: User, at: datetime) -> None:
    answers = {name: {"words": words, "pictures": pictures, "scale": scale} for name, (words, pictures, scale) in talk.answers.items()}
    saved = talks.save_answers(participant=participant, writer=fatma, answers=answers, screen=Screen(number, 1, 0), at=at)
    report = saved.report
    if report is None or talk.read == 0:
        return
    talks.make_sentences(report=report, at=at)
    for sentence in list(report.sentences.all()[: talk.read]):
        revision = IntakeReport.objects.get(pk=report.pk).revision
        reports.answer_sentence(report=report, sentence=sentence.pk, verdict=Verdict.RIGHT, revision=revision, at=at)
    if talk.read is None:
        revision, person = IntakeReport.objects.get(pk=report.pk).revision, CASELOAD[talk.number].details
        tongue = person.languages[0] if person.interpreter else ""
        reports.approve(report=report, number=1, revision=revision, read_with=fatma, interpreted_in=tongue, at=at + timedelta(minutes=10))
