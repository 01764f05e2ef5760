"""Who is on a slow line gets fewer bytes; a page about somebody does not tell by its length what is in it."""

import gzip

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ASKS = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_for_everybody_takes_a_third_of_its_bytes_at_most(client):
    plain, small = client.get(reverse("map")), client.get(reverse("map"), headers=ASKS)
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert b"</html>" in gzip.decompress(small.content)
    assert 3 * len(small.content) < len(plain.content)
    for answer in (plain, small):  # a cache between keeps both
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_no_browser_may_keep_is_not_compressed(client):
    client.force_login(UserFactory())
    for name in ("overview", "map"):
        answer = client.get(reverse(name), headers=ASKS)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Content-Encoding" not in answer.headers
        assert b"</html>" in answer.content


def test_the_form_of_who_has_no_account_is_not_compressed(client):
    page = client.get(reverse("register"), follow=True, headers=ASKS)
    assert "no-store" in page.headers["Cache-Control"]
    assert "Content-Encoding" not in page.headers
