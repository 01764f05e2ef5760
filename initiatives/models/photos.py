import uuid

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Photo(models.Model):
    """A picture of an initiative, as we drew it anew in three widths; the file that was sent is not kept.

    The initiative's history may point at it after it was replaced. Taken away for good, the row and its files are gone.
    """

    # Also the name of its files, which say nothing about whose they are
    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey("Initiative", on_delete=models.CASCADE, related_name="photos")
    alternative_text = models.CharField(_("what can be seen"), max_length=200, validators=[MinLengthValidator(3)])
    # Of the widest, in pixels
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo")
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text=""),
                name="photo_alternative_text",
                violation_error_message=_("Tell in one sentence what can be seen, for people who do not see it."),
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_size"),
        ]

    def __str__(self) -> str:
        return self.alternative_text
