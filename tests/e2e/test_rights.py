"""Everything on one page, a proof made by oneself, and erasing; with and without JavaScript. A coordinator breaks the glass."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions.codes import give_code
from participants.models import Appointment, AppointmentStatus, ConsentText, Participant
from participants.texts import lay_down
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import agreed

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def professional(transactional_db):
    lay_down(ConsentText)
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    participant = make_participant(professional, first_name="Selam", phone="+31200000106", languages=("ar",))
    talk = agreed(participant, professional)
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=talk.pk).update(status=AppointmentStatus.CAME)
    return participant


@pytest.fixture
def code(participant, professional):
    with person_context(UserActor(professional, "professional")):
        return give_code(participant=participant, actor=professional, at=timezone.now())


def enter(page, code, path):
    page.goto(path)
    page.locator("[name=code]").fill(code)
    page.locator("[name=answer]").fill("0106")
    follow(page.locator("main form .btn"))
    expect(page).to_have_url(path)


def proof(page):
    """The paper that the button gives."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.locator("main form:not([action]) .btn").click()
    return answer.value


def test_everything_a_proof_and_erasing(phone, code, browser_errors):
    browser_errors.allow("422")
    browser_errors.allow("favicon.ico")  # of the PDF, which has no page around it
    enter(phone, code, "/mijn-gegevens/alles/")
    expect(phone.get_by_role("heading", name="Wie keek naar mijn gegevens?")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.goto("/mijn-gegevens/bewijs/")
    follow(phone.locator("main form:not([action]) .btn"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    axe(phone)
    fits(phone)
    phone.locator("[name=talks]").check()
    assert proof(phone).headers["content-type"] == "application/pdf"
    phone.goto("/mijn-gegevens/wissen/")
    axe(phone)
    fits(phone)
    follow(phone.locator(".btn--bad"))
    expect(phone).to_have_url("/mijn-gegevens/gewist/")
    axe(phone)
    fits(phone)
    phone.goto("/mijn-gegevens/")
    expect(phone).to_have_url("/mijn-gegevens/code/?next=%2Fmijn-gegevens%2F")


def test_all_of_it_without_javascript(no_js, code, participant, browser_errors):
    browser_errors.allow("favicon.ico")  # of the PDF
    enter(no_js, code, "/mijn-gegevens/bewijs/")
    no_js.locator("[name=talks]").check()
    no_js.locator("[name=name]").fill("S. Tesfay")
    assert proof(no_js).headers["content-type"] == "application/pdf"
    no_js.goto("/mijn-gegevens/wissen/")
    follow(no_js.locator(".btn--bad"))
    expect(no_js.get_by_role("heading", name="Alles over u is gewist")).to_be_visible()
    with person_context(SystemActor("a test")):
        assert Participant.objects.get(pk=participant.pk).erased_at


def test_breaking_the_glass(desk, participant, browser_errors):
    browser_errors.allow("422")
    sign_in(desk, UserFactory(coordinator=True, name="Coen"))
    desk.goto("/deelnemers/openen/")
    follow(desk.locator(".btn--bad"))
    axe(desk)
    fits(desk)
    desk.locator("[name=code]").fill(participant.code)
    desk.get_by_label("Iemand is in gevaar.").check()
    desk.locator("[name=why]").fill("Zij belde ons en klonk erg bang")
    desk.locator("[name=sure]").check()
    follow(desk.locator(".btn--bad"))
    expect(desk.get_by_role("heading", name="Selam", exact=True)).to_be_visible()
    axe(desk)
    fits(desk)


def test_erasing_together(desk, participant, professional):
    sign_in(desk, professional)
    desk.goto(f"/deelnemers/{participant.pk}/wissen/")
    axe(desk)
    fits(desk)
    desk.locator("[name=asked]").check()
    follow(desk.locator("main form .btn"))
    axe(desk)
    fits(desk)
    follow(desk.locator(".btn--bad"))
    expect(desk).to_have_url("/deelnemers/")
