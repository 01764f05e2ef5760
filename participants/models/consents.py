import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.people import Participant
from participants.querysets import ConsentQuerySet, ConsentTextQuerySet


class Purpose(models.TextChoices):
    """What is asked separately, each with its own text and answer."""

    DETAILS = "details", _("keep my name and number, and help me")
    REMINDERS = "reminders", _("remind me of appointments")
    REPORT = "report", _("write down what we talk about, and read it together")
    SHARE = "share", _("tell a place that I am coming: my first name and number")
    LEARNING = "learning", _("ask me later what I thought of it")


class ConsentText(models.Model):
    """What somebody says yes or no to, in one language. A text that was used never changes: a change is a new version.

    Only a text that a speaker of its language has checked asks for consent; another is at most a help beside the checked Dutch.
    """

    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))  # a paragraph a line
    picture = models.CharField(_("picture"), max_length=24, blank=True)
    # The speaker of its language who read it. Empty: checked by nobody
    checked_by = models.CharField(_("checked by"), max_length=120, blank=True)
    checked_at = models.DateField(_("checked on"), null=True, blank=True)
    # The coordinator who wrote down that it was checked
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("marked by"), null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to consent to")
        ordering = ["purpose", "version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_once"),
            models.CheckConstraint(
                condition=Q(checked_by="", checked_at=None) | (~Q(checked_by="") & Q(checked_at__isnull=False)),
                name="consent_text_checked_by_somebody",
                violation_error_message=_("A checked text says by whom and when."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="used_text_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="words_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("purpose", "version", "language", "title", "body"),
                condition=pgtrigger.AnyChange("purpose", "version", "language", "title", "body"),
                func="""
                    RAISE EXCEPTION 'a text to consent to never changes: make a new version'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_text_words_stay';
                """,
            ),
            pgtrigger.Trigger(
                name="check_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("checked_by", "checked_at", "marked_by_id"),
                condition=pgtrigger.Q(old__checked_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'who checked a text stays'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_text_check_stays';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {self.language}"

    @property
    def is_checked(self) -> bool:
        return self.checked_at is not None

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.body.splitlines() if line.strip()]


class Answer(models.TextChoices):
    GIVEN = "given", _("yes")
    REFUSED = "refused", _("no")
    WITHDRAWN = "withdrawn", _("no longer")


class Consent(models.Model):
    """An answer to a text: never changed; the last one for a purpose holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    # The text's, so that the last one for a purpose is found by an index
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    at = models.DateTimeField(_("when"))
    # Who sat beside them; empty: they answered themselves
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("witness"), null=True, on_delete=models.PROTECT, related_name="+")
    # The text was read to them in this language by an interpreter; empty: they read or heard it as it stands
    interpreted_in = models.CharField(_("interpreted in"), max_length=8, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["participant", "purpose", "-at"], name="consent_last")]
        triggers = [
            pgtrigger.Trigger(
                name="to_a_checked_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "RECORD")],
                func="""
                    SELECT * INTO asked FROM participants_consenttext WHERE id = NEW.text_id;
                    IF asked.purpose <> NEW.purpose OR (NEW.answer = 'given' AND asked.checked_at IS NULL) THEN
                        RAISE EXCEPTION 'only a checked text asks for consent'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_to_a_checked_text';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.answer}"
