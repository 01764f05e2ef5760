import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldlab.outbox.letters import render
from fieldlab.outbox.models import Mail, OutboxMessage
from tests.factories import outbox

pytestmark = pytest.mark.django_db


def test_a_key_is_one_message():
    first = outbox.email(key="same", to="a@demo.example")
    second = outbox.email(key="same", to="b@demo.example")
    assert first.pk == second.pk
    assert OutboxMessage.objects.get().to == "a@demo.example"


def test_queueing_belongs_to_the_callers_transaction():
    with transaction.atomic():
        outbox.email()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_lazy_words_take_the_readers_language():
    lazy = gettext_lazy("Yes")  # Django itself has the Dutch
    with translation.override("en"):
        assert outbox.email(language="nl", mail=Mail(lazy, [lazy])).subject == "Ja"
        assert outbox.email(language="en", mail=Mail(lazy, [lazy])).subject == "Yes"
        assert outbox.sms(language="nl", text=lazy).text == "Ja"
        assert outbox.email(language="xx", mail=Mail(lazy, [lazy])).language == "nl"
        assert translation.get_language() == "en"


def test_text_and_html_say_the_same():
    mail = Mail("Hello", ["One & two.\nThree."], ("Look", "https://demo.example/a/?b=1&c=2"), [("When", "today")])
    message = outbox.email(mail=mail)
    assert "One & two.\nThree." in message.text
    assert "\nhttps://demo.example/a/?b=1&c=2\n" in message.text  # on its own line
    assert "When: today" in message.text
    assert "One &amp; two.<br>Three." in message.html
    assert message.html.count('href="https://demo.example/a/?b=1&amp;c=2"') == 2
    assert 'lang="en" dir="ltr"' in message.html
    for words in (message.text, message.html):
        assert "020\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}01\N{NO-BREAK SPACE}23" in words
    assert not re.search(r"<img|<script|<link|url\(|@import", message.html)
    assert message.body.endswith("https://demo.example/a/?b=1&c=2")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/just/a/path/", "ftp://demo.example", ""])
def test_a_button_leads_to_a_web_page(url):
    with pytest.raises(ValueError, match="http"):
        outbox.email(mail=Mail("Hello", ["Hello"], ("Look", url)))


def test_more_links_stand_below_the_button_and_lead_to_web_pages_too():
    links = [("No", "https://demo.example/no"), ("Later", "https://demo.example/later")]
    letter = render(Mail("S", ["Yes?"], ("Yes", "https://demo.example/yes"), links=links), "en")
    places = [letter.text.index(f"https://demo.example/{answer}") for answer in ("yes", "no", "later")]
    assert places == sorted(places)
    assert all(f'href="{address}"' in letter.html for _label, address in links)
    with pytest.raises(ValueError, match="http"):
        render(Mail("S", ["Yes?"], links=[("No", "javascript:alert(1)")]), "en")


def test_numbers_are_kept_as_e164():
    assert outbox.sms(to="06 00 00 00 01").to == "+31600000001"
    assert outbox.sms(to="nonsense\r\n").to == "nonsense"  # fails when it should go, and not the caller's work now


@pytest.mark.parametrize("field", ["to", "subject"])
def test_what_is_missing_is_said_without_an_address(field, caplog):
    fields = {"to": "\r\n"} if field == "to" else {"to": "secret@demo.example", "mail": Mail(" ", ["secret words"])}
    with pytest.raises(ValueError, match=field) as caught:
        outbox.email(**fields)
    assert "secret" not in str(caught.value) + caplog.text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"channel": "fax"}, "outbox_channel_known"),
        ({"sent_at": "now", "failed_at": "now"}, "outbox_sent_or_failed"),
        ({"leased_until": "now"}, "outbox_lease_whole_and_unfinished"),
        ({"to": ""}, "outbox_full_or_emptied"),
        ({"emptied_at": "now"}, "outbox_full_or_emptied"),
        ({"subject": ""}, "outbox_email_has_subject"),
        ({"channel": "sms"}, "outbox_sms_is_plain"),
    ],
)
def test_the_database_is_the_last_judge(fields, name):
    outbox.email()
    now = timezone.now()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        OutboxMessage.objects.update(**{field: now if value == "now" else value for field, value in fields.items()})


def test_looking_for_due_messages_uses_the_partial_index():
    now = timezone.now()
    sent = {"channel": "email", "to": "a@demo.example", "language": "nl", "subject": "s", "text": "t", "sent_at": now}
    done = [OutboxMessage(key=f"old-{i}", created_at=now, due_at=now, **sent) for i in range(3000)]
    OutboxMessage.objects.bulk_create(done)
    outbox.email()
    due = OutboxMessage.objects.filter(channel="email").due(now + timedelta(seconds=5))
    assert "outbox_due" in due.select_for_update(skip_locked=True)[:1].explain()
    assert "outbox_due" in OutboxMessage.objects.unfinished().filter(due_at__lte=now).order_by("due_at").explain()


# --- Whatever people type

odd = ["🧵👩🏽‍🔧", "مرحبا بكم", "a\u202eb", "x" * 5000, "a\r\nBcc: b@demo.example", "\u2028x\x85y", "\0", "\ud800"]
text = st.text(max_size=300) | st.sampled_from(odd)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=text, paragraph=text, label=text, value=text, to=text, language=text)
@example("a\r\nBcc: x@demo.example", "\r\n.\r\n", "a\nb", "\x00", "a@demo.example\r\nBcc: x@demo.example", "nl\r\n")
def test_nothing_typed_gets_into_a_header(subject, paragraph, label, value, to, language):
    mail = Mail(f"S {subject}", [paragraph, paragraph], (f"L{label}", f"https://demo.example/{value}"), [(label, value)])
    with transaction.atomic():
        message = outbox.email(to=f"t{to}", language=language, mail=mail)
        for line in (message.to, message.subject, message.language, message.message_id):
            assert line.isprintable() or not re.search(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]", line)
        assert len(message.subject) <= 200
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", message.text + message.html)
        transaction.set_rollback(True)


@settings(max_examples=100, deadline=None)
@given(value=st.text(alphabet="<>&\"' abc/{}%\n", max_size=60))
def test_nothing_typed_becomes_markup(value):
    html = render(Mail(f"S{value}", [value], ("L", f"https://demo.example/{value}"), [(value, value)]), "en").html
    plain_html = render(Mail("S", ["x"], ("L", "https://demo.example/"), [("x", "x")]), "en").html
    tags = re.compile(r"<(?!br>)/?[a-z][^>]*>")
    assert len(tags.findall(html)) == len(tags.findall(plain_html))
