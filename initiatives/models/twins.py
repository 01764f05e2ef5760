from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.initiative import Initiative


class TwinAnswer(models.Model):
    """What whoever registers says about an entry that looks like theirs."""

    class Answer(models.TextChoices):
        SAME = "same", _("that is us")
        INTRODUCE = "introduce", _("we do something like it, bring us together")
        DIFFERENT = "different", _("we are different")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="twin_answers")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer about a similar entry")
        constraints = [
            models.UniqueConstraint(fields=["initiative", "other"], name="twin_answer_once"),
            models.CheckConstraint(condition=~Q(initiative=F("other")), name="twin_answer_about_another"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} / {self.other}: {self.get_answer_display()}"


class Introduction(models.Model):
    """Two initiatives that may meet. What one knows of the other is shared only after both said yes.

    Whoever asks has said yes by asking; nothing is sent before their entry is handed in.
    """

    asker = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="introductions_asked")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="introductions_received")
    message = models.CharField(_("a word with it"), max_length=400, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    # When the other's team was told; null as long as the asker's entry is a draft
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("introduction")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asker", "other"], name="introduction_once", violation_error_message=_("You have asked this already.")
            ),
            models.CheckConstraint(condition=~Q(asker=F("other")), name="introduction_of_two"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_at__isnull=True)
                | Q(agreed__isnull=False, answered_at__isnull=False, told_at__isnull=False, answered_at__gte=F("told_at")),
                name="introduction_answered_after_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} / {self.other}"
