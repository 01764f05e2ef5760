import pytest

from tests.e2e.browser import axe

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_resident_reads_the_home_page_at_both_widths(page):
    answer = page.goto("/")
    assert answer.status == 200
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_a_resident_reads_the_home_page_without_javascript(no_js):
    assert no_js.goto("/").status == 200
    assert no_js.locator("h1").is_visible()
