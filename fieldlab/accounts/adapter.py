"""Where allauth meets this site: its mails go through the outbox, and an organisation's sign-in is only trusted for its own addresses."""

import base64
from typing import Any
from uuid import uuid4

import qrcode  # type: ignore[import-untyped]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from fieldlab.accounts.models import User
from fieldlab.accounts.notifications import letter
from fieldlab.lib.encryption import DecryptionError, Sealed, master_keys, place
from fieldlab.outbox.actions import queue_email

SECOND_FACTOR = place("mfa_authenticator", "", "data")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not go together. Check both, or get a code by e-mail."),
        "too_many_login_attempts": _("You tried too often. Wait five minutes, or get a code by e-mail."),
        "rate_limited": _("You tried too often. Wait a few minutes."),
        "incorrect_code": _("This code is not right. Look again in the e-mail or the app."),
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This password is not right."),
        "account_inactive": _("This account is closed."),
        "same_as_current": _("This is what you have already."),
        "duplicate_email": _("You already use this e-mail address."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        queue_email(
            key=f"{template_prefix.replace('/', '-')}-{uuid4()}",
            to=email,
            language=get_language() or settings.LANGUAGE_CODE,
            mail=letter(template_prefix, context),
            at=timezone.now(),
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        # As slow as making an account, so that the clock does not tell who has one.
        make_password(uuid4().hex)
        super().send_account_already_exists_mail(email)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Look again in the app: it changes twice a minute."),
        "unverified_email": _("First check your e-mail address."),
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's name
        return gettext("My device")

    def build_totp_svg(self, url: str) -> str:
        # On a ground of its own: an app cannot read black on a dark page.
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def encrypt(self, text: str) -> str:
        return base64.b64encode(master_keys()[0].seal(text.encode(), SECOND_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = Sealed(base64.b64decode(encrypted_text))
        key = next((key for key in master_keys() if key.id == sealed.key_id), None)
        if key is None:
            raise DecryptionError("ENCRYPTION_KEYS has no key for this second factor.")
        return key.open(sealed, SECOND_FACTOR).decode()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An organisation in OIDC_PROVIDERS is believed about addresses in its own `email_domains`, and about no others."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.email = user.email.lower()
        user.name = data.get("name") or " ".join(filter(None, [data.get("first_name"), data.get("last_name")])) or user.email
        user.language = get_language() or user.language
        user.employer = sociallogin.provider.app.settings.get("employer", "")
        for address in sociallogin.email_addresses:
            # Some servers say "false" as a word; only a true `true` counts.
            address.verified = address.verified is True and _is_of(sociallogin, address.email)
        return user

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return _is_of(login, email)


def _is_of(login: SocialLogin, email: str) -> bool:
    domains = login.provider.app.settings.get("email_domains", [])
    return email.rpartition("@")[2].lower() in {domain.lower() for domain in domains}
