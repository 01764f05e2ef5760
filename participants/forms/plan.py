"""What is typed about a plan, and what a place answers. Limits of words are the actions' own."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from participants.actions.hand_over_answers import LONGEST_WORDS
from participants.actions.hand_overs import LONGEST_WHAT
from participants.actions.plans import LONGEST_WORDS as LONGEST_GOAL
from participants.models import DoneBy, HandOverState, StepKind

NO_PLACE = ""
DAY_WRONG = _("This is no day. For example: 8-12-2026.")
TIME_WRONG = _("This is no time. For example: 14.00.")


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "class": "in--s"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages={"required": _("Choose a day."), "invalid": DAY_WRONG}, **options)


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time", "class": "in--s"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, error_messages={"required": _("Choose a time."), "invalid": TIME_WRONG}, **options)


def _words(label: Any, most: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": 2, "class": "in--low"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


class GoalForm(forms.Form):
    use_required_attribute = False

    words = _words(_("What do you want?"), LONGEST_GOAL, error_messages={"required": _("Type a few words.")})


class StepForm(forms.Form):
    """A step of `kind`, which was chosen before. `places` are those suggested."""

    use_required_attribute = False

    place = forms.ChoiceField(label=_("Where?"), required=False, error_messages={"invalid_choice": _("Choose a place from the list.")})
    other_place = forms.CharField(label=_("Another place, by its name"), required=False, max_length=80)
    done_by = forms.ChoiceField(label=_("Who does this?"), choices=DoneBy, initial=DoneBy.PARTICIPANT, widget=forms.RadioSelect)
    due_on = _day(_("When?"), required=False)
    why = _words(_("Why, in their own words?"), LONGEST_GOAL, required=False)

    def __init__(self, *args: Any, kind: str, places: Iterable[Initiative] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        if kind == StepKind.NOTHING:
            del self.fields["place"], self.fields["other_place"], self.fields["done_by"]
        else:
            place = cast("forms.ChoiceField", self.fields["place"])
            place.choices = [(NO_PLACE, _("No place yet")), *((key, each.name) for key, each in self.places.items())]

    def clean_other_place(self) -> Initiative | None:
        name = " ".join(self.cleaned_data["other_place"].split())
        return place_named(name) if name else None

    @property
    def initiative(self) -> Initiative | None:
        typed: Initiative | None = self.cleaned_data.get("other_place") or None
        return typed or self.places.get(self.cleaned_data.get("place", NO_PLACE))


def place_named(name: str) -> Initiative:
    """Raises ValidationError unless one published place has this name."""
    found = list(Initiative.objects.published().filter(name__iexact=name)[:2])
    if len(found) != 1:
        raise forms.ValidationError(_("We do not know a place with this name. Look on the map how it is written."))
    return found[0]


class OwnStepForm(forms.Form):
    """What a participant adds themselves: what, when, why."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What would you like to do?"),
        choices=StepKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    due_on = _day(_("When?"), required=False)
    why = _words(_("Why do you want this?"), LONGEST_GOAL, required=False)


class StepChangeForm(forms.Form):
    use_required_attribute = False

    done_by = forms.ChoiceField(label=_("Who does this?"), choices=DoneBy, widget=forms.RadioSelect)
    due_on = _day(_("When?"), required=False)
    why = _words(_("Why, in their own words?"), LONGEST_GOAL, required=False)


class FollowUpForm(forms.Form):
    use_required_attribute = False

    on = _day(_("On which day do you ask how it is going?"))


class DayForm(forms.Form):
    """A day and a time, as one moment."""

    use_required_attribute = False

    day = _day(_("Which day?"))
    time = _time(_("What time?"))

    @property
    def moment(self) -> datetime | None:
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        return timezone.make_aware(datetime.combine(day, time), timezone.get_current_timezone()) if day and time else None

    @staticmethod
    def initial_of(moment: datetime) -> dict[str, Any]:
        local = timezone.localtime(moment)
        return {"day": local.date(), "time": local.time()}


AGREES = _("This person sits here with me, and says yes to this day")


class QuestionForm(DayForm):
    """What a place is asked."""

    field_order = ("place", "other_place", "what", "day", "time", "participant_agrees")

    place = forms.ChoiceField(
        label=_("Which place do you ask?"),
        required=False,
        error_messages={"invalid_choice": _("Choose a place from the list.")},
    )
    other_place = forms.CharField(label=_("Another place, by its name"), required=False, max_length=80)
    what = forms.CharField(
        label=_("What do they come for?"),
        help_text=_("One or two words, such as: sewing. The place reads: “Sara would like to come sewing on Tuesday.”"),
        max_length=LONGEST_WHAT,
        error_messages={"required": _("What do they come for? Type it in a few words.")},
    )
    participant_agrees = forms.BooleanField(label=AGREES, required=False)

    def __init__(self, *args: Any, places: Iterable[Initiative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        place = cast("forms.ChoiceField", self.fields["place"])
        place.choices = [(key, each.name) for key, each in self.places.items()]

    def clean_other_place(self) -> Initiative | None:
        name = " ".join(self.cleaned_data["other_place"].split())
        return place_named(name) if name else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and self.initiative is None:
            self.add_error("place", _("Choose a place from the list."))
        return data

    @property
    def initiative(self) -> Initiative | None:
        typed: Initiative | None = self.cleaned_data.get("other_place") or None
        return typed or self.places.get(self.cleaned_data.get("place", NO_PLACE))


class SettleForm(DayForm):
    participant_agrees = forms.BooleanField(label=AGREES, required=False)


class AnswerForm(DayForm):
    """Three buttons; another day wants a day, or words about it."""

    answer = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (HandOverState.YES, HandOverState.OTHER_DAY, HandOverState.NO_ROOM)],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose one of the three answers."), "invalid_choice": _("Choose one of the three answers.")},
    )
    day = _day(_("Which day is better?"), required=False)
    time = _time(_("What time?"), required=False)
    words = _words(_("Or write it down"), LONGEST_WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("answer") != HandOverState.OTHER_DAY:
            # Typed and then not meant: another button was pressed
            for name in ("day", "time", "words"):
                self.errors.pop(name, None)
                data[name] = None if name != "words" else ""
        elif bool(data.get("day")) != bool(data.get("time")) and not self.errors:
            missing = "time" if data.get("day") else "day"
            self.add_error(missing, _("Choose a time.") if missing == "time" else _("Choose a day."))
        return data


def next_week(at: datetime) -> dict[str, Any]:
    """Where a form about a day begins: a working day next week, at two."""
    day = timezone.localdate(at) + timedelta(days=7)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return {"day": day, "time": "14:00"}
