import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.phones import NotAPhoneNumber, display, normalise
from fieldlab.lib.rows import RowField, RowWidget, rows_shown
from initiatives.channels import Channel, ChannelKind, NotAnAddress, read, written
from initiatives.channels import normalise as normalise_address
from initiatives.forms.step import NeededEmail, NeededText, StepForm, no_link
from initiatives.models import Access, Initiative

# A Dutch number has nine figures after the country code, but for service numbers
WHOLE = re.compile(r"\+31([1-9]\d{8}|(800|90[069])\d{4,7})|\+(?!31)[1-9]\d{7,14}", re.ASCII)


CHANNELS = tuple(f"channel{number}" for number in range(6))


class ChannelRow(RowWidget):
    LABELS = (_("What is it?"), _("Number or address"), _("Everybody may see this"))
    CSS = "inrow inrow--wide"

    def __init__(self) -> None:
        kinds = [("", _("Choose")), *ChannelKind.choices]
        address = forms.TextInput({"inputmode": "url", "autocomplete": "off", "class": "in--note"})
        super().__init__([forms.Select({"class": "in--day"}, kinds), address, forms.CheckboxInput()])

    def decompress(self, value: Channel | None) -> list[Any]:
        if value is None:
            return [None, None, False]
        return [value.kind, value.shown if value.address.startswith("+") else value.address, value.public]


class ChannelField(RowField):
    widget = ChannelRow

    def understand(self, typed: list[Any]) -> Channel | None:
        kind, address, public = typed
        if not kind and not address:
            return None
        if not address:
            raise forms.ValidationError(_("Type the number or the address."))
        try:
            return Channel(kind, normalise_address(kind, address), bool(public))
        except NotAnAddress as error:
            raise forms.ValidationError(str(error.message)) from error


class ReachForm(StepForm):
    """Step 3: how do people reach you. A telephone number or an e-mail address; one of them public, unless people can walk in."""

    FIELDS: tuple[str, ...] = ("contact_name", "phone", "phone_public", "email", "email_public", "website", "website_public")

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
    website_public = forms.BooleanField(
        label=_("Everybody may see the website"), help_text=_("Without the tick only people of the network see it."), required=False
    )
    channel0, channel1, channel2, channel3, channel4, channel5 = (
        ChannelField(label=format_lazy("{} {}", _("Another way"), each)) for each in range(1, 7)
    )

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        channels = dict(zip(CHANNELS, read(initiative.channels), strict=False))
        return super().initial_of(initiative) | {"phone": display(initiative.phone)} | channels

    def channel_rows(self) -> list[BoundField]:
        return rows_shown(self, CHANNELS, one_more=self.asked_more("channels"))

    def changes(self) -> dict[str, Any]:
        """Of a row with errors nothing is kept."""
        kept = {channel: None for name in CHANNELS if (channel := self.cleaned_data.get(name))}
        return super().changes() | {"channels": written(kept)}

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
