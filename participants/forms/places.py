from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.models import Area
from initiatives.models import Accessibility, Initiative
from participants.models import TalkPlace, TalkRoom


class Facts(forms.CheckboxSelectMultiple):
    template_name = "initiatives/widgets/chips.html"


class TalkPlaceForm(forms.Form):
    """A place for talks: of an initiative, whose name and address it then has, or a room of the municipality."""

    use_required_attribute = False
    initiative = forms.ModelChoiceField(
        label=_("Initiative"),
        help_text=_("Its name, address and accessibility are then as on its own page. Leave empty for a room of the municipality."),
        queryset=Initiative.objects.none(),
        required=False,
        widget=forms.Select(),
        error_messages={"invalid_choice": _("Choose an initiative from the list.")},
    )
    own_name = forms.CharField(label=_("Name of the place"), max_length=80, required=False)
    own_address = forms.CharField(label=_("Address"), max_length=160, required=False)
    own_area = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Choose a neighbourhood"),
        widget=forms.Select(),
        error_messages={"invalid_choice": _("Choose a neighbourhood from the list.")},
    )
    own_accessibility = forms.MultipleChoiceField(
        label=_("What is right at this place?"), choices=Accessibility.choices, required=False, widget=Facts
    )
    how_to_find = forms.CharField(
        label=_("How to find the room"), help_text=_("For example: first door on the left."), max_length=160, required=False
    )
    fee = forms.DecimalField(
        label=_("What the place receives for an hour, in euros"),
        help_text=_("Nothing is 0. Everybody who works here sees it."),
        min_value=Decimal(0),
        max_value=Decimal(1000),
        max_digits=7,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal", "class": "in--s"}),
        error_messages={"required": _("Type an amount. Nothing is 0."), "invalid": _("Type an amount, such as 15 or 12,50.")},
    )
    paid_by = forms.CharField(label=_("Who pays it?"), max_length=120, required=False)

    def __init__(self, *args: Any, place: TalkPlace | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Initiative.objects.published().exclude(access="no_fixed_place").filter(talk_place=None)
        if place is not None and place.initiative_id:
            free = free | Initiative.objects.filter(pk=place.initiative_id)
        self.fields["initiative"].queryset = free.order_by("name").only("name")  # type: ignore[attr-defined]
        areas = Area.objects.in_force().neighbourhoods().without_boundaries()
        self.fields["own_area"].queryset = areas  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, place: TalkPlace | None) -> dict[str, Any]:
        return {"fee": 0} if place is None else {name: getattr(place, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("initiative"):
            data |= {"own_name": "", "own_address": "", "own_area": None, "own_accessibility": []}
        elif "initiative" not in self.errors:
            needed = {"own_name": _("Type a name."), "own_address": _("Type an address."), "own_area": _("Choose a neighbourhood.")}
            for name, told in needed.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, told)
        if data.get("fee") and not data.get("paid_by"):
            self.add_error("paid_by", _("Say who pays the place."))
        return data


class TalkRoomForm(forms.Form):
    use_required_attribute = False
    room = forms.ModelChoiceField(queryset=TalkRoom.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the room"),
        help_text=_("For example: room 2, upstairs."),
        max_length=60,
        error_messages={"required": _("Type a name.")},
    )
    quiet = forms.BooleanField(label=_("A quiet room"), required=False)
    step_free = forms.BooleanField(label=_("No steps"), required=False)
