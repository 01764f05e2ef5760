from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.models.initiative import Initiative


class EditDraft(models.Model):
    """What somebody typed on the edit page and has not saved yet, to go on with on any device. Nobody else sees it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="edit_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The revision it is an edit of
    revision = models.PositiveIntegerField()
    # The form as it was sent: field name to list of texts
    typed = models.JSONField()
    updated_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("unsaved change")
        constraints = [models.UniqueConstraint(fields=["initiative", "user"], name="edit_draft_once")]

    def __str__(self) -> str:
        return f"{self.initiative} ({self.user})"
