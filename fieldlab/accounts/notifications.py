"""allauth's mails in our words: one Mail for each of its templates, resolved in the reader's language when it is queued."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fieldlab.outbox.models import Mail

CODES = {
    "email_confirmation_signup": _("Your code to finish your account"),
    "email_confirmation": _("Your code for this e-mail address"),
    "login_code": _("Your code to sign in"),
    "password_reset_code": _("Your code for a new password"),
}
CHANGES = {
    "email_changed": (_("Your e-mail address was changed"), _("Your e-mail address is now {to_email}. It was {from_email}.")),
    "email_confirm": (_("Your e-mail address is checked"), _("We know now that this e-mail address is yours.")),
    "email_deleted": (_("An e-mail address was removed"), _("{deleted_email} no longer belongs to your account.")),
    "password_changed": (_("Your password was changed"), _("Your account has a new password.")),
    "password_reset": (_("Your password was changed"), _("Your account has a new password.")),
    "password_set": (_("Your account has a password"), _("You can now also sign in with a password.")),
    "totp_activated": (_("Signing in with an app is on"), _("From now on you also need a code from your app to sign in.")),
    "totp_deactivated": (_("Signing in with an app is off"), _("You no longer need a code from your app to sign in.")),
    "webauthn_added": (_("A passkey was added"), _("You can now sign in with a new passkey.")),
    "webauthn_removed": (_("A passkey was removed"), _("One of your passkeys no longer works.")),
    "recovery_codes_generated": (_("You have new recovery codes"), _("Your old recovery codes no longer work.")),
    "account_connected": (_("An account was linked"), _("You can now also sign in with {provider}.")),
    "account_disconnected": (_("An account was unlinked"), _("You can no longer sign in with {provider}.")),
}


def letter(template: str, context: Mapping[str, Any]) -> Mail:
    """The mail for one of allauth's template prefixes. Raises KeyError for one it does not know."""
    # Links start with SITE_URL; allauth's start with the Host header, of which whoever asks chooses the port.
    name = template.rpartition("/")[2]
    if name in CODES:
        return Mail(
            # Not in the subject: that shows on locked phones and in notifications.
            subject=CODES[name],
            paragraphs=[
                _("This is your code. Type it on the page where you asked for it. It works for 15 minutes."),
                _("Nobody from us ever asks you for this code. Did you not ask for it? Then do nothing."),
            ],
            details=[(_("Code"), context["code"])],
        )
    if name == "account_already_exists":
        return Mail(
            subject=_("You already have an account"),
            paragraphs=[
                _("Somebody wanted to make an account with this e-mail address. There already is one."),
                _("Was it you? Then sign in, or choose a new password. Was it not you? Then do nothing."),
            ],
            button=(_("Choose a new password"), settings.SITE_URL + reverse("account_reset_password")),
        )
    if name == "unknown_account":
        return Mail(
            subject=_("There is no account with this e-mail address"),
            paragraphs=[
                _("Somebody wanted to sign in with this e-mail address. It has no account."),
                _("Was it you? Perhaps you used another address. Or make an account. Was it not you? Then do nothing."),
            ],
            button=(_("Make an account"), settings.SITE_URL + reverse("account_signup")),
        )
    subject, what = CHANGES[name]
    return Mail(
        subject=subject,
        paragraphs=[
            format_lazy(what, **{key: str(value) for key, value in context.items() if key != "self"}),
            format_lazy(_("Was it not you? Then call us at once: {phone}."), phone=settings.HELP_PHONE),
        ],
    )
