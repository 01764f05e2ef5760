from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.phones import display
from initiatives.models import Language
from participants.actions.codes import LETTERS, normalised
from participants.forms.fields import NameField, NeighbourhoodField, PhoneField
from participants.models import Answer, ConsentText, Details, Participant, Reach

OLDEST, YOUNGEST = 110, 12


class EnterForm(forms.Form):
    """What stands on a card, and what only its owner knows."""

    code = forms.CharField(
        label=_("Code on your card"),
        help_text=_("Nine letters and figures, such as K7M-2QF-9RT. Capitals do not matter."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}),
        error_messages={
            "required": _("Type the code that stands on your card."),
            "max_length": _("A code has 9 letters and figures. Look at your card once more."),
        },
    )
    answer = forms.CharField(
        label=_("Year in which you were born, or the last 4 figures of your telephone number"),
        help_text=_("For example 1984, or 0106."),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "in--s", "dir": "ltr"}),
        error_messages={"required": _("Type four figures."), "max_length": _("Type four figures.")},
    )

    def clean_code(self) -> str:
        """Half a code opens nothing for anybody: to say so tells nothing."""
        code: str = self.cleaned_data["code"]
        typed = len(normalised(code))
        if typed != LETTERS:
            raise forms.ValidationError(
                _("A code has %(letters)s letters and figures. You typed: %(typed)s. Look at your card once more."),
                params={"letters": LETTERS, "typed": typed},
            )
        return code

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if sum(each.isdigit() for each in answer) < 4:
            raise forms.ValidationError(self.fields["answer"].error_messages["required"])
        return answer


class AnswerForm(forms.Form):
    """Yes, no or no longer to one text."""

    text = forms.ModelChoiceField(ConsentText.objects.all(), error_messages={"invalid_choice": _("This text is not there any more.")})
    answer = forms.ChoiceField(
        choices=Answer.choices, error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")}
    )
    interpreted_in = forms.ChoiceField(
        choices=[("", ""), *Language.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose the language of the interpreter.")},
    )
    # What cannot be undone was asked once
    sure = forms.BooleanField(required=False)


class OwnDetailsForm(forms.Form):
    """One's own details, to put right. Only a first name must be there."""

    # What is asked here and is not sealed
    BESIDE: tuple[str, ...] = ("neighbourhood",)

    first_name = NameField(
        label=_("First name"), max_length=80, error_messages={"required": _("Type a first name, or what people call you.")}
    )
    last_name = forms.CharField(label=_("Last name"), max_length=120, required=False)
    phone = PhoneField(label=_("Telephone number"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl")},
    )
    reach = forms.ChoiceField(label=_("How may we reach you?"), choices=Reach.choices, widget=forms.RadioSelect)
    best_time = forms.CharField(
        label=_("When is a good time?"), help_text=_("For example: after ten, not on Friday."), max_length=120, required=False
    )
    birth_year = forms.IntegerField(
        label=_("Year in which you were born"),
        help_text=_("You can use it with the code on your card."),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "in--s"}),
        error_messages={"invalid": _("Type a year of four figures, such as 1984.")},
    )
    languages = forms.MultipleChoiceField(label=_("Which languages do you speak?"), choices=Language.choices, required=False)
    neighbourhood = NeighbourhoodField(label=_("Your neighbourhood"), help_text=_("Then we look close to your home. We ask no address."))
    interpreter = forms.BooleanField(label=_("I want an interpreter"), required=False)
    quiet_room = forms.BooleanField(label=_("I want a quiet room"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chips = forms.CheckboxSelectMultiple(choices=Language.choices)
        chips.template_name = "initiatives/widgets/chips.html"
        self.fields["languages"].widget = chips

    @classmethod
    def initial_of(cls, participant: Participant, details: Details) -> dict[str, Any]:
        kept = {"phone": display(details.phone), "birth_year": details.birth_year or "", "neighbourhood": participant.neighbourhood_id}
        return asdict(details) | kept

    def details(self) -> Details:
        """The languages in the order in which they were: the first is the one to talk in."""
        data: Mapping[str, Any] = {name: value for name, value in self.cleaned_data.items() if name not in self.BESIDE}
        before = [code for code in self.initial.get("languages", ()) if code in data["languages"]]
        return Details(**{**data, "languages": tuple(dict.fromkeys([*before, *data["languages"]]))})

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        now = timezone.localdate().year
        if year is not None and not now - OLDEST <= year <= now - YOUNGEST:
            raise forms.ValidationError(self.fields["birth_year"].error_messages["invalid"])
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        needs = {Reach.CALL: "phone", Reach.SMS: "phone", Reach.EMAIL: "email"}.get(data.get("reach", ""))
        if needs == "phone" and not self.errors and not data["phone"] and data["reach"] == Reach.SMS:
            self.add_error("phone", _("Type a number, so that we can reach you that way."))
        if needs == "email" and not self.errors and not data["email"]:
            self.add_error("email", _("Type an e-mail address, so that we can reach you that way."))
        return data
