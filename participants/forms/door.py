"""Coming in: "call me", on somebody's behalf, and who a participant is."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.actions import area_at, postcode_centre
from fieldlab.areas.models import Area
from initiatives.models import Initiative, Language
from participants.forms.fields import NameField, NeighbourhoodField, PhoneField
from participants.forms.own import OwnDetailsForm
from participants.models import BestTime, Caller, Details, Reach, ReachedBy


class _Asks(forms.Form):
    """What every request to be called has. `form` names this copy of the form, so that sending it twice is one request."""

    form = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    best_time = forms.ChoiceField(
        label=_("When may we call?"),
        choices=BestTime.choices,
        widget=forms.RadioSelect({"class": "pick--half"}),
        error_messages={"required": _("Choose when.")},
    )
    language = forms.ChoiceField(
        label=_("Which language do you like to speak?"),
        choices=[("", _("Dutch, or it does not matter")), *Language.choices[1:]],
        required=False,
    )
    phone = PhoneField(label=_("Telephone number"), error_messages={"required": _("Type a telephone number. Otherwise nobody can call.")})
    first_name = NameField(label=_("First name"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"form": uuid4().hex, "best_time": BestTime.ANY, **self.initial}

    def caller(self) -> Caller:
        return Caller(**{name: self.cleaned_data[name] for name in ("phone", "first_name", "language")})


class CallMeForm(_Asks):
    """ "Call me": a number, and when. Where is asked only when the page does not know; `place` and `area` are what it knows."""

    who = forms.ChoiceField(
        label=_("Who may call you?"), widget=forms.RadioSelect, error_messages={"required": _("Choose who may call you.")}
    )
    where = forms.ModelChoiceField(
        Area.objects.districts().in_force().defer("boundary").order_by("name"),
        label=_("Where are you?"),
        widget=forms.RadioSelect({"class": "pick--half"}),
        empty_label=None,
        error_messages={"required": _("Choose where you are. Then somebody who works near you calls.")},
    )
    postcode = forms.CharField(
        label=_("Or type your postcode"),
        help_text=_("Four figures are enough. We do not keep this."),
        max_length=10,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code", "class": "in--s"}),
    )

    field_order = ("who", "phone", "first_name", "where", "postcode", "best_time", "language")
    WISHES = ("best_time", "language")

    def __init__(self, *args: Any, place: Initiative | None, area: Area | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place, self.area = place, area
        self.fields["phone"].help_text = _("We use it only to call you.")
        self.fields["first_name"].help_text = _("Another name is fine too.")
        who: Any = self.fields["who"]
        if place is None:
            del self.fields["who"]
        else:
            self.initial["who"] = "place"
            who.choices = [("place", place.name), ("area", _("Somebody of our own, in this part of the city"))]
        if area is not None:
            del self.fields["where"], self.fields["postcode"]
        elif str(self.data.get("postcode", "")).strip():
            self.fields["where"].required = False

        spoken = get_language()
        if spoken != settings.LANGUAGE_CODE and spoken in Language.values:
            self.initial["language"] = spoken

    def asked(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.WISHES]

    def wishes(self) -> list[forms.BoundField]:
        """What has an answer already, and may be left as it is: folded away."""
        return [self[name] for name in self.WISHES]

    def wishes_differ(self) -> bool:
        return any(field.errors or (field.value() or "") != (field.initial or "") for field in self.wishes())

    def spoken(self) -> str:
        """Which language was chosen, or is that of the page."""
        code = self["language"].value()
        return str(Language(code).label) if code in Language.values else ""

    def to_place(self) -> Initiative | None:
        return self.place if self.cleaned_data.get("who") == "place" else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "where" not in self.fields or self.errors.keys() & {"where", "postcode"}:
            return data
        if data["postcode"]:
            centre = postcode_centre(data["postcode"])
            self.area = (centre and area_at(centre)) or data["where"]
            if self.area is None:
                self.add_error("postcode", _("We do not know this postcode. Choose a part of the city instead."))
        else:
            self.area = data["where"]
        return data


class NumberForm(forms.Form):
    """Another number than the one that was written down."""

    phone = PhoneField(label=_("Your number"), error_messages={"required": _("Type a telephone number. Otherwise nobody can call.")})


class CallForForm(_Asks):
    """A member of a team types for somebody who is there."""

    said_yes = forms.ChoiceField(
        label=_("Did this person say yes to a call?"),
        help_text=_("Ask first. It is voluntary, and no is a good answer too."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )

    field_order = ("said_yes", "best_time", "language", "first_name", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].label = _("Which language does this person like to speak?")
        self.fields["first_name"].required = True
        self.fields["first_name"].error_messages["required"] = _("Type a first name, or what people call them.")

    def clean_said_yes(self) -> str:
        said: str = self.cleaned_data["said_yes"]
        if said != "yes":
            raise forms.ValidationError(_("Then we do not call. Ask first, or leave it at this."))
        return said


class ParticipantForm(OwnDetailsForm):
    """Somebody's details, typed by who helps them. Only a first name must be there; no benefit, income, health, debt or address."""

    reached_by = forms.ChoiceField(label=_("How did they find us?"), choices=ReachedBy.choices, initial=ReachedBy.PROFESSIONAL)

    field_order = ("first_name", "last_name", "phone", "email", "reach", "best_time", "languages", "interpreter", "quiet_room")
    THEIRS = {
        "neighbourhood": _("Neighbourhood"),
        "best_time": _("When can they be reached?"),
        "reach": _("How do they want to be reached?"),
        "languages": _("Which languages do they speak?"),
        "interpreter": _("An interpreter is needed"),
        "quiet_room": _("A quiet room is needed"),
        "birth_year": _("Year of birth"),
    }
    BESIDE = ("neighbourhood", "reached_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.THEIRS.items():
            if name in self.fields:
                self.fields[name].label = label
        if "neighbourhood" in self.fields:
            self.fields["neighbourhood"].help_text = _("We ask no address.")
        if "birth_year" in self.fields:
            self.fields["birth_year"].help_text = _("With the code on a card it opens their own details.")
        self.fields["first_name"].error_messages["required"] = _("Type a first name, or what people call them.")
        self.initial = {"reach": Reach.CALL, **self.initial}


class YesForm(ParticipantForm):
    """During a telephone call there is time for this much; the rest comes later."""

    last_name = email = reach = best_time = quiet_room = birth_year = reached_by = None  # type: ignore[assignment]


class BeginForm(forms.Form):
    """Somebody with an account adds themselves. A first name is enough."""

    first_name = NameField(
        label=_("What may we call you?"),
        help_text=_("Your first name is enough."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "given-name"}),
        error_messages={"required": _("Type a first name, or what people call you.")},
    )
    phone = PhoneField(
        label=_("Telephone number"), help_text=_("Would you rather be called than mailed? Then type it here."), required=False
    )
    neighbourhood = NeighbourhoodField(label=_("Your neighbourhood"), help_text=_("Then we look close to your home. We ask no address."))

    def details(self, email: str) -> Details:
        phone = self.cleaned_data["phone"]
        reach = Reach.CALL if phone else Reach.EMAIL
        return Details(first_name=self.cleaned_data["first_name"], phone=phone, email=email, reach=reach)
