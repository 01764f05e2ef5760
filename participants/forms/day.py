from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.opening import start_of
from participants.forms.door import ParticipantForm
from participants.models import Participant, Professional

LONGEST = timedelta(days=183)


class ChangeForm(ParticipantForm):
    """Details of somebody who is there already, put right by who helps them."""

    reached_by = None  # type: ignore[assignment]


def colleagues_of(professional: Professional) -> QuerySet[Professional]:
    """Who may take people over: they work here, and do not decide on benefits."""
    return Professional.objects.helping().exclude(pk=professional.pk).select_related("user").order_by("user__name", "pk")


class HandOverForm(forms.Form):
    """Which people, to whom, for good or until when. `people` are (participant, name) pairs of the giver."""

    people = forms.MultipleChoiceField(
        label=_("Whom do you hand over?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
    )
    taker = forms.ModelChoiceField(
        Professional.objects.none(),
        label=_("To which colleague?"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )
    how = forms.ChoiceField(
        label=_("For how long?"),
        choices=[
            ("good", _("For good: my colleague helps them from now on, and I no longer see them.")),
            ("while", _("For a while: my colleague stands in, and I go on helping them.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long.")},
    )
    until = forms.DateField(
        label=_("Until and including"),
        help_text=_("Only when your colleague stands in."),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("This is no date. For example: 31-12-2026.")},
    )

    def __init__(self, *args: Any, people: list[tuple[Participant, str]], giver: Professional, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(participant.pk): participant for participant, _name in people}
        people_field, taker = self.fields["people"], self.fields["taker"]
        people_field.choices = [(str(participant.pk), name) for participant, name in people]  # type: ignore[attr-defined]
        taker.queryset = colleagues_of(giver)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("how") == "while" and "until" not in self.errors:
            until: date | None = data.get("until")
            if until is None:
                self.add_error("until", _("Type until when your colleague stands in."))
            elif not timezone.localdate() <= until <= timezone.localdate() + LONGEST:
                self.add_error("until", _("Choose a day from today on, at most half a year ahead."))
        return data

    def chosen(self) -> list[Participant]:
        return [self.by_key[key] for key in self.cleaned_data["people"]]

    def ends(self) -> datetime:
        """The end of the last day."""
        after: date = self.cleaned_data["until"] + timedelta(days=1)
        return start_of(after)
