"""A professional's morning: whom to call, one tap, and back again; by keyboard, on a phone, and without JavaScript."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import UserActor, person_context
from participants.models import FollowUp
from tests.e2e.browser import axe, fits, follow, settled, sign_in
from tests.factories.participants import make_participant, make_professional

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def user(transactional_db):
    user = make_professional(name="Fatma Demir")
    for first_name, last_name in (("Amina", "Warsame"), ("Petra", "Visser"), ("Yonas", "Tesfay")):
        participant = make_participant(user, first_name=first_name, last_name=last_name, phone="+31200002114", languages=("ti", "nl"))
        with person_context(UserActor(user, "professional")):
            FollowUp.objects.create(participant=participant, on=timezone.localdate(), professional=user)
    return user


def names(page):
    return [name.split()[0] for name in page.locator(".call:not(.call--done) h3").all_inner_texts()]


def test_one_tap_and_back_again(page, user):
    sign_in(page, user)
    page.goto("/vandaag/")
    axe(page)
    fits(page)
    everybody = names(page)
    page.locator(".res button", has_text="Geen gehoor").first.click()
    settled(page)
    expect(page.locator(".call--done")).to_have_count(1)
    assert names(page) == everybody[1:]
    expect(page.locator("#tally b").first).to_have_text("2")
    axe(page)
    page.get_by_role("button", name="Toch niet").click()
    settled(page)
    expect(page.locator(".call--done")).to_have_count(0)
    assert names(page) == everybody


def test_the_list_by_keyboard(desk, user):
    sign_in(desk, user)
    desk.goto("/vandaag/")
    first = desk.locator(".res button").first
    first.focus()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".call").nth(1).get_by_role("button", name="Gesproken")).to_be_focused()
    desk.keyboard.press("Enter")
    settled(desk)
    expect(desk.locator(".call--done")).to_have_count(1)
    expect(desk.locator(".call:not(.call--done) .res button").first).to_be_focused()


def test_people_and_handing_over_without_javascript(no_js, user):
    colleague = make_professional(name="Karim Haddad")
    sign_in(no_js, user)
    no_js.goto("/vandaag/")
    follow(no_js.locator(".res button", has_text="Gesproken").first)
    expect(no_js.locator(".call--done")).to_have_count(1)
    follow(no_js.get_by_role("link", name="Mijn mensen"))
    fits(no_js)
    follow(no_js.get_by_role("link", name="Petra Visser"))
    expect(no_js.locator("h1")).to_have_text("Petra Visser")
    fits(no_js)
    no_js.goto("/deelnemers/overdragen/")
    no_js.get_by_label("Petra Visser").check()
    no_js.get_by_label("Aan welke collega?").select_option(label="Karim Haddad")
    no_js.get_by_label("Voorgoed").check()
    follow(no_js.get_by_role("button", name="Overdragen"))
    expect(no_js.locator("main")).to_contain_text("Karim Haddad helpt nu 1 mens.")
    sign_in(no_js, colleague)
    no_js.goto("/deelnemers/")
    expect(no_js.locator("main")).to_contain_text("Petra Visser")


def test_every_page_of_theirs(page, user):
    sign_in(page, user)
    for address in ("/mijn/", "/deelnemers/", "/deelnemers/?naam=niemand", "/deelnemers/overdragen/"):
        page.goto(address)
        axe(page)
        fits(page)
    page.goto("/deelnemers/")
    follow(page.get_by_role("link", name="Amina Warsame"))
    axe(page)
    fits(page)
