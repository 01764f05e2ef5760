from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.managers import UserManager


class User(AbstractBaseUser):
    """Somebody who can sign in. What they may do in an app is a row in that app; here stand only the facts that every wall needs."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("There is already an account with this e-mail address.")}
    )
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="nl")
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    # Whoever decides or advises on benefits sees no person, whatever other roles they hold.
    decides_on_benefits = models.BooleanField(_("decides or advises on benefits"), default=False)
    is_coordinator = models.BooleanField(_("network coordinator"), default=False)
    needs_second_factor = models.BooleanField(_("must sign in with a second factor"), default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email
