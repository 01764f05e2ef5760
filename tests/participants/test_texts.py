"""Who checked the texts that ask for consent: people, told by a coordinator. Before that nothing is asked."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from fieldlab.audit.context import UserActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.consents import answer_consent
from participants.actions.texts import mark_checked
from participants.models import Answer, Consent, ConsentText, Purpose
from participants.texts import lay_down
from tests.factories.accounts import UserFactory
from tests.factories.participants import consent_text, give_own_account, make_participant, make_professional
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

URL, OWN = "/teksten/", "/mijn-gegevens/toestemming/"
NOT_YET = "Deze tekst is nog niet nagekeken. Daarom vragen wij nog niets."
NAME = "Sara Haddad, taalcoach"


@pytest.fixture
def coordinator():
    return UserFactory(coordinator=True)


@pytest.fixture
def unchecked():
    """As a migration lays them down."""
    lay_down(ConsentText)
    return {(text.purpose, text.language): text for text in ConsentText.objects.all()}


def check(text, actor, name=NAME):
    return mark_checked(text=text, actor=actor, name=name, at=timezone.now())


def said(response, status=200):
    assert response.status_code == status, response.status_code
    return " ".join(response.content.decode().split())


def test_they_are_laid_down_unchecked_and_ask_for_nothing(unchecked):
    assert {text.checked_by for text in unchecked.values()} == {""}
    assert not ConsentText.objects.current().exists()


def test_pages_that_ask_say_that_they_do_not_ask_yet(unchecked, coordinator):
    professional = make_professional(is_coordinator=True)
    participant = make_participant(professional)
    user = UserFactory()
    give_own_account(participant, user)
    own = said(signed_in(user).get(OWN))
    together = said(signed_in(professional).get(f"/deelnemers/{participant.pk}/toestemming/"))
    assert NOT_YET in own
    assert NOT_YET in together
    assert 'name="answer"' not in own + together
    assert URL not in own, "it is the coordinators' page"
    assert URL in together
    check(unchecked["details", "nl"], coordinator)
    own = said(signed_in(user).get(OWN))
    assert "Mogen wij uw naam en nummer bewaren?" in own
    assert NOT_YET in own, "the others are not checked"


def test_unchecked_dutch_takes_no_answer(unchecked):
    professional = make_professional()
    participant = make_participant(professional)
    text = unchecked["report", "nl"]
    for more in ({}, {"interpreted_in": "ar"}):
        with person_context(UserActor(professional)), pytest.raises(DomainError):
            answer_consent(participant=participant, text=text, answer=Answer.GIVEN, witness=professional, at=timezone.now(), **more)
    with pytest.raises(DatabaseError, match="checked text"), person_context(UserActor(professional)):
        Consent.objects.create(participant=participant, text=text, purpose="report", answer="given", at=timezone.now())


def test_english_asks_only_beside_checked_dutch(unchecked, coordinator):
    check(unchecked["share", "en"], coordinator)
    assert not ConsentText.objects.current().exists()
    check(unchecked["share", "nl"], coordinator)
    assert {text.language for text in ConsentText.objects.current() if text.is_checked} == {"nl", "en"}


def test_what_is_marked_says_by_whom_when_and_who_wrote_it_down(unchecked, coordinator):
    text = check(unchecked["details", "nl"], coordinator, "  Sara   Haddad ")
    assert (text.checked_by, text.checked_at, text.marked_by) == ("Sara Haddad", timezone.localdate(), coordinator)


def test_once_checked_it_never_changes(unchecked, coordinator):
    text = check(unchecked["details", "nl"], coordinator)
    with pytest.raises(DomainError, match="Sara Haddad"):
        check(text, coordinator, "Somebody else")
    for change in ({"checked_by": "Somebody else"}, {"checked_by": "", "checked_at": None}, {"body": "Anders"}, {"marked_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ConsentText.objects.filter(pk=text.pk).update(**change)


def test_only_a_coordinator_and_only_with_a_name(unchecked, coordinator):
    text = unchecked["details", "nl"]
    with pytest.raises(DomainError, match="coördinator"):
        check(text, make_professional())
    for name in ("", "   ", "123", "🙂", "="):
        with pytest.raises(DomainError, match="naam"):
            check(text, coordinator, name)
    assert not ConsentText.objects.get(pk=text.pk).is_checked


def test_the_page_shows_each_whole_text_and_takes_the_name(unchecked, coordinator):
    client = signed_in(coordinator)
    assert URL in said(client.get("/mijn/"))
    shown = said(client.get(URL))
    for text in unchecked.values():
        assert all(" ".join(paragraph.split()) in shown for paragraph in text.paragraphs[:1])
    assert shown.count("Nog door niemand nagekeken") == len(unchecked)
    assert 'lang="ar" dir="rtl"' in shown
    text = unchecked[Purpose.DETAILS, "nl"]
    assert client.post(URL, {"text": text.pk, "name": NAME}).url == URL
    assert f"Nagekeken door {NAME} op" in said(client.get(URL))
    assert "al nagekeken" in said(client.post(URL, {"text": text.pk, "name": "Iemand"}), 422)


@pytest.mark.parametrize("name", ["", "x" * 121, "\x00", "🙂", "x" * 10_000])
def test_a_bad_name_is_told_at_its_text_and_stays(unchecked, coordinator, name):
    text = unchecked["share", "ar"]
    shown = said(signed_in(coordinator).post(URL, {"text": text.pk, "name": name}), 422)
    assert f'href="#{text.pk}_name"' in shown
    assert not ConsentText.objects.get(pk=text.pk).is_checked


@pytest.mark.parametrize("text", ["", "x", "999999999", "\x00", "9" * 99])
def test_a_text_that_is_not_there_is_told(coordinator, text):
    said(signed_in(coordinator).post(URL, {"text": text, "name": NAME}), 422)


def test_the_factory_leaves_arabic_unchecked():
    assert consent_text("details").is_checked
    assert not consent_text("details", "ar").is_checked
