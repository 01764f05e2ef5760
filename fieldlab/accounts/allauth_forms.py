"""allauth's forms in the words of this site: labels instead of placeholders, help that helps, a new password typed once."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "password1": _("Choose a password"),
    "oldpassword": _("Your password now"),
    "code": _("Code"),
}
HELP: dict[str, Any] = {
    "password1": _("At least 10 characters. Three or four words are easy to remember."),
    "password": "",
    "oldpassword": "",
}


class PlainWords(forms.Form):
    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = (LABELS | self.labels).get(name, field.label)
            field.help_text = (HELP | self.help_texts).get(name, field.help_text)
            if name == "code":
                field.widget.attrs.setdefault("inputmode", "numeric" if self.labels else "text")


class LoginForm(PlainWords, account.LoginForm): ...


class SignupForm(PlainWords, account.SignupForm): ...  # type: ignore[misc]


class AddEmailForm(PlainWords, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    labels = {"password1": _("New password")}


class SetPasswordForm(PlainWords, account.SetPasswordForm): ...


class ResetPasswordForm(PlainWords, account.ResetPasswordForm): ...


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password")}


class ReauthenticateForm(PlainWords, account.ReauthenticateForm): ...


class RequestLoginCodeForm(PlainWords, account.RequestLoginCodeForm): ...


class ConfirmLoginCodeForm(PlainWords, account.ConfirmLoginCodeForm):
    help_texts = {"code": _("As it stands in the e-mail.")}


class ConfirmEmailVerificationCodeForm(PlainWords, account.ConfirmEmailVerificationCodeForm):
    help_texts = {"code": _("As it stands in the e-mail.")}


class ConfirmPasswordResetCodeForm(PlainWords, account.ConfirmPasswordResetCodeForm):
    help_texts = {"code": _("As it stands in the e-mail.")}


class AuthenticateForm(PlainWords, mfa.AuthenticateForm):
    labels = {"code": _("Code from the app")}
    help_texts = {"code": _("Six digits. No phone at hand? Use one of your recovery codes.")}


class MFAReauthenticateForm(PlainWords, mfa.ReauthenticateForm):
    labels = {"code": _("Code from the app")}
    help_texts = {"code": _("Six digits. No phone at hand? Use one of your recovery codes.")}


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}
    help_texts = {"code": _("Six digits.")}


class AddWebAuthnForm(PlainWords, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of this device"), "passwordless": _("Also sign in without a password")}
    help_texts = {"name": _("So that you know which one it is, for example: my phone."), "passwordless": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(PlainWords, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of this device")}
