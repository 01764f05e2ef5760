from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.pdf import certain
from participants.actions.glass import Emergency
from participants.models import Appointment

LEAST_WORDS, MOST_WORDS = 15, 600


class GlassForm(forms.Form):
    """Whose details, and why it cannot wait."""

    code = forms.CharField(
        label=_("Code of the participant"),
        help_text=_("Six letters and figures, such as K7M-2QF. It stands on letters and in mails, never beside a name."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "in--s"}),
        error_messages={"required": _("Type the code of the participant."), "max_length": _("This is too long for a code.")},
    )
    emergency = forms.ChoiceField(
        label=_("What is the matter?"),
        choices=Emergency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is the matter."), "invalid_choice": _("Choose what is the matter.")},
    )
    why = forms.CharField(
        label=_("Why must you look, in your own words?"),
        help_text=_("The participant reads this. Do not write down: illness, debts, income."),
        min_length=LEAST_WORDS,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": _("Say in your own words why you must look."),
            "min_length": _("Say a little more, so that the participant understands it."),
            "max_length": _("This is too long. Say it in 600 letters."),
        },
    )
    sure = forms.BooleanField(
        label=_("I know that the participant, my fellow coordinators and whoever helps this person are told now."),
        error_messages={"required": _("Tick that you know who is told.")},
    )


class EraseTogetherForm(forms.Form):
    """The first of two steps."""

    asked = forms.BooleanField(
        label=_("They asked me for this themselves, and they sit beside me or are on the telephone."),
        error_messages={"required": _("Only when they ask for it themselves. Tick it if that is so.")},
    )


SHOW = [
    ("time", _("From when until when")),
    ("place", _("Where it was")),
    ("professional", _("With whom I talked")),
]


class AttendanceForm(forms.Form):
    """What stands on the proof: nothing is ticked beforehand. `talks` took place."""

    talks = forms.MultipleChoiceField(
        label=_("Which days do you want to show?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one day."), "invalid_choice": _("This day is not there any more.")},
    )
    show = forms.MultipleChoiceField(
        label=_("What more may stand on it?"),
        help_text=_("You need not tick anything. Then only the days stand on it."),
        choices=SHOW,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This choice is not there any more.")},
    )
    name = forms.CharField(
        label=_("Your name, as you want it on paper"),
        help_text=_("You may leave this empty and write it yourself."),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": _("This name is too long for the paper.")},
    )

    def __init__(self, *args: Any, talks: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {str(talk.pk): talk for talk in talks}
        days = [(key, date_format(localtime(talk.begins), "l j F Y")) for key, talk in self._by_key.items()]
        self.fields["talks"].choices = days  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """PDF leaves out what no font here draws: better said now than found out at a counter."""
        name: str = self.cleaned_data["name"].strip()
        if name and not certain(name) and not settings.PDF_FONT_FOLDERS:
            raise forms.ValidationError(_("We cannot print these letters. Type your name as it stands on your card, or leave it empty."))
        return name

    def chosen(self) -> list[Appointment]:
        return [self._by_key[key] for key in self.cleaned_data["talks"]]
