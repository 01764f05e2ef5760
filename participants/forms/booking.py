from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.hour_fields import NotATime, minutes_of
from fieldlab.lib.opening import ZONE
from initiatives.models import Language
from participants.models import TalkRoom

NO_INTERPRETER = ("", _("No, I need no interpreter"))


class InterpreterForm(forms.Form):
    """Whether somebody comes along who interprets, and from which language."""

    use_required_attribute = False
    interpreter = forms.ChoiceField(
        label=_("Do you want an interpreter?"),
        help_text=_("An interpreter is free of charge, and tells nobody what you say."),
        choices=[NO_INTERPRETER, *(each for each in Language.choices if each[0] != "nl")],
        required=False,
        widget=forms.Select(),
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )


class OtherTimeForm(forms.Form):
    """A professional books a time that was not offered: outside of their hours, knowingly."""

    use_required_attribute = False
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day, such as 24-12-2026.")},
    )
    time = forms.CharField(
        label=_("Time"),
        max_length=8,
        widget=forms.TextInput({"class": "in--s", "autocomplete": "off"}),
        error_messages={"required": _("Type a time, such as 9.30."), "max_length": _("Type a time, such as 9.30.")},
    )
    room = forms.ModelChoiceField(
        label=_("Room"),
        queryset=TalkRoom.objects.none(),
        widget=forms.Select(),
        empty_label=_("Choose a room"),
        error_messages={"required": _("Choose a room."), "invalid_choice": _("Choose a room.")},
    )
    outside_hours = forms.BooleanField(label=_("Also when this is outside of my hours"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = TalkRoom.objects.filter(ended_at=None, place__ended_at=None).select_related("place__initiative").order_by("place", "pk")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["room"].label_from_instance = lambda room: f"{room.place.name}, {room.name}"  # type: ignore[attr-defined]

    def clean_time(self) -> int:
        try:
            return minutes_of(self.cleaned_data["time"])
        except NotATime:
            raise forms.ValidationError(_("Type a time, such as 9.30.")) from None

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not 0 <= (day - timezone.localdate()).days <= 366:
            raise forms.ValidationError(_("Choose a day in the coming year."))
        return day

    def begins(self) -> datetime:
        day, minutes = self.cleaned_data["day"], self.cleaned_data["time"] % 1440
        return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=ZONE)
