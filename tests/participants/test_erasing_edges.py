"""Erasing one is erasing one: what went to others at the same number or address stays. And no language tells afterwards who it was."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail, OutboxMessage
from participants.actions import reports
from participants.actions.consents import answer_consent
from participants.actions.glass import break_glass
from participants.actions.retention import erase
from participants.models import AccessReason, Answer, Appointment, Consent, IntakeReport, IntakeReportVersion, ParticipantAccess, Purpose
from participants.notifications.reach import prefix
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.reports import make_sentences, make_talk
from tests.factories.talks import agreed, make_appointment, make_hours, make_room, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

TYPED, NUMBER = "06 12345678", "+31612345678"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def other(professional):
    """Told of a talk at a number that somebody else may type too."""
    made = make_participant(professional, first_name="Zonnebloem", phone=NUMBER, birth_year=1984, reach="sms")
    agreed(made, professional)
    assert to(made)
    return made


def system():
    return person_context(SystemActor("a test"))


def rows(messages):
    return list(messages.order_by("pk").values("to", "text", "failed_at", "emptied_at"))


def to(participant):
    return rows(OutboxMessage.objects.filter(key__startswith=prefix(participant)))


def erased(participant):
    with system():
        erase(participant=participant, by=None, reason="asked for it", at=timezone.now())


def somebody_with(*, phone="", email=""):
    """A client of somebody who took part by themselves a moment ago, and typed these as their own."""
    client = signed_in(UserFactory(name="Aad"))
    assert client.post("/mijn-gegevens/beginnen/", {"first_name": "Aad", "phone": phone, "neighbourhood": ""}).status_code == 302
    if email:
        values = {"first_name": "Aad", "phone": phone, "email": email, "reach": "email", "best_time": "", "birth_year": ""}
        assert client.post("/mijn-gegevens/gegevens/", values).status_code == 302
    return client


# --- The messages of others


def test_of_two_at_one_number_the_messages_of_the_one_who_stays_go_on(professional, other):
    leaves, before = make_participant(professional, phone=NUMBER, reach="sms"), to(other)
    room = make_room()
    make_appointment(leaves, make_hours(professional, room), room, weekday(6, 9))
    erased(leaves)
    assert to(other) == before
    assert {message["text"] for message in to(leaves)} == {""}, "and one's own are emptied"


def test_who_types_somebody_elses_number_and_erases_themselves_stops_nothing(other):
    before = to(other)
    client = somebody_with(phone=TYPED)
    client.post("/mijn-gegevens/wissen/")
    assert to(other) == before


def test_who_types_somebody_elses_address_and_erases_themselves_stops_nothing(professional, other):
    head = UserFactory(coordinator=True, email="hoofd@demo.example")
    break_glass(
        coordinator=UserFactory(coordinator=True), code=other.code, why="De deelnemer belde en heeft nu hulp nodig", at=timezone.now()
    )
    queue_email(key="sign-in-1", to=head.email, language="nl", mail=Mail(subject="Code", paragraphs=["1234"]), at=timezone.now())
    before = rows(OutboxMessage.objects)
    for typed in ({"email": head.email}, {"phone": TYPED}, {"email": professional.email}):
        somebody_with(**typed).post("/mijn-gegevens/wissen/")
    after = rows(OutboxMessage.objects)
    assert after[: len(before)] == before


def test_a_copy_shows_no_message_to_somebody_else_at_that_number(other):
    client = somebody_with(phone=TYPED)
    assert json.loads(client.get("/mijn-gegevens/alles.json").content)["messages"] == []
    assert OutboxMessage.objects.filter(to=NUMBER).first().text not in client.get("/mijn-gegevens/alles/").content.decode()


# --- In which language


@pytest.fixture
def spoken(professional):
    """Spoken with in Tigrinya, brought in by a team: each of it stands in a row that stays."""
    team = MemberFactory(initiative=InitiativeFactory()).initiative
    participant = make_participant(professional, first_name="Zon", languages=("ti",), interpreter=True)
    with system():
        ParticipantAccess.objects.create(participant=participant, initiative=team, reason=AccessReason.BROUGHT_IN, granted_by=professional)
    room, at = make_room(), timezone.now()
    make_appointment(participant, make_hours(professional, room), room, weekday(3, 9), interpreter_language="ti", booked_for=team)
    report = make_talk(participant, professional)
    sentences = make_sentences(report, professional)
    with person_context(UserActor(professional, "professional")):
        text = consent_text(Purpose.LEARNING)
        answer_consent(participant=participant, text=text, answer=Answer.GIVEN, witness=professional, at=at, interpreted_in="ti")
        revision = IntakeReport.objects.get(pk=report.pk).revision
        for sentence in sentences:
            values = {"sentence": sentence.pk, "verdict": "right", "instead": "", "revision": revision, "at": at}
            reports.answer_sentence(report=report, **values)
            revision = IntakeReport.objects.get(pk=report.pk).revision
        reports.approve(report=report, number=1, revision=revision, read_with=professional, at=at, interpreted_in="ti")
    return participant


def languages(participant):
    """What stands in a language or a team, by where it stands."""
    with system():
        events = Appointment.pgh_event_model.objects.filter(participant=participant)
        return {
            "appointment": Appointment.objects.filter(participant=participant).exclude(interpreter_language="", booked_for=None).count(),
            "history": events.exclude(interpreter_language="", booked_for_id=None, interpreter="not_needed").count(),
            "consent": Consent.objects.filter(participant=participant).exclude(interpreted_in="", text__language="nl").count(),
            "version": IntakeReportVersion.objects.filter(participant=participant).exclude(interpreted_in="").count(),
        }


def test_no_language_and_no_team_is_left_of_who_was_erased(spoken):
    assert all(languages(spoken).values())
    erased(spoken)
    assert not any(languages(spoken).values()), languages(spoken)


def test_that_somebody_said_no_in_their_language_is_not_left(professional):
    participant = make_participant(professional)
    with person_context(UserActor(professional, "professional")):
        text = consent_text(Purpose.DETAILS, "ar")
        values = {"text": text, "answer": Answer.REFUSED, "witness": professional, "at": timezone.now(), "interpreted_in": "ar"}
        answer_consent(participant=participant, **values)
    erased(participant)
    with system():
        (left,) = Consent.objects.filter(participant=participant).select_related("text")
    assert (left.interpreted_in, left.text.language) == ("", "nl")


def test_the_languages_of_others_stay(spoken, professional):
    leaves, before = make_participant(professional), languages(spoken)
    erased(leaves)
    assert languages(spoken) == before


def test_only_the_platform_forgets_a_language(spoken):
    with (
        person_context(UserActor(UserFactory(), "team")),
        pytest.raises(DatabaseError, match="only the platform"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT forget_language(%s)", [spoken.pk])
    assert all(languages(spoken).values())
