from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldlab.audit.querysets import AccessRecordQuerySet


class ActorKind(models.TextChoices):
    USER = "user", _("account")
    LINK = "link", _("signed link")
    SYSTEM = "system", _("the platform itself")


class AccessRecord(models.Model):
    """Somebody read about a participant: written in the reading transaction, never changed. The participant may read it."""

    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind of actor"), max_length=8, choices=ActorKind)
    # No constraint: the log outlives the account.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    employer = models.CharField(_("employer at that time"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=40, blank=True)
    # Participants stand above this app, so this is their key and no foreign key.
    participant_id = models.UUIDField(_("participant"))
    what = models.CharField(_("what was read"), max_length=60)
    reason = models.CharField(_("why"), max_length=200)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of access")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["participant_id", "-at"], name="access_record_of_participant")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="user", user__isnull=False) | (~Q(kind="user") & Q(user__isnull=True)),
                name="access_record_names_its_user",
                violation_error_message=_("A record of an account's access names the account."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="access_record_has_a_reason", violation_error_message=_("Say why you read this.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"
