import pgtrigger
from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.initiative import Initiative


class ModerationDecision(models.Model):
    """What was decided about an entry, by whom and why. Never changed, never deleted."""

    class Decision(models.TextChoices):
        CHECKED = "checked", _("changes looked through")
        BROUGHT_BACK = "brought_back", _("brought back")
        PUBLISHED = "published", _("published")
        CHANGES_REQUESTED = "changes_requested", _("changes asked")
        ARCHIVED = "archived", _("archived")

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    message = models.TextField(_("message"), max_length=2000, blank=True, validators=[MinLengthValidator(3)])
    # What the decision is about: the entry as it stood
    revision = models.PositiveIntegerField(_("revision"), null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["published", "checked"]) | ~Q(message=""),
                name="moderation_decision_says_why",
                violation_error_message=_("Say why, or what has to change."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.get_decision_display()}"


class ModerationMessage(models.Model):
    """A word between a team and whoever moderates its entry, outside a decision. Both sides read all of them."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_moderator = models.BooleanField(_("from whoever checks"))
    text = models.TextField(_("message"), max_length=2000)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("message")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="moderation_message_says_something", violation_error_message=_("Type a message first.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.at:%Y-%m-%d %H:%M}"
