import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from fieldlab.outbox.querysets import OutboxMessageQuerySet

SIGNATURE = "\n\n-- \n"  # mail programs know it: below it stands who sends this
WHY = _("You get this e-mail because we have your address. Is that not right? Call us, and we take it out.")


@dataclass(frozen=True)
class Mail:
    """An e-mail before it has a language: lazy strings are resolved when it is queued, in the reader's language.

    `button` is (label, absolute http(s) URL) and `links` are more of those, quieter; `details` are (label, value) pairs, `why` says why
    this person gets it. `calendar` is a whole iCalendar object with a METHOD, which mail programs offer to put in the agenda.
    """

    subject: StrOrPromise
    paragraphs: Sequence[StrOrPromise]
    button: tuple[StrOrPromise, str] | None = None
    details: Sequence[tuple[StrOrPromise, StrOrPromise]] = ()
    why: StrOrPromise = WHY
    links: Sequence[tuple[StrOrPromise, str]] = ()
    calendar: str = ""


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")


def new_message_id() -> str:
    """In the form of a Message-ID header; an SMS gateway gets it as its reference."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


_FINISHED = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)


class OutboxMessage(models.Model):
    """One message to one person: first a row in the transaction of what it tells about, then sent once, then emptied."""

    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=320, unique=True, default=new_message_id, editable=False)
    channel = models.CharField(max_length=5, choices=Channel)
    to = models.TextField()
    language = models.CharField(max_length=8)
    subject = models.TextField(blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Who is sending it now. A lease that ran out without a result means that the sender died: perhaps after sending.
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    maybe_duplicate = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    emptied_at = models.DateTimeField(null=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index("channel", "due_at", "id", name="outbox_due", condition=Q(sent_at__isnull=True, failed_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_channel_known",
                condition=Q(channel__in=["email", "sms"]),
                violation_error_message=_("A message goes by e-mail or by text message."),
            ),
            models.CheckConstraint(
                name="outbox_sent_or_failed",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message=_("A message is sent or has failed, not both."),
            ),
            models.CheckConstraint(
                name="outbox_lease_whole_and_unfinished",
                condition=Q(lease__isnull=True, leased_until__isnull=True)
                | Q(lease__isnull=False, leased_until__isnull=False, sent_at__isnull=True, failed_at__isnull=True),
                violation_error_message=_("Only a message that still has to go can be in somebody's hands."),
            ),
            models.CheckConstraint(
                name="outbox_full_or_emptied",
                condition=(Q(emptied_at__isnull=True) & ~Q(to="") & ~Q(text=""))
                | (
                    Q(to="", subject="", text="", html="", calendar="", emptied_at__isnull=False)
                    & (Q(sent_at__isnull=False) | Q(failed_at__isnull=False))
                ),
                violation_error_message=_("A message has a recipient and a text until it is finished and emptied."),
            ),
            models.CheckConstraint(
                name="outbox_email_has_subject",
                condition=~Q(channel="email") | ~Q(subject="") | Q(emptied_at__isnull=False),
                violation_error_message=_("An e-mail has a subject."),
            ),
            models.CheckConstraint(
                name="outbox_sms_is_plain",
                condition=~Q(channel="sms") | Q(subject="", html="", calendar=""),
                violation_error_message=_("A text message is plain text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"

    @property
    def body(self) -> str:
        """The text without the lines under an e-mail about who sends it."""
        return self.text.partition(SIGNATURE)[0]
