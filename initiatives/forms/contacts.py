from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.invitations.forms import DecidesOnBenefitsField
from fieldlab.areas.models import Area
from fieldlab.lib.phones import NotAPhoneNumber, display, normalise
from initiatives.forms.offer import WordsField
from initiatives.forms.where import AreasToCome, ServiceAreasField
from initiatives.models import AreaContact, Topic


class ContactForm(forms.Form):
    """An entry of somebody at the municipality. Only a coordinator gives it areas."""

    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Type a name.")})
    function = forms.CharField(
        label=_("Function"),
        help_text=_("As people call it, not as the contract does."),
        max_length=120,
        error_messages={"required": _("Type what this person does.")},
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=120, error_messages={"required": _("Type where this person works.")})
    topics = WordsField(label=_("What can people call about?"), choices=Topic.choices, required=False)
    phone = forms.CharField(
        label=_("Telephone number"), required=False, max_length=24, widget=forms.TextInput({"type": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        error_messages={"invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl")},
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        widget=forms.TextInput({"inputmode": "url"}),
        error_messages={"invalid": _("This address of a website is not right. For example: www.voorbeeld.nl")},
    )
    note = forms.CharField(
        label=_("Good to know"),
        help_text=_("For example on which days you are there, and what you are not for."),
        required=False,
        max_length=240,
        widget=forms.Textarea({"rows": 3, "class": "in--low"}),
    )
    areas = ServiceAreasField(
        label=_("For which areas?"),
        error_messages={"required": _("Choose at least one area.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, contact: AreaContact | None, gives_areas: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if gives_areas:
            chosen = tuple(contact.areas.values_list("code", flat=True)) if contact else ()
            self.fields["areas"].widget.choices = AreasToCome(None, chosen)
        else:
            del self.fields["areas"]

    @classmethod
    def initial_of(cls, contact: AreaContact) -> dict[str, Any]:
        names = ("name", "function", "organisation", "topics", "email", "website", "note", "revision")
        areas = list(contact.areas.values_list("code", flat=True))
        return {name: getattr(contact, name) for name in names} | {"phone": display(contact.phone), "areas": areas}

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("areas", "revision")}

    def chosen_areas(self) -> list[Area] | None:
        """None where they are not asked."""
        codes = self.cleaned_data.get("areas")
        return None if codes is None else list(Area.objects.in_force().filter(code__in=codes))

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        try:
            return normalise(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise forms.ValidationError(_("This telephone number is not complete. For example: 020 000 01 23.")) from error

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website and not website.startswith(("https://", "http://")):
            raise forms.ValidationError(self.fields["website"].error_messages["invalid"])
        return website

    def clean_note(self) -> str:
        return " ".join(str(self.cleaned_data["note"]).split())

    def clean_areas(self) -> list[str]:
        codes: list[str] = self.cleaned_data["areas"]
        if not codes:
            raise forms.ValidationError(_("Choose at least one area."))
        return codes

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors.keys() & {"phone", "email"} and not data["phone"] and not data["email"]:
            self.add_error("phone", _("Give a telephone number or an e-mail address. Otherwise nobody can reach you."))
        return data


class ContactInviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Type a name.")})
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Type an e-mail address."),
            "invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl"),
        },
    )
    decides_on_benefits = DecidesOnBenefitsField()
