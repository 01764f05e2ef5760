import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.phones import NotAPhoneNumber, display, normalise
from initiatives.forms.step import NeededEmail, NeededText, StepForm, no_link
from initiatives.models import Access, Initiative

# A Dutch number has nine figures after the country code, but for service numbers
WHOLE = re.compile(r"\+31([1-9]\d{8}|(800|90[069])\d{4,7})|\+(?!31)[1-9]\d{7,14}", re.ASCII)


class ReachForm(StepForm):
    """Step 3: how do people reach you. A telephone number or an e-mail address; one of them public, unless people can walk in."""

    FIELDS: tuple[str, ...] = ("contact_name", "phone", "phone_public", "email", "email_public", "website")

    contact_name = forms.CharField(
        label=_("Who can people ask for?"),
        help_text=_("A first name is enough. It stands on your page."),
        max_length=80,
        validators=[no_link],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type a name that people can ask for.")},
    )
    phone = NeededText(
        label=_("Telephone number"),
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    phone_public = forms.BooleanField(
        label=_("Everybody may see this number"), help_text=_("Without the tick only we see it."), required=False
    )
    email = NeededEmail(
        label=_("E-mail address"),
        help_text=_("We write to you here about your page."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl")},
    )
    email_public = forms.BooleanField(
        label=_("Everybody may see this e-mail address"), help_text=_("Without the tick only we see it."), required=False
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages={"invalid": _("This address of a website is not right. For example: www.voorbeeld.nl")},
    )

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        return super().initial_of(initiative) | {"phone": display(initiative.phone)}

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        wrong = forms.ValidationError(_("This telephone number is not complete. For example: 020 000 01 23."))
        try:
            number = normalise(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise wrong from error
        if number and not WHOLE.fullmatch(number):
            raise wrong
        return number

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors.keys() & {"phone", "email"}:
            return data
        if not data["phone"] and not data["email"]:
            self.add_error("phone", _("Give a telephone number or an e-mail address. Otherwise nobody can reach you."))
        elif self._access(data) != Access.WALK_IN and not (
            (data["phone"] and data["phone_public"]) or (data["email"] and data["email_public"])
        ):
            wrong = "phone_public" if data["phone"] else "email_public"
            self.add_error(wrong, _("Let people see your number or your e-mail address: they cannot just walk in."))
        return data

    def _access(self, data: dict[str, Any]) -> str:
        return str(data.get("access") or self.initiative.access)
