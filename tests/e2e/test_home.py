import pytest
from playwright.sync_api import expect

from tests.e2e.browser import axe, fits

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_resident_reads_the_home_page_at_both_widths(page):
    answer = page.goto("/")
    assert answer.status == 200
    axe(page)
    fits(page)


def test_a_resident_reads_the_home_page_without_javascript(no_js):
    assert no_js.goto("/").status == 200
    expect(no_js.locator("h1")).to_be_visible()
