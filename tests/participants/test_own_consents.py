"""What people say yes and no to: only to checked words, and "no longer" works at once."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.consents import answer_consent
from participants.models import (
    Answer,
    Consent,
    ConsentText,
    HandOver,
    Participant,
    ParticipantAccess,
    PlanStep,
    Purpose,
)
from participants.texts import PICTURES, TEXTS, lay_down
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import MemberFactory
from tests.factories.participants import consent_text, give_own_account, make_participant, make_professional
from tests.pages import text
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

OWN = "/mijn-gegevens/toestemming/"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Zonnebloem", phone="+31200000417", languages=("ar",), interpreter=True)


def together(participant, professional, purpose, answer, **more):
    text = more.pop("text", None) or consent_text(purpose)
    with person_context(UserActor(professional, "professional")):
        return answer_consent(participant=participant, text=text, answer=Answer(answer), witness=professional, at=timezone.now(), **more)


def alone(participant):
    user = UserFactory()
    give_own_account(participant, user)
    return signed_in(user)


# --- the texts


def test_every_purpose_is_asked_in_checked_dutch_and_english_and_arabic_only_helps():
    consent_text("details")
    current = {(each.purpose, each.language): each for each in ConsentText.objects.current()}
    assert set(current) == {(purpose, language) for purpose in Purpose.values for language in ("nl", "en", "ar")}
    for (purpose, language), each in current.items():
        assert each.is_checked == (language != "ar"), (purpose, language)
        assert each.picture == PICTURES[purpose]
        assert len(each.paragraphs) == len(current[purpose, "nl"].paragraphs), "each language says as much"
    assert "Wij geven niets door zonder uw toestemming." in current["details", "nl"].paragraphs


def test_dutch_sentences_are_short():
    for each in TEXTS:
        for sentence in [part for line in each.body for part in line.replace("?", ".").split(".")] if each.language == "nl" else []:
            assert len(sentence.split()) <= 14, sentence


def test_laying_them_down_again_adds_nothing():
    lay_down(ConsentText)
    before = ConsentText.objects.count()
    lay_down(ConsentText)
    assert ConsentText.objects.count() == before == len(TEXTS)


# --- answering


def test_the_last_answer_holds(participant, professional):
    for answer in ("given", "withdrawn", "given", "refused"):
        together(participant, professional, Purpose.REMINDERS, answer)
        with person_context(UserActor(professional)):
            assert Consent.objects.given(participant, Purpose.REMINDERS) == (answer == "given")
    with person_context(UserActor(professional)):
        assert Consent.objects.count() == 4
        assert Consent.objects.last().get().witness == professional


def test_the_same_answer_twice_is_one(participant, professional):
    assert together(participant, professional, Purpose.REPORT, "given") == together(participant, professional, Purpose.REPORT, "given")


def test_a_text_that_nobody_checked_asks_for_nothing_but_beside_an_interpreter(participant, professional):
    arabic = consent_text("report", "ar")
    with pytest.raises(DomainError, match="vertaling"):
        together(participant, professional, Purpose.REPORT, "given", text=arabic)
    consent = together(participant, professional, Purpose.REPORT, "given", text=arabic, interpreted_in="ar")
    assert (consent.text, consent.interpreted_in, consent.answer) == (consent_text("report", "nl"), "ar", "given")
    with person_context(SystemActor("a test")), pytest.raises(IntegrityError, match="checked text"), transaction.atomic():
        Consent.objects.create(participant=participant, text=arabic, purpose="report", answer="given", at=timezone.now())


def test_only_the_text_as_it_stands_now_is_said_yes_to_but_an_old_yes_can_be_taken_back(participant, professional):
    old = consent_text("share")
    together(participant, professional, Purpose.SHARE, "given")
    ConsentText.objects.create(
        purpose="share", version=2, language="nl", title="x", body="x", checked_by="Fieldlab", checked_at=timezone.localdate()
    )
    for answer in ("given", "refused"):
        with pytest.raises(DomainError, match="veranderd"):
            together(participant, professional, Purpose.SHARE, answer, text=old)
    assert together(participant, professional, Purpose.SHARE, "withdrawn", text=old).text == old


def test_nothing_is_taken_back_that_was_not_given(participant, professional):
    with pytest.raises(DomainError, match="terug te nemen"):
        together(participant, professional, Purpose.SHARE, "withdrawn")


def test_nobody_who_decides_on_benefits_is_there(participant, professional):
    for user in (UserFactory(decides=True), UserFactory(is_active=False)):
        with person_context(UserActor(professional)), pytest.raises(DomainError, match="uitkeringen"):
            answer_consent(participant=participant, text=consent_text("share"), answer=Answer.GIVEN, witness=user, at=timezone.now())
    with pytest.raises(DomainError, match="tolk"):
        together(participant, professional, Purpose.SHARE, "given", interpreted_in="xx")


def test_no_longer_works_at_once_for_the_place_that_was_told(participant, professional):
    team, at = MemberFactory(), timezone.now()
    with person_context(SystemActor("a test")):
        step = PlanStep.objects.create(participant=participant, kind="initiative", initiative=team.initiative, created_at=at, updated_at=at)
        asked = HandOver.objects.create(
            participant=participant, step=step, initiative=team.initiative, professional=professional, comes_at=at, asked_at=at,
            answer_by=at + timezone.timedelta(days=2),
        )  # fmt: skip
        ParticipantAccess.objects.create(participant=participant, initiative=team.initiative, reason="receives", valid_from=at)
    together(participant, professional, Purpose.SHARE, "given")
    with person_context(UserActor(team.user)):
        assert Participant.objects.reachable_by(team.user).exists()
    together(participant, professional, Purpose.SHARE, "withdrawn")
    with person_context(UserActor(team.user)):
        assert not Participant.objects.exists(), "row-level security alone"
    with person_context(UserActor(professional)):
        asked.refresh_from_db()
        assert (asked.state, asked.revision) == ("withdrawn", 2), "and the link in their mail is dead"


def test_without_name_and_number_nobody_sees_anything(participant, professional):
    together(participant, professional, Purpose.DETAILS, "given")
    together(participant, professional, Purpose.DETAILS, "withdrawn")
    with person_context(UserActor(professional)):
        assert not Participant.objects.exists()
        assert not Consent.objects.exists()
    with person_context(LinkActor(participant.pk, "code")):
        assert not Consent.objects.given(participant, Purpose.DETAILS)


def test_answers_are_seen_by_whoever_may_and_changed_by_nobody(participant, professional):
    together(participant, professional, Purpose.REPORT, "given")
    for nobody in (make_professional(), UserFactory(coordinator=True), UserFactory(decides=True)):
        with person_context(UserActor(nobody)):
            assert not Consent.objects.exists()
        with pytest.raises(DatabaseError), person_context(UserActor(nobody)):
            Consent.objects.create(participant=participant, text=consent_text("share"), purpose="share", answer="given", at=timezone.now())
    with pytest.raises(DatabaseError, match="permission denied"), person_context(SystemActor("a test")):
        Consent.objects.update(answer="refused")


# --- the pages


def test_together_at_one_screen(participant, professional):
    client, url = signed_in(professional), reverse("participant_consents", args=[participant.pk])
    consent_text("report")
    shown = text(client.get(url))
    assert "Zonnebloem, wat mag wel en niet?" in shown
    assert 'lang="ar" dir="rtl"' in shown
    assert "nog niet nagekeken" in shown
    assert '<option value="ar" selected>' in shown, "they asked for an interpreter"
    assert "privacy" in reverse("privacy") or reverse("privacy") + "#exceptions" in shown
    answer = {"text": consent_text("report").pk, "answer": "given", "interpreted_in": "ar"}
    assert client.post(url, answer).url == url
    with person_context(UserActor(professional)):
        consent = Consent.objects.get()
    assert (consent.witness, consent.interpreted_in, consent.answer) == (professional, "ar", "given")
    shown = text(client.get(url))
    assert "U zei: <b>ja</b>" in shown
    assert "Fatma Demir was erbij" in shown
    assert "Met een tolk." in shown


def test_alone_without_witness_and_without_interpreter(participant, professional):
    client = alone(participant)
    answer = {"text": consent_text("reminders").pk, "answer": "refused", "interpreted_in": "ar"}
    assert client.post(OWN, answer).url == OWN
    with person_context(UserActor(professional)):
        consent = Consent.objects.get()
    assert (consent.witness, consent.interpreted_in, consent.answer) == (None, "", "refused")
    assert "U zei: <b>nee</b>" in text(client.get(OWN))
    assert "vertaling" in text(client.post(OWN, {"text": consent_text("report", "ar").pk, "answer": "given"}), 422)


def test_to_stop_altogether_is_asked_once(participant, professional):
    client, url = signed_in(professional), reverse("participant_consents", args=[participant.pk])
    answer = {"text": consent_text("details").pk, "answer": "refused"}
    assert "Weet u het zeker?" in text(client.post(url, answer))
    with person_context(UserActor(professional)):
        assert not Consent.objects.exists()
    assert client.post(url, {**answer, "sure": "on"}).url == reverse("overview")
    assert client.get(url).status_code == 404


def test_in_english_the_checked_english_asks(participant):
    client = alone(participant)
    consent_text("details")
    client.cookies["language"] = "en"
    shown = text(client.get(OWN))
    assert "May we keep your name and number?" in shown
    assert 'lang="nl" dir="ltr">Nederlands' in shown


def test_answers_do_not_cost_queries(participant, professional):
    purposes = iter([Purpose.REPORT, Purpose.SHARE, Purpose.LEARNING])
    assert_constant_queries(
        signed_in(professional),
        reverse("participant_consents", args=[participant.pk]),
        lambda: together(participant, professional, next(purposes), "given"),
    )
