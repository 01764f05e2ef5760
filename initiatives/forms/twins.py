from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.invitations.forms import DecidesOnBenefitsField
from initiatives.actions.twins import Twin
from initiatives.forms.step import no_link
from initiatives.models import InitiativeMember, TwinAnswer

Answer = TwinAnswer.Answer
# What we promise not to pass on before both said yes
no_contact = RegexValidator(
    r"@|(\d[\s.()-]*){8}", _("Leave out telephone numbers and e-mail addresses. They get those when you both say yes."), inverse_match=True
)


class AnswerField(forms.ChoiceField):
    """May stay open, and is not marked as such each time: the page says so once."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class WordField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Do you want to say something with it?"),
            required=False,
            max_length=200,
            validators=[no_link, no_contact],
            widget=forms.Textarea(attrs={"rows": 2, "class": "in--low"}),
        )


class TwinsForm(forms.Form):
    """For each entry that looks like the draft: that is us, bring us together, or we are different."""

    use_required_attribute = False

    def __init__(self, *args: Any, twins: Sequence[Twin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins = [twin for twin in twins if not twin.hidden]
        for twin in self.twins:
            key, name = twin.initiative.pk, twin.initiative.name
            answer = AnswerField(
                label=_("Are you %(name)s?") % {"name": name},
                choices=[
                    (Answer.SAME, _("That is us")),
                    (Answer.INTRODUCE, _("We do something like it. Bring us together")),
                    (Answer.DIFFERENT, _("We are different")),
                ],
                widget=forms.RadioSelect,
                initial=twin.answer,
                error_messages={"invalid_choice": _("Choose one of the three answers, or none.")},
            )
            self.fields[f"answer-{key}"], self.fields[f"word-{key}"] = answer, WordField()
            self.initial[f"word-{key}"] = twin.message

    def rows(self) -> Iterator[tuple[Twin, BoundField, BoundField]]:
        return ((twin, self[f"answer-{twin.initiative.pk}"], self[f"word-{twin.initiative.pk}"]) for twin in self.twins)

    def answers(self) -> dict[int, str]:
        return {twin.initiative.pk: self.cleaned_data.get(f"answer-{twin.initiative.pk}", "") for twin in self.twins}

    def words(self) -> dict[int, str]:
        return {twin.initiative.pk: self.cleaned_data.get(f"word-{twin.initiative.pk}", "") for twin in self.twins}


class MeetForm(forms.Form):
    """A team asks to meet one of the entries like its own."""

    use_required_attribute = False

    other = forms.ChoiceField(
        label=_("Whom would you like to meet?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom you would like to meet."), "invalid_choice": _("Choose an initiative from the list.")},
    )
    message = WordField()

    def __init__(self, *args: Any, twins: Sequence[Twin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins = {str(twin.initiative.pk): twin for twin in twins}
        self.fields["other"].choices = [(key, twin.initiative.name) for key, twin in self.twins.items()]  # type: ignore[attr-defined]

    def rows(self) -> Iterator[tuple[Twin, BoundWidget]]:
        return zip(self.twins.values(), self["other"].subwidgets, strict=True)


class JoinForm(forms.Form):
    """Who asks to join a team."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        validators=[no_link],
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Type a name.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Here you get the answer."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Type an e-mail address. Do you have none? Then call us."),
            "invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl"),
        },
    )
    message = forms.CharField(
        label=_("How do they know you?"),
        help_text=_("For example: I help in the kitchen on Tuesdays."),
        required=False,
        max_length=200,
        validators=[no_link],
        widget=forms.Textarea(attrs={"rows": 2, "class": "in--low"}),
    )


class LetInForm(forms.Form):
    """What somebody may do who is let in."""

    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=[
            (InitiativeMember.Role.EDITOR, _("Change the page")),
            (InitiativeMember.Role.OWNER, _("Change the page and the team")),
        ],
        initial=InitiativeMember.Role.EDITOR,
        widget=forms.RadioSelect,
    )
    decides_on_benefits = DecidesOnBenefitsField()
