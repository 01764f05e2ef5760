from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.initiative import Initiative
from initiatives.querysets import IntroductionQuerySet


class TwinAnswer(models.Model):
    """What whoever registers says about an entry that looks like theirs."""

    class Answer(models.TextChoices):
        SAME = "same", _("that is us")
        INTRODUCE = "introduce", _("we do something like it, bring us together")
        DIFFERENT = "different", _("we are different")
        # Seen and left open: it is not asked again
        NOT_SAID = "not_said", _("not said")

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
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # When it ended without an answer
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(answered_at__isnull=True, told_at__isnull=False),
                name="introduction_closed_or_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} / {self.other}"

    @property
    def is_open(self) -> bool:
        """Told, and waiting for an answer."""
        return self.told_at is not None and self.answered_at is None and self.closed_at is None

    def with_whom(self, initiative: Initiative) -> Initiative:
        """The other of the two."""
        return self.other if self.asker_id == initiative.pk else self.asker


class JoinRequest(models.Model):
    """ "Dat zijn wij": somebody asks to join the team of an entry that stands there already. Owners answer, else its moderators.

    A yes sends the usual invitation to the address they gave; accepting that proves the address. Rows go after 60 days.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="join_requests")
    # What they were registering when they found it
    draft = models.ForeignKey(Initiative, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    message = models.CharField(_("a word with it"), max_length=400, blank=True)
    language = models.CharField(_("language"), max_length=8, default="nl")
    asked_at = models.DateTimeField(_("asked at"))
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("request to join a team")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "email"], condition=Q(answered_at__isnull=True), name="join_request_open_once"),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, answered_at__isnull=True) | Q(accepted__isnull=False, answered_at__isnull=False),
                name="join_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} ({self.asked_at:%Y-%m-%d})"
