"""A professional puts their talks in their own calendar: makes an address, sees it once, withdraws it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import axe, fits, sign_in
from tests.factories.participants import make_professional

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_address_is_made_shown_once_read_and_withdrawn(page):
    sign_in(page, make_professional())
    page.goto("/mijn/agenda-adres/")
    axe(page)
    fits(page)
    page.get_by_role("button", name="Maak een adres").click()
    address = page.get_by_label("Het adres, om te kopiëren").input_value()
    axe(page)
    fits(page)
    path = address[address.index("/agenda/") :]
    assert page.request.get(path).text().startswith("BEGIN:VCALENDAR")
    page.goto("/mijn/agenda-adres/")
    expect(page.get_by_label("Het adres, om te kopiëren")).to_have_count(0)
    page.get_by_role("button", name="Trek het adres in").click()
    expect(page.get_by_text("Het adres is ingetrokken")).to_be_visible()
    assert page.request.get(path).status == 404


def test_without_scripts(no_js):
    sign_in(no_js, make_professional())
    no_js.goto("/mijn/agenda-adres/")
    no_js.get_by_role("button", name="Maak een adres").click()
    expect(no_js.get_by_label("Het adres, om te kopiëren")).to_be_visible()
