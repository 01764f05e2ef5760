"""With a card at the library's computer: in, who sees my details, what is allowed, who looked, and out again."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import UserActor, person_context
from participants.actions.codes import give_code
from participants.models import Consent, Participant
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.participants import consent_text, make_participant, make_professional

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def professional(transactional_db):
    consent_text("details")
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Selam", phone="+31200000106", languages=("ar",), interpreter=True)


@pytest.fixture
def code(participant, professional):
    with person_context(UserActor(professional, "professional")):
        return give_code(participant=participant, actor=professional, at=timezone.now())


def enter(page, code):
    page.goto("/mijn-gegevens/wie-keek/")
    page.locator("[name=code]").fill(code.lower())
    page.locator("[name=answer]").fill("0106")
    follow(page.locator("main form .btn"))


def test_a_card_opens_ones_own_pages_and_closes_them(phone, code, browser_errors):
    browser_errors.allow("422")
    phone.goto("/mijn-gegevens/code/")
    axe(phone)
    fits(phone)
    phone.locator("[name=code]").fill("CCC-CCC-CCC")
    phone.locator("[name=answer]").fill("0106")
    follow(phone.locator("main form .btn"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    axe(phone)

    enter(phone, code)
    expect(phone).to_have_url("/mijn-gegevens/wie-keek/")
    expect(phone.get_by_text("Fatma Demir van Buurtwerk Oost (participatieprofessional) maakte om")).to_be_visible()
    for path in ("/mijn-gegevens/wie-keek/", "/mijn-gegevens/", "/mijn-gegevens/gegevens/", "/mijn-gegevens/toestemming/"):
        phone.goto(path)
        axe(phone)
        fits(phone)
    phone.goto("/mijn-gegevens/")
    follow(phone.locator(".lines .btn"))
    axe(phone)
    fits(phone)

    follow(phone.locator("form[action='/mijn-gegevens/weg/'] button"))
    expect(phone.locator("main [role=status]")).to_contain_text("Niemand kan ze nu op deze computer zien")
    phone.go_back()
    phone.goto("/mijn-gegevens/")
    expect(phone).to_have_url("/mijn-gegevens/code/?next=%2Fmijn-gegevens%2F")


def test_all_of_it_without_javascript(no_js, code, participant, professional):
    enter(no_js, code)
    no_js.goto("/mijn-gegevens/toestemming/")
    card = no_js.locator("#reminders")
    follow(card.get_by_role("button", name="Ja"))
    follow(no_js.locator("#reminders").get_by_role("button", name="Niet meer"))
    expect(no_js.locator("#reminders .said")).to_contain_text("niet meer")
    no_js.goto("/mijn-gegevens/gegevens/")
    no_js.locator("[name=last_name]").fill("Tesfay")
    follow(no_js.locator("main form:not([action]) .btn"))
    follow(no_js.locator(".lines .btn"))
    follow(no_js.locator(".btn--bad"))
    expect(no_js.get_by_text("Niemand. Alleen u.")).to_be_visible()
    with person_context(UserActor(professional)):
        assert not Participant.objects.exists()


def test_together_at_one_screen(desk, participant, professional):
    sign_in(desk, professional)
    desk.goto(f"/deelnemers/{participant.pk}/toestemming/")
    expect(desk.get_by_text("nog niet nagekeken").first).to_be_visible()
    axe(desk)
    fits(desk)
    follow(desk.locator("#report").get_by_role("button", name="Ja"))
    with person_context(UserActor(professional)):
        assert Consent.objects.get().interpreted_in == "ar"
    follow(desk.locator("#details").get_by_role("button", name="Nee"))
    axe(desk)
    fits(desk)
    desk.goto(f"/deelnemers/{participant.pk}/kaartje/")
    axe(desk)
    fits(desk)
