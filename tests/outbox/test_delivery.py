import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from fieldlab.outbox import actions
from fieldlab.outbox.actions import deliver_due, forget, pause_after, purge, withdraw
from fieldlab.outbox.models import Mail, OutboxMessage
from tests.factories import outbox
from tests.factories.outbox import deliver, settings_of
from tests.servers.sms import sms_gateway
from tests.servers.smtp import mail_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def smtp():
    with mail_server() as server, settings_of(server):
        yield server


@pytest.fixture
def gateway():
    with sms_gateway() as server, settings_of(server):
        yield server


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def age_leases() -> None:
    """As if the leases' time had passed."""
    OutboxMessage.objects.filter(lease__isnull=False).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_batch_goes_over_one_connection(smtp):
    queued = [outbox.email() for _ in range(5)]
    assert deliver() == 5
    assert smtp.sessions == 1
    assert smtp.message_ids == dict.fromkeys((message.message_id for message in queued), 1)
    assert not OutboxMessage.objects.unfinished().exists()
    assert deliver() == 0


def test_what_arrives(smtp):
    message = outbox.email(
        to="Zoë@demo.example".replace("ë", "e"), mail=Mail("Één ☎ groet", ["مرحبا 🧵"], ("Kijk", "https://demo.example/"))
    )
    deliver()
    mail = smtp.messages[0]
    assert mail["Subject"] == "Één ☎ groet"
    assert mail["To"] == message.to
    assert mail["From"] == "Fieldlab <fieldlab@demo.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert "مرحبا 🧵" in text.get_content()
    assert "مرحبا 🧵" in html.get_content()


def test_not_before_its_transaction_commits_or_its_time_comes(smtp):
    with transaction.atomic():
        outbox.email()
        sent = []
        thread = threading.Thread(target=lambda: (sent.append(deliver()), connection.close()))
        thread.start()
        thread.join()
    assert sent == [0]
    OutboxMessage.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert deliver() == 0


def test_delivering_inside_a_transaction_is_refused(smtp):
    outbox.email()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver()
    assert not smtp.messages


@pytest.mark.parametrize(
    ("answer", "failed", "reason"),
    [
        ("550 5.1.1 <gone@demo.example> does not live here", True, "recipient refused (550 5.1.1)"),
        ("450 4.2.1 gone@demo.example is busy", False, "recipient refused (450 4.2.1)"),
    ],
)
def test_a_refused_recipient(smtp, caplog, answer, failed, reason):
    smtp.refused["gone@demo.example"] = answer
    outbox.email(to="gone@demo.example")
    outbox.email()
    now = timezone.now()
    assert deliver(now) == 1  # the other one goes on
    message = OutboxMessage.objects.get(to="gone@demo.example")
    assert (message.failed_at is not None) is failed
    assert message.last_error == reason
    assert message.lease is None
    assert not message.maybe_duplicate
    assert failed or message.due_at > now + timedelta(seconds=20)
    assert "gone@" not in caplog.text


def test_a_refused_text_fails_and_a_busy_server_waits(smtp):
    smtp.data_answer = "554 5.6.0 no"
    first = outbox.email()
    deliver()
    smtp.data_answer = "452 4.3.1 no room"
    second = outbox.email()
    deliver()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.last_error == "message refused (554 5.6.0)"
    assert first.failed_at
    assert second.last_error == "message refused (452 4.3.1)"
    assert not second.failed_at


@pytest.mark.parametrize(
    "address", ["no address", "a@demo.example, b@demo.example", "a@demo.example Bcc: b@demo.example", "a@" + "x" * 400]
)
def test_a_bad_address_fails_at_once(smtp, address):
    outbox.email(to=address)
    deliver()
    assert OutboxMessage.objects.get().last_error == "not an e-mail address"
    assert OutboxMessage.objects.get().failed_at
    assert not smtp.messages


def test_no_mail_server_costs_no_attempt(settings, caplog):
    settings.EMAIL_BACKEND = "fieldlab.outbox.lines.smtp.EmailBackend"
    settings.EMAIL_PORT = closed_port()
    message = outbox.email()
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.attempts, message.lease, message.last_error) == (0, None, "")
    assert OutboxMessage.objects.oldest_due(timezone.now()) == message.due_at
    assert "no connection to the mail server" in caplog.text


def test_a_line_that_breaks_after_the_text_may_double_once_and_says_so(smtp):
    smtp.hang_ups = 1
    first, second = outbox.email(), outbox.email()
    assert deliver() == 0  # the line is gone, so the batch ends
    first.refresh_from_db()
    assert first.maybe_duplicate
    assert not first.failed_at
    later = timezone.now() + timedelta(minutes=5)
    assert deliver(later) == 2
    assert smtp.message_ids == {first.message_id: 2, second.message_id: 1}
    assert list(OutboxMessage.objects.filter(maybe_duplicate=True)) == [first]


def test_a_line_that_breaks_twice_ends_it(smtp):
    smtp.hang_ups = 2
    message = outbox.email()
    deliver()
    deliver(timezone.now() + timedelta(minutes=5))
    message.refresh_from_db()
    assert message.failed_at
    assert message.last_error.startswith("twice")
    assert smtp.message_ids == {message.message_id: 2}


def test_a_sender_that_died_leaves_one_message_that_goes_again_once(smtp):
    message = outbox.email()
    taken = actions._take("email", timezone.now())
    assert taken == message
    assert deliver() == 0  # in somebody's hands
    age_leases()
    assert deliver() == 1
    message.refresh_from_db()
    assert message.maybe_duplicate
    assert message.attempts == 2


def test_a_message_that_kills_its_sender_twice_is_given_up(smtp):
    message = outbox.email()
    for _ in range(2):
        assert actions._take("email", timezone.now()) == message
        age_leases()
    assert deliver() == 0
    message.refresh_from_db()
    assert message.last_error == "twice without a result"


def test_a_late_result_does_not_undo_what_the_next_one_did(smtp, caplog):
    outbox.email()
    late = actions._take("email", timezone.now())
    age_leases()
    deliver()
    actions._settle(late, failed_at=timezone.now(), last_error="too late")
    assert OutboxMessage.objects.get().sent_at
    assert "settled by somebody else" in caplog.text


def test_a_stuck_server_holds_two_workers_and_no_more(smtp):
    for _ in range(5):
        outbox.email()
    now = timezone.now()
    for _ in range(actions.SENDERS_AT_ONCE):
        actions._take("email", now)
    assert deliver() == 0
    age_leases()
    assert deliver() == 5


def test_two_senders_at_once_send_each_once(smtp):
    smtp.delay = 0.005
    queued = [outbox.email() for _ in range(40)]
    barrier, sent = threading.Barrier(2), []

    def work():
        barrier.wait()
        sent.append(deliver())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 40
    assert min(sent) > 0
    assert smtp.message_ids == dict.fromkeys((message.message_id for message in queued), 1)
    assert not OutboxMessage.objects.filter(maybe_duplicate=True).exists()


def test_the_pauses_add_up_to_a_day():
    middle = [30 * 2**n for n in range(9)] + [4 * 3600] * 5
    for attempts, seconds in enumerate(middle, start=1):
        assert 0.75 * seconds <= pause_after(attempts).total_seconds() <= 1.25 * seconds
    assert len(middle) == actions.ATTEMPTS - 1
    assert 23 <= sum(middle) / 3600 <= 25


def test_after_the_last_attempt_it_fails(smtp):
    smtp.refused["busy@demo.example"] = "450 busy"
    message = outbox.email(to="busy@demo.example")
    OutboxMessage.objects.update(attempts=actions.ATTEMPTS - 1)
    deliver()
    message.refresh_from_db()
    assert message.failed_at
    assert message.last_error == "recipient refused (450)"


# --- Text messages


def test_a_text_message_arrives(gateway):
    message = outbox.sms(to="06 00 00 00 01", text="Tot morgen, 14.00 uur")
    assert deliver() == 1
    expected = {"to": "+31600000001", "text": "Tot morgen, 14.00 uur", "sender": "Fieldlab", "reference": message.message_id}
    assert gateway.messages == [expected]


@pytest.mark.parametrize(("status", "failed"), [(422, True), (400, True), (401, False), (429, False), (500, False), (503, False)])
def test_what_the_gateway_refuses(gateway, status, failed):
    gateway.status = status
    outbox.sms()
    deliver()
    message = OutboxMessage.objects.get()
    assert (message.failed_at is not None) is failed
    assert message.last_error == f"the SMS gateway answered {status}"


def test_a_gateway_that_falls_silent_gets_the_same_reference_again(gateway):
    gateway.hang_up = True
    message = outbox.sms()
    deliver()
    gateway.hang_up = False
    assert deliver(timezone.now() + timedelta(minutes=5)) == 1
    assert [sent["reference"] for sent in gateway.messages] == [message.message_id] * 2
    assert OutboxMessage.objects.get().maybe_duplicate


def test_a_gateway_that_is_away(settings):
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{closed_port()}"
    outbox.sms()
    deliver()
    message = OutboxMessage.objects.get()
    assert message.last_error == "no connection to the SMS gateway (ConnectError)"
    assert not message.maybe_duplicate
    assert not message.failed_at


@pytest.mark.parametrize(("number", "reason"), [("nonsense", "not a telephone number"), ("", "")])
def test_a_bad_number_fails_at_once(gateway, number, reason):
    outbox.sms(to=number or "0600000001")
    deliver()
    assert OutboxMessage.objects.get().last_error == reason
    assert len(gateway.messages) == (0 if number else 1)


def test_without_a_gateway_a_text_message_fails_with_the_reason(settings):
    settings.SMS_GATEWAY_URL = ""
    outbox.sms()
    deliver()
    assert OutboxMessage.objects.get().last_error == "no SMS gateway is set up (SMS_GATEWAY_URL)"


# --- Emptying


def test_after_thirty_days_only_the_key_is_left(smtp):
    now = timezone.now()
    outbox.email(key="sent", at=now - timedelta(days=40))
    deliver(now - timedelta(days=31))
    outbox.email(key="fresh", at=now - timedelta(days=30))
    deliver(now - timedelta(days=29))
    outbox.email(key="waiting", at=now - timedelta(days=40))
    OutboxMessage.objects.filter(key="waiting").update(due_at=now + timedelta(days=1))
    assert purge(at=now) == 1
    assert purge(at=now) == 0
    emptied = OutboxMessage.objects.get(emptied_at__isnull=False)
    assert (emptied.key, emptied.to, emptied.subject, emptied.text, emptied.html) == ("sent", "", "", "", "")
    assert outbox.email(key="sent").pk == emptied.pk
    assert deliver() == 0


def test_a_forgotten_person_gets_nothing_and_leaves_nothing(smtp, gateway):
    outbox.email(key="sent", to="Jan@demo.example")
    deliver()
    outbox.email(key="waiting", to="jan@demo.example")
    outbox.email(key="other", to="an@demo.example")
    outbox.sms(key="sms", to="0600000001")
    assert forget(to="JAN@demo.example", at=timezone.now()) == 2
    assert forget(to="06-00000001", at=timezone.now()) == 1
    assert deliver() == 1
    assert [message["To"] for message in smtp.messages] == ["Jan@demo.example", "an@demo.example"]
    assert not gateway.messages
    assert OutboxMessage.objects.get(key="waiting").last_error == "recipient forgotten"
    assert not OutboxMessage.objects.filter(to__icontains="jan").exists()


def test_only_what_is_due_now_counts_as_waiting(smtp):
    now = timezone.now()
    assert OutboxMessage.objects.oldest_due(now) is None
    outbox.email(at=now + timedelta(hours=1))
    assert OutboxMessage.objects.oldest_due(now) is None
    early = outbox.email(at=now - timedelta(minutes=3))
    assert OutboxMessage.objects.oldest_due(now) == early.due_at


def test_how_many_queries_do_not_grow_with_what_waits(smtp, django_assert_num_queries):
    outbox.email()
    with django_assert_num_queries(7):
        deliver_due(channel="email", at=timezone.now(), limit=1)
    for _ in range(3):
        outbox.email()
    with django_assert_num_queries(7):
        deliver_due(channel="email", at=timezone.now(), limit=1)


EVENT = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:É\r\nEND:VEVENT\r\n"
CALENDAR = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//NL\r\nMETHOD:REQUEST\r\n{EVENT}END:VCALENDAR\r\n"


def test_an_invitation_for_the_agenda_arrives_as_one(smtp):
    message = outbox.email(mail=Mail("Uw gesprek", ["Tot dinsdag."], calendar=CALENDAR))
    deliver()
    mail = smtp.messages[0]
    [alternatives, file] = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternatives.iter_parts())[-1]
    assert calendar.get_param("method") == "REQUEST"
    assert "SUMMARY:É" in calendar.get_content()
    assert (file.get_filename(), file.get_content_type()) == ("afspraak.ics", "text/calendar")
    message.refresh_from_db()
    purge(at=timezone.now() + timedelta(days=31))
    message.refresh_from_db()
    assert message.calendar == ""


def test_what_is_no_longer_true_does_not_go(smtp):
    outbox.email(key="talk-1-reminder-0")
    outbox.email(key="talk-2-reminder-0")
    assert withdraw(key_prefix="talk-1-", at=timezone.now()) == 1
    assert withdraw(key_prefix="talk-1-", at=timezone.now()) == 0
    assert deliver() == 1
    assert OutboxMessage.objects.get(key="talk-1-reminder-0").to == ""
