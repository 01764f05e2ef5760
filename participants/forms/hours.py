from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.hour_fields import WeekForm
from fieldlab.lib.phones import NotAPhoneNumber, display, normalise
from initiatives.models import Language
from participants.actions.hours import PLANNING
from participants.models import Professional


class PlaceHoursForm(WeekForm):
    """Hours of a week at one place, and the days that differ."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False)


class Languages(forms.CheckboxSelectMultiple):
    template_name = "initiatives/widgets/chips.html"


def _minutes(label: Any, least: int, most: int) -> forms.IntegerField:
    told = format_lazy(_("Type a number from {least} to {most}."), least=least, most=most)
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), told)
    number = forms.NumberInput({"class": "in--s", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=number, error_messages=errors)


class PlanningForm(forms.Form):
    """How long talks take, and what people read before they choose."""

    use_required_attribute = False
    introduction = forms.CharField(
        label=_("About yourself"),
        help_text=_("People read this before they choose. Two sentences are enough. For example what you like to talk about."),
        max_length=240,
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "in--low"}),
    )
    phone = forms.CharField(
        label=_("Telephone number for participants"),
        help_text=_("Stands on cards and in messages. Without it we give the number of the network."),
        max_length=24,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "class": "in--s"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak?"), choices=Language.choices, required=False, widget=Languages
    )
    first_minutes = _minutes(_("Minutes for a first talk"), 15, 180)
    plan_minutes = _minutes(_("Minutes to look at a plan"), 15, 180)
    follow_up_minutes = _minutes(_("Minutes to hear how it is going"), 10, 180)
    buffer_minutes = _minutes(_("Minutes between two talks"), 0, 120)
    lead_hours = _minutes(_("How many hours before is the last moment to book?"), 0, 336)
    most_per_day = _minutes(_("Most talks in a day"), 1, 12)

    @classmethod
    def initial_of(cls, professional: Professional) -> dict[str, Any]:
        return {name: getattr(professional, name) for name in PLANNING} | {"phone": display(professional.phone)}

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        try:
            return normalise(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise forms.ValidationError(_("This telephone number is not complete. For example: 020 000 01 23.")) from error

    def clean_introduction(self) -> str:
        return " ".join(str(self.cleaned_data["introduction"]).split())


class AbsenceForm(forms.Form):
    use_required_attribute = False
    first = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day, such as 24-12-2026.")},
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, such as 24-12-2026.")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first = data.get("first")
        if first and not data.get("last") and "last" not in self.errors:
            data["last"] = first
        if first and data.get("last") and not 0 <= (data["last"] - first).days <= 366:
            self.add_error("last", _("The last day comes after the first, and within a year."))
        return data
