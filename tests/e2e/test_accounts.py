"""Signing in as people do: on a phone, without JavaScript, with a passkey; and every account page without axe violations."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.accounts.conftest import code_in, last_mail, make_person
from tests.e2e.browser import axe, follow, sign_in
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OPEN = ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
OWN = [
    "account",
    "account_profile",
    "account_email",
    "account_logout",
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "people",
    "coordinatorinvitation_list",
]


def submit(page, button="main form .btn"):
    follow(page.locator(button).first)


def test_the_pages_before_signing_in(page):
    for name in OPEN:
        page.goto(reverse(name))
        axe(page)


def test_the_pages_after_signing_in(page):
    coordinator = UserFactory(coordinator=True, password=PASSWORD)
    sign_in(page, coordinator)
    for name in OWN:
        page.goto(reverse(name))
        axe(page)
    page.goto(reverse("person", args=[UserFactory().pk]))
    axe(page)


def test_signing_in_with_a_code_without_javascript(no_js):
    person = make_person()
    no_js.goto(reverse("account_request_login_code"))
    no_js.fill("[name=email]", person.email)
    submit(no_js)
    no_js.fill("[name=code]", code_in(last_mail(person.email)))
    submit(no_js)
    expect(no_js).to_have_url(reverse("overview"))


def test_a_mistake_puts_the_focus_on_what_to_do(desk, browser_errors):
    desk.goto(reverse("account_login"))
    desk.fill("[name=login]", "nobody@demo.example")
    desk.fill("[name=password]", "a wrong password")
    submit(desk)
    expect(desk.locator("[data-error-summary]")).to_be_focused()
    axe(desk)


def test_a_passkey_is_added_and_signs_in(desk):
    person = make_person()
    session = desk.context.new_cdp_session(desk)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    desk.goto(reverse("account_login"))
    desk.fill("[name=login]", person.email)
    desk.fill("[name=password]", PASSWORD)
    submit(desk)
    desk.goto(reverse("mfa_add_webauthn"))
    desk.fill("[name=password]", PASSWORD)
    submit(desk)
    axe(desk)
    desk.click("#mfa_webauthn_add")
    desk.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    axe(desk)
    desk.goto(reverse("account"))
    submit(desk, "aside form .btn")
    desk.goto(reverse("account_login"))
    desk.click("#passkey_login")
    desk.wait_for_url(f"**{reverse('overview')}")


def test_a_passkey_that_fails_says_so(desk):
    desk.goto(reverse("account_login"))
    assert not desk.is_visible("[data-passkey-problem]")
    desk.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }")
    desk.click("#passkey_login")
    desk.wait_for_selector("[data-passkey-problem]:visible")


def test_an_invitation_from_the_mail_to_the_role(page):
    coordinator = UserFactory(coordinator=True)
    sign_in(page, coordinator)
    page.goto(reverse("juryinvitation_list"))
    page.fill("[name=name]", "Sanne Kuiper")
    page.fill("[name=email]", "sanne@demo.example")
    page.check("[name=decides_on_benefits][value=no]")
    submit(page, "main .c6 .btn")
    axe(page)
    link = re.search(r"http://testserver(/uitnodiging/\S+)", last_mail("sanne@demo.example").text)[1]
    page.context.clear_cookies()
    page.goto(link)
    axe(page)
    page.check("[name=decides_on_benefits][value=no]")
    page.fill("[name=password]", "koffie met melk 42")
    submit(page)
    expect(page).to_have_url(reverse("mfa_index"))
    axe(page)
