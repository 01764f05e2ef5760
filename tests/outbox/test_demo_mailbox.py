import pytest
from django.urls import reverse
from django.utils import timezone, translation

from fieldlab.outbox.actions import forget
from fieldlab.outbox.models import Mail
from tests.factories import outbox

pytestmark = pytest.mark.django_db
MAILBOX = "/demo/postvak/"


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.SMS_GATEWAY_URL = ""


def test_only_in_the_demo(client):
    message = outbox.email()
    assert client.get(MAILBOX).status_code == 404
    assert client.get(reverse("demo_letter", args=[message.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_demo_sends_nothing_and_counts_it_as_sent(demo):
    mail, text = outbox.email(), outbox.sms()
    assert outbox.deliver() == 2
    for message in (mail, text):
        message.refresh_from_db()
        assert message.sent_at


def test_links_can_be_followed(demo, client):
    outbox.email(mail=Mail("Hello", ["Read <this>."], ("Look", "https://demo.example/look/?a=1&b=2")))
    page = client.get(MAILBOX).content.decode()
    assert '<a href="https://demo.example/look/?a=1&amp;b=2"' in page
    assert "Read &lt;this&gt;." in page


def test_one_persons_messages_without_their_address_in_the_address_bar(demo, client):
    first, second = outbox.email(to="jan@demo.example"), outbox.email(to="jan@demo.example")
    other = outbox.email(to="an@demo.example")
    page = client.get(MAILBOX, {"voor": first.pk}).content.decode()
    assert first.subject in page
    assert second.subject in page
    assert f"<h2>{other.subject}" not in page
    assert other.body.split("\n")[0] not in page
    assert f'href="?voor={second.pk}"' in page
    assert "voor=jan" not in page


@pytest.mark.parametrize("number", ["x", "0", "9" * 5000, "-1", "²", "1.5", "\0"])
def test_odd_numbers_find_nothing(demo, client, number):
    outbox.email()
    assert client.get(MAILBOX, {"voor": number}).status_code == 404


def test_a_letter_has_a_policy_of_its_own(demo, client):
    response = client.get(reverse("demo_letter", args=[outbox.email().pk]))
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip())
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'unsafe-inline'"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert response.content.startswith(b"\n<!DOCTYPE html>") or b"<!DOCTYPE html>" in response.content[:20]


def test_a_text_message_has_no_letter_and_a_forgotten_one_is_gone(demo, client):
    text, mail = outbox.sms(), outbox.email(to="jan@demo.example")
    assert client.get(reverse("demo_letter", args=[text.pk])).status_code == 404
    forget(to="jan@demo.example", at=timezone.now())
    assert client.get(reverse("demo_letter", args=[mail.pk])).status_code == 404


def test_reading_only(demo, client):
    assert client.post(MAILBOX).status_code == 405


def test_the_number_of_queries_does_not_grow(demo, client, django_assert_max_num_queries):
    with translation.override("en"):
        outbox.email()
        with django_assert_max_num_queries(3):
            client.get(MAILBOX)
        for _ in range(3):
            outbox.email()
        with django_assert_max_num_queries(3):
            client.get(MAILBOX)
