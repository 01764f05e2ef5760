"""How a password is kept, and what it must be, in words that say how to repair it: Django's own are not all there in Dutch."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.utils.translation import gettext as _


class Argon2idHasher(Argon2PasswordHasher):
    """OWASP's argon2id parameters: 19 MiB, two passes, one lane. Django's 100 MiB lets fifty sign-ins take 3.7 GB."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1


class LongEnoughValidator(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("This password is too short. Type at least %(number)s characters, such as three or four words.") % {
            "number": self.min_length
        }


class NotCommonValidator(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Many people use this password, so it is easy to guess. Type three or four words instead.")
