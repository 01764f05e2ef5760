"""Queueing, delivering, emptying. Queueing belongs to the caller's transaction; delivering has its own short ones around each sending."""

import logging
import random
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django_stubs_ext import StrOrPromise

from fieldlab.lib.phones import NotAPhoneNumber, normalise
from fieldlab.outbox.letters import known, one_line, render, written
from fieldlab.outbox.lines import mail, sms
from fieldlab.outbox.lines.failures import Lost, NotNow, Refused, Unclear
from fieldlab.outbox.models import Channel, Mail, OutboxMessage

logger = logging.getLogger(__name__)

Line = Callable[[], AbstractContextManager[Callable[[OutboxMessage], None]]]
LINES: dict[str, Line] = {Channel.EMAIL: mail.line, Channel.SMS: sms.line}

LEASE = timedelta(minutes=4)  # longer than one message can take, which is some five answers of EMAIL_TIMEOUT each
BATCH_SECONDS = 30.0
SENDERS_AT_ONCE = 2  # a slow mail server may hold this many workers, not all
ATTEMPTS = 15
KEPT = timedelta(days=30)


# --- Queueing


def queue_email(*, key: str, to: str, language: str, mail: Mail, at: datetime, due_at: datetime | None = None) -> None:
    """Write the mail down in this transaction; it goes when that commits, or at `due_at`. The same key twice is one message: the first.

    `key` says what it tells about ("initiative-published-17-3") and holds no personal data. A bad address does not stop the
    caller's work: the message fails when it should go. Raises ValueError without a recipient or with a button that is no web address.
    """
    letter = render(mail, language)
    _write(
        OutboxMessage(
            key=key,
            channel=Channel.EMAIL,
            to=one_line(to),
            language=known(language),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            calendar=mail.calendar,
            created_at=at,
            due_at=due_at or at,
        )
    )


def queue_sms(*, key: str, to: str, language: str, text: StrOrPromise, at: datetime) -> None:
    """As queue_email, for one text message."""
    try:
        number = normalise(to)
    except NotAPhoneNumber:
        number = one_line(to)
    message = OutboxMessage(key=key, channel=Channel.SMS, to=number, language=known(language), created_at=at, due_at=at)
    message.text = written(text, language)
    _write(message)


def _write(message: OutboxMessage) -> None:
    # Looked at here, as the database would print the whole row in its error.
    empty = [name for name in ("to", "text", *(["subject"] if message.channel == Channel.EMAIL else [])) if not getattr(message, name)]
    if empty:
        raise ValueError(f"Outbox message {message.key} has no {' and no '.join(empty)}.")
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


# --- Delivering


def deliver_due(*, channel: str, at: datetime, limit: int = 100) -> int:
    """Send what is due on one channel, one by one, until nothing is due, `limit` is reached or BATCH_SECONDS are over.

    Each message is taken, sent and settled before the next is taken; only the sending takes long, and no transaction is open
    then. Whoever dies on the way leaves at most one message of which nobody knows whether it went: when its lease has run out, it
    goes once more, marked `maybe_duplicate`, with the same Message-ID. Returns how many were sent.
    """
    if OutboxMessage.objects.filter(channel=channel).in_hand(at).count() >= SENDERS_AT_ONCE:
        return 0
    if not OutboxMessage.objects.filter(channel=channel).due(at).exists():
        return 0
    started, sent = time.monotonic(), 0
    try:
        with LINES[channel]() as send:
            for _ in range(limit):
                elapsed = time.monotonic() - started
                if elapsed > BATCH_SECONDS:
                    break
                message = _take(channel, at + timedelta(seconds=elapsed))
                if message is None:
                    break
                sent += _attempt(message, send, lambda: at + timedelta(seconds=time.monotonic() - started))
    except Lost as lost:
        logger.warning("outbox: %s", lost)
    return sent


def _take(channel: str, at: datetime) -> OutboxMessage | None:
    """The next due message, leased to us: committed before anything goes over the line."""
    while True:
        with transaction.atomic(durable=True):
            message = OutboxMessage.objects.filter(channel=channel).due(at).select_for_update(skip_locked=True).first()
            if message is None:
                return None
            if message.lease is None or not message.maybe_duplicate:
                message.maybe_duplicate |= message.lease is not None
                message.lease, message.leased_until = uuid.uuid4(), at + LEASE
                message.attempts += 1
                message.save(update_fields=["lease", "leased_until", "attempts", "maybe_duplicate"])
                return message
            _settle(message, failed_at=at, last_error="twice without a result")


def _attempt(message: OutboxMessage, send: Callable[[OutboxMessage], None], now: Callable[[], datetime]) -> bool:
    """Send it and write down what came of it. Raises Lost when the line cannot carry the next one."""
    try:
        send(message)
    except Refused as refused:
        _settle(message, failed_at=now(), last_error=str(refused))
    except NotNow as not_now:
        _postpone(message, str(not_now), now())
        if isinstance(not_now, Lost):
            raise
    except Unclear as unclear:
        if message.maybe_duplicate:
            _settle(message, failed_at=now(), last_error=f"twice: {unclear}")
        else:
            message.maybe_duplicate = True
            _postpone(message, str(unclear), now())
        raise Lost(str(unclear)) from None
    else:
        _settle(message, sent_at=now(), last_error="")
        return True
    return False


def _postpone(message: OutboxMessage, reason: str, at: datetime) -> None:
    if message.attempts >= ATTEMPTS:
        _settle(message, failed_at=at, last_error=reason)
    else:
        _settle(message, due_at=at + pause_after(message.attempts), last_error=reason)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a minute, doubling to four hours, a day in all; give or take a quarter."""
    seconds = min(30 * 2 ** (attempts - 1), 4 * 3600)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - spreads the load, keeps no secret


def _settle(message: OutboxMessage, **result: Any) -> None:
    """Write down the result, if the message is still ours, and lay it down.

    What we know now must not be forgotten because the database restarts at this moment: that would send the message again.
    """
    ours = OutboxMessage.objects.filter(pk=message.pk, lease=message.lease)
    for pause in (0.5, 2, None):
        try:
            changed = ours.update(lease=None, leased_until=None, maybe_duplicate=message.maybe_duplicate, **result)
        except Error:
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
        else:
            break
    if not changed:
        logger.warning("outbox message %s was settled by somebody else", message.pk)
    elif not result.get("sent_at"):
        logger.warning("outbox message %s: %s", message.pk, result["last_error"])


# --- Emptying

EMPTY = {"to": "", "subject": "", "text": "", "html": "", "calendar": ""}


@transaction.atomic
def purge(*, at: datetime) -> int:
    """Empty what was finished 30 days ago; the row stays, so that its key is not sent again. Returns how many."""
    return OutboxMessage.objects.filter(emptied_at__isnull=True).finished_before(at - KEPT).update(**EMPTY, emptied_at=at)


@transaction.atomic
def withdraw(*, key_prefix: str, at: datetime) -> int:
    """Take back what still has to go and is no longer true, such as a reminder of a talk that was cancelled. Returns how many.

    What somebody is sending at this moment goes: nobody can take that back.
    """
    theirs = OutboxMessage.objects.filter(key__startswith=key_prefix, lease=None).unfinished()
    return theirs.update(failed_at=at, last_error="no longer true", **EMPTY, emptied_at=at)


@transaction.atomic
def forget_about(*, key_prefix: str, at: datetime) -> int:
    """Empty every message with such a key, whoever it is to and also those that still had to go: they never go. Returns how many."""
    about = OutboxMessage.objects.filter(key__startswith=key_prefix, emptied_at=None)
    about.unfinished().update(failed_at=at, last_error="its subject is forgotten", lease=None, leased_until=None)
    return about.update(**EMPTY, emptied_at=at)


@transaction.atomic
def forget(*, to: str, at: datetime) -> int:
    """Empty every message to this address or number, also those that still had to go: they never go. Returns how many."""
    try:
        addresses = [one_line(to).lower(), normalise(to)]
    except NotAPhoneNumber:
        addresses = [one_line(to).lower()]
    theirs = OutboxMessage.objects.alias(address=Lower("to")).filter(address__in=addresses, emptied_at__isnull=True)
    theirs.unfinished().update(failed_at=at, last_error="recipient forgotten", lease=None, leased_until=None)
    return theirs.filter(~Q(to="")).update(**EMPTY, emptied_at=at)
