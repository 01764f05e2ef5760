"""A plan made side by side, and a place that says yes by link without an account; with and without JavaScript."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants.actions.codes import give_code
from participants.models import HandOver
from tests.e2e.browser import PHONE, axe, fits, follow, sign_in
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.plans import allow_sharing, make_goal, make_hand_over, make_step

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def professional(transactional_db):
    consent_text("details")
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    made = make_participant(professional, first_name="Sara", last_name="Haddad", phone="+31200000106", languages=("ti", "nl"))
    allow_sharing(made, professional)
    return made


@pytest.fixture
def place():
    return InitiativeFactory(name="Naaiatelier De Draad", slug="de-draad", languages=["ti"], email="draad@demo.example")


def link_in_the_mail():
    text = OutboxMessage.objects.filter(key__contains=":asked:").latest("pk").text
    return re.search(r"/komt-dit-uit/\S+/", text)[0]


def stands():
    with person_context(SystemActor("a test")):
        return HandOver.objects.get().stands


def propose(page, professional, participant, place):
    """A goal with a mark, a step with a suggested place, and the question to that place."""
    sign_in(page, professional)
    page.goto(f"/deelnemers/{participant.pk}/plan/")
    follow(page.get_by_role("link", name="Doel erbij"))
    page.locator("[name=words]").fill("Kleren maken voor anderen")
    follow(page.get_by_role("button", name="Bewaar"))
    follow(page.get_by_role("button", name="Begonnen", exact=True))
    expect(page.locator("svg.path circle")).to_have_count(1)
    follow(page.get_by_role("link", name="Stap erbij"))
    axe(page)
    fits(page)
    follow(page.get_by_role("link", name="Meedoen op een plek"))
    expect(page.get_by_text("spreekt Tigrinya")).to_be_visible()
    axe(page)
    fits(page)
    page.locator(f"[name=place][value='{place.pk}']").check()
    page.locator("[name=why]").fill("Ik naai graag")
    follow(page.get_by_role("button", name="Zet deze stap erbij"))
    follow(page.get_by_role("link", name="Vraag een plek of het uitkomt"))
    page.locator("[name=what]").fill("naaien")
    axe(page)
    fits(page)
    follow(page.get_by_role("button", name="Vraag deze plek"))
    expect(page.get_by_text("Wacht op de plek")).to_be_visible()
    axe(page)
    fits(page)


def agree_with_the_card(page, code, place):
    page.goto("/mijn-gegevens/plan/")
    page.locator("[name=code]").fill(code)
    page.locator("[name=answer]").fill("0106")
    follow(page.locator("main form .btn"))
    expect(page).to_have_url("/mijn-gegevens/plan/")
    expect(page.get_by_role("heading", name=f"Wilt u naar {place.name}?")).to_be_visible()
    axe(page)
    fits(page)
    follow(page.get_by_role("link", name="Lees het en kies"))
    axe(page)
    fits(page)
    follow(page.get_by_role("button", name="Ja, dat wil ik"))
    expect(page.get_by_text("U bent welkom.")).to_be_visible()


def say_yes(page):
    page.goto(link_in_the_mail())
    expect(page.get_by_role("heading", name="Sara wil komen naaien")).to_be_visible()
    axe(page)
    fits(page)
    follow(page.get_by_role("button", name="Ja, dat komt uit"))
    expect(page.get_by_text("Uw antwoord: ja.")).to_be_visible()
    axe(page)
    fits(page)


def card_of(participant, professional):
    with person_context(UserActor(professional, "professional")):
        return give_code(participant=participant, actor=professional, at=timezone.now())


def test_asked_by_the_professional_answered_by_link_agreed_by_the_participant(page, new_page, professional, participant, place):
    propose(page, professional, participant, place)
    say_yes(new_page(PHONE, has_touch=True))
    assert not stands()
    agree_with_the_card(new_page(PHONE), card_of(participant, professional), place)
    assert stands()
    page.reload()
    expect(page.get_by_text("Alle drie zeiden ja.")).to_be_visible()
    axe(page)


def test_the_same_without_javascript(no_js, new_page, professional, participant, place):
    propose_without = new_page(PHONE, java_script_enabled=False)
    sign_in(propose_without, professional)
    make_goal(participant, professional, "Kleren maken", 1)
    make_hand_over(make_step(participant, professional, initiative=place), professional, participant_agrees=False)
    propose_without.goto(f"/deelnemers/{participant.pk}/plan/")
    follow(propose_without.get_by_role("button", name="Bijna"))
    expect(propose_without.locator("svg.path circle")).to_have_count(2)
    no_js.goto(link_in_the_mail())
    no_js.get_by_text("Liever een andere dag").click()
    no_js.locator("[name=words]").fill("Donderdag is rustiger")
    follow(no_js.get_by_role("button", name="Vraag een andere dag"))
    expect(no_js.get_by_text("Donderdag is rustiger")).to_be_visible()
    follow(no_js.get_by_role("link", name="Antwoord veranderen"))
    follow(no_js.get_by_role("button", name="Ja, dat komt uit"))
    expect(no_js.get_by_text("Uw antwoord: ja.")).to_be_visible()
    own = new_page(PHONE, java_script_enabled=False)
    own.goto("/mijn-gegevens/plan/")
    own.locator("[name=code]").fill(card_of(participant, professional))
    own.locator("[name=answer]").fill("0106")
    follow(own.locator("main form .btn"))
    follow(own.get_by_role("link", name="Lees het en kies"))
    follow(own.get_by_role("button", name="Ja, dat wil ik"))
    assert stands()


def test_errors_and_the_own_forms_are_accessible(phone, professional, participant, place, browser_errors):
    browser_errors.allow("422")
    code = card_of(participant, professional)
    phone.goto("/mijn-gegevens/plan/doel/")
    phone.locator("[name=code]").fill(code)
    phone.locator("[name=answer]").fill("0106")
    follow(phone.locator("main form .btn"))
    phone.locator("[name=words]").fill("   ")
    follow(phone.get_by_role("button", name="Bewaar"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    axe(phone)
    phone.goto("/mijn-gegevens/plan/stap/")
    axe(phone)
    fits(phone)
    phone.get_by_text("Ik doe mee, en wil dat zo houden").or_(phone.get_by_text("ik doe mee, en wil dat zo houden")).first.click()
    follow(phone.get_by_role("button", name="Bewaar"))
    expect(phone).to_have_url("/mijn-gegevens/plan/")
    axe(phone)
    fits(phone)
