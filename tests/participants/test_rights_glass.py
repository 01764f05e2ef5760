"""A coordinator breaks the glass: for whom, how long, and who hears it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from participants.actions.glass import UnknownCode, break_glass, words_of
from participants.actions.retention import erase
from participants.models import Appointment, BrokenGlass, FollowUp, Participant, ParticipantAccess
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.plans import make_goal
from tests.pages import text
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

OPEN = "/deelnemers/openen/"
WHY = "De deelnemer belde en heeft vandaag nog hulp nodig"


@pytest.fixture
def coordinator():
    return UserFactory(coordinator=True, name="Coen de Boer")


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Zonnebloem", phone="+31200000417", email="z@demo.example", reach="email")


def typed(participant, **more):
    return {"code": participant.code.lower().replace("-", " "), "emergency": "danger", "why": WHY, "sure": "on", **more}


def system():
    return person_context(SystemActor("a test"))


def test_a_coordinator_otherwise_sees_nobody_by_the_wall_alone(coordinator, participant):
    with person_context(UserActor(coordinator)):
        assert not Participant.objects.exists()
        assert not BrokenGlass.objects.exists()
    client = signed_in(coordinator)
    assert client.get(f"{OPEN}{participant.pk}/").status_code == 404


def test_the_glass_opens_for_an_hour_to_read(coordinator, participant, professional):
    make_goal(participant, professional, "Kleren maken")
    client = signed_in(coordinator)
    assert "gegevens van iemand openen" in text(client.get(OPEN)).lower()
    answer = client.post(OPEN, typed(participant))
    assert answer.url == f"{OPEN}{participant.pk}/"
    page = text(client.get(answer.url))
    for shown in ("Zonnebloem", "020 000 04 17", "Kleren maken", participant.code):
        assert shown in page
    main = page.split("<main")[1].split("</main>")[0]
    assert "<form" not in main, "read only"
    assert client.post(answer.url).status_code == 405
    with system():
        ParticipantAccess.objects.filter(user=coordinator).update(until=timezone.now())
    assert client.get(answer.url).status_code == 404


def test_after_an_hour_the_wall_is_closed(coordinator, participant):
    break_glass(coordinator=coordinator, code=participant.code, why=WHY, at=timezone.now())
    with system():
        access = ParticipantAccess.objects.get(user=coordinator)
        assert timedelta(minutes=59) < access.until - access.valid_from <= timedelta(hours=1)
        # As if it were over: policies read the clock of the database
        ParticipantAccess.objects.filter(pk=access.pk).update(until=timezone.now())
    with person_context(UserActor(coordinator)):
        assert not Participant.objects.exists()
    assert signed_in(coordinator).get(f"{OPEN}{participant.pk}/").status_code == 404


def test_everybody_whom_it_concerns_is_told_without_a_name(coordinator, participant, professional):
    other, decider = UserFactory(coordinator=True), UserFactory(coordinator=True, decides=True)
    glass = break_glass(coordinator=coordinator, code=participant.code, why=WHY, at=timezone.now())
    mails = {message.to: message for message in OutboxMessage.objects.filter(key__contains=str(glass.pk))}
    assert set(mails) == {"z@demo.example", other.email, professional.email}
    assert decider.email not in mails
    for message in mails.values():
        assert "Zonnebloem" not in message.text + message.subject + message.key
        assert WHY not in message.text
    assert participant.code in mails[other.email].text
    assert "Coen de Boer" in mails["z@demo.example"].text


def test_who_gets_no_message_is_called(coordinator, professional):
    participant = make_participant(professional, first_name="Zonnebloem", phone="+31200000417", reach="call")
    break_glass(coordinator=coordinator, code=participant.code, why=WHY, at=timezone.now())
    with person_context(UserActor(professional)):
        assert FollowUp.objects.get(participant=participant, on=timezone.localdate(), done_at=None).about == "opened"
    assert "Wilt u bellen" in OutboxMessage.objects.get(to=professional.email, key__startswith="glass:").text
    day = text(signed_in(professional).get("/vandaag/"))
    assert "Zonnebloem" in day
    assert "Must hear that their details were opened" not in day
    assert "Moet horen dat de gegevens in een noodgeval zijn geopend." in day


def test_the_participant_reads_who_and_why(coordinator, participant):
    glass = break_glass(coordinator=coordinator, code=participant.code, why=WHY, at=timezone.now())
    with person_context(LinkActor(participant.pk, "code")):
        mine = BrokenGlass.objects.select_related("participant__key").get()
        assert (mine, words_of(mine)) == (glass, WHY)
        assert AccessRecord.objects.filter(participant_id=participant.pk, user=coordinator, what="participant.glass").exists()
    user = UserFactory()
    give_own_account(participant, user)
    page = text(signed_in(user).get("/mijn-gegevens/wie-keek/"))
    assert "Coen de Boer van Fieldlab (coördinator van het netwerk) opende uw gegevens in nood om" in page
    assert f"Waarom: {WHY}." in page


def test_who_decides_on_benefits_or_is_no_coordinator_breaks_nothing(participant, professional):
    for user in (UserFactory(coordinator=True, decides=True), professional, UserFactory()):
        with pytest.raises(DomainError):
            break_glass(coordinator=user, code=participant.code, why=WHY, at=timezone.now())
        client = signed_in(user)
        assert client.get(OPEN).status_code == 404
        assert client.post(OPEN, typed(participant)).status_code == 404
    with system():
        assert not BrokenGlass.objects.exists()
    assert Client().get(OPEN).status_code == 302


@pytest.mark.parametrize("code", ["CCC-CCC", "x", "😀", "=cmd()", "ا", "C" * 40])
def test_unknown_codes_get_one_answer(coordinator, participant, code):
    page = text(signed_in(coordinator).post(OPEN, typed(participant, code=code)), 422)
    assert "Deze code opent niets." in page
    assert WHY in page, "what was typed stays"


def test_an_erased_participants_code_opens_nothing(coordinator, participant):
    code = participant.code
    with system():
        erase(participant=participant, by=None, reason="x", at=timezone.now())
    with pytest.raises(UnknownCode):
        break_glass(coordinator=coordinator, code=code, why=WHY, at=timezone.now())


@pytest.mark.parametrize(
    "wrong",
    [{"why": "kort"}, {"why": ""}, {"emergency": "x"}, {"sure": ""}, {"code": "a\x00"}, {"why": "a" * 10_000}, {"code": "C" * 10_000}],
)
def test_without_a_reason_in_words_and_the_ticks_it_stays_shut(coordinator, participant, wrong):
    assert "data-error-summary" in text(signed_in(coordinator).post(OPEN, typed(participant, **wrong)), 422)
    with system():
        assert not BrokenGlass.objects.exists()


def test_codes_are_not_guessed(coordinator, participant):
    client = signed_in(coordinator)
    for _each in range(10):
        client.post(OPEN, typed(participant, code="CCC-CCC"))
    assert "te veel codes" in text(client.post(OPEN, typed(participant)), 422)
    with system():
        assert not BrokenGlass.objects.exists()


def test_breaking_twice_in_an_hour_is_said(coordinator, participant):
    client = signed_in(coordinator)
    client.post(OPEN, typed(participant))
    assert client.post(OPEN, typed(participant)).url == f"{OPEN}{participant.pk}/"
    with system():
        assert BrokenGlass.objects.count() == 1
        assert not Appointment.objects.exists()
