import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.actions import Address, AddressServiceUnavailable, area_at, lookup_address, postcode_centre, suggest_addresses
from fieldlab.areas.models import Area, Level
from fieldlab.lib.geo import Point
from fieldlab.lib.postcodes import NotAPostcode, normalise
from initiatives.forms.step import NeededText, SometimesNeeded, StepForm
from initiatives.models import Access, Initiative


@dataclass(frozen=True)
class Place:
    """Where an initiative is; the location is None where only the neighbourhood is known."""

    area: Area
    location: Point | None = None
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""


class ByDistrict(ModelChoiceIterator[Area]):
    """Neighbourhoods in groups, so that the long list can be found through without a map."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        groups: dict[str, list[tuple[int, str]]] = {}
        for area in Area.objects.neighbourhoods().in_force().without_boundaries().order_by("parent__parent__name", "parent__name", "name"):
            district = (area.parent and area.parent.parent) or area.parent or area
            groups.setdefault(district.name, []).append((area.pk, area.name))
        yield from groups.items()


class NeighbourhoodField(SometimesNeeded, forms.ModelChoiceField[Area]):
    iterator = ByDistrict


class AreaChips(forms.CheckboxSelectMultiple):
    """Districts that unfold: the whole of it, its quarters, and of the own district the neighbourhoods too."""

    template_name = "initiatives/widgets/areas.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = context["widget"]["optgroups"]
        context["widget"]["folds"] = [(group, options, any(each["selected"] for each in options)) for group, options, _index in groups]
        return context


@dataclass(frozen=True)
class AreasToCome:
    """Choices in groups by district; asks the database when it is shown."""

    own: Area | None
    chosen: tuple[str, ...]

    def __iter__(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        district = self.own and self.own.parent and self.own.parent.parent_id
        shown = Q(level__in=[Level.DISTRICT, Level.QUARTER]) | Q(parent__parent=district) | Q(code__in=self.chosen)
        areas = Area.objects.in_force().without_boundaries().filter(shown).select_related("parent__parent")
        groups: dict[str, list[Area]] = {}
        for area in areas:
            groups.setdefault(_district(area).name, []).append(area)
        order = list(Level)
        for name, group in sorted(groups.items()):
            group.sort(key=lambda area: (order.index(Level(area.level)), area.name))
            yield name, [(area.code, _("All of %(district)s") % {"district": name} if area.parent is None else area.name) for area in group]


def _district(area: Area) -> Area:
    return (area.parent and (area.parent.parent or area.parent)) or area


class ServiceAreasField(forms.Field):
    widget = AreaChips
    MOST = 60

    def clean(self, value: Any) -> list[str]:
        """Codes of areas in force, in order."""
        typed = {str(code)[:16] for code in value or []}
        if len(typed) > self.MOST:
            raise forms.ValidationError(_("Choose fewer: a whole district, for example."))
        known = Area.objects.in_force().filter(code__in={code for code in typed if "\x00" not in code})
        codes = sorted(known.values_list("code", flat=True)) if typed else []
        if len(codes) < len(typed):
            raise forms.ValidationError(_("One of these areas no longer exists. Choose again."))
        return codes


class AccessPicks(forms.RadioSelect):
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value == Access.NO_FIXED_PLACE:
            option["attrs"]["data_help"] = _("Then we show only the neighbourhood, not an address.")
        return option


class WhereForm(StepForm):
    """Step 2: where is it. The address is looked up; when that does not work, typing and pointing do."""

    FIELDS: tuple[str, ...] = ("service_areas",)

    access = forms.ChoiceField(
        label=_("Can people just walk in?"),
        choices=Access.choices,
        widget=AccessPicks,
        error_messages={"required": _("Choose one answer. Do you not know yet? Then choose ‘only by appointment’.")},
    )
    postcode = NeededText(
        label=_("Postcode"),
        help_text=_("So that we put you in the right place on the map."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "class": "in--s"}),
    )
    house_number = NeededText(label=_("House number"), max_length=12, widget=forms.TextInput(attrs={"class": "in--s"}))
    street = NeededText(label=_("Street"), max_length=80)
    neighbourhood = NeighbourhoodField(
        Area.objects.neighbourhoods().in_force(), label=_("Neighbourhood"), empty_label=_("Choose your neighbourhood")
    )
    service_areas = ServiceAreasField(
        label=_("Where do you come?"),
        help_text=_("Choose the parts of the city where you come to people."),
        required=False,
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    field_order = ("access", "postcode", "house_number", "street", "neighbourhood", "lon", "lat", "service_areas")
    BY_HAND = ("street", "neighbourhood", "lon", "lat")

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        # Whether the fields for filling in the address oneself stand open
        self.by_hand = bool(initiative.area_id and not initiative.location and initiative.access != Access.NO_FIXED_PLACE)
        self.place: Place | None = None
        chips = self.fields["service_areas"].widget
        if isinstance(chips, AreaChips):
            chips.choices = AreasToCome(initiative.area, tuple(initiative.service_areas))

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        return super().initial_of(initiative) | {
            "access": initiative.access,
            "postcode": initiative.postcode,
            "house_number": initiative.house_number,
            "street": initiative.street,
            "neighbourhood": initiative.area_id,
            "lon": initiative.location and initiative.location.lon,
            "lat": initiative.location and initiative.location.lat,
        }

    def clean_postcode(self) -> str:
        typed: str = self.cleaned_data["postcode"].strip()
        if self.cleaned_data.get("access") == Access.NO_FIXED_PLACE and re.fullmatch(r"[1-9]\d{3}", typed, re.ASCII):
            return typed  # enough to know the neighbourhood
        try:
            return normalise(typed) if typed else ""
        except NotAPostcode as error:
            raise forms.ValidationError(
                _("Type four figures and two letters, for example 1094 HP. You typed %(typed)s."), params={"typed": typed}
            ) from error

    def clean_house_number(self) -> str:
        return " ".join(self.cleaned_data["house_number"].split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors.keys() & {"access", "postcode", "house_number", *self.BY_HAND}:
            self.by_hand |= bool(self.errors.keys() & set(self.BY_HAND))
            return data
        if data["access"] == Access.NO_FIXED_PLACE:
            self._find_neighbourhood(data)
        else:
            self._find_place(data)
        return data

    def changes(self) -> dict[str, Any]:
        """What to write down; of a form with errors only what was understood."""
        data, before = self.cleaned_data, super().changes()
        if data.get("access") != Access.NO_FIXED_PLACE:
            # Who has a place is found there
            before |= {"service_areas": []} if data.get("access") else {}
        if self.place is None:
            typed = {name: data[name] for name in ("access", "postcode", "house_number", "street") if data.get(name)}
            return before | ({} if typed.get("access") == Access.NO_FIXED_PLACE else typed)
        return before | {"access": data["access"], **vars(self.place)}

    def _find_neighbourhood(self, data: dict[str, Any]) -> None:
        area: Area | None = data["neighbourhood"]
        if data["postcode"] and (area is None or data["postcode"] != self.initiative.postcode):
            centre = postcode_centre(data["postcode"])
            area = (centre and area_at(centre)) or area
        if area is None:
            self._ask(_("Choose the neighbourhood where people mostly find you."))
        else:
            self.place = Place(area)

    def _find_place(self, data: dict[str, Any]) -> None:
        pin = Point(data["lon"], data["lat"]) if data["lon"] is not None and data["lat"] is not None else None
        saved, typed = self.initiative, (data["postcode"], data["house_number"])
        same_address = bool(saved.area_id) and typed == (saved.postcode, saved.house_number)
        pin_moved = pin is not None and pin != saved.location
        filled_in = bool(data["street"]) and (data["street"] != saved.street or not saved.location)
        if pin_moved or (filled_in and data["neighbourhood"]) or (same_address and not filled_in):
            self._as_typed(data, pin if pin_moved or same_address else None)
        elif all(typed):
            self._look_up(data)
        else:
            self._ask_address(data)

    def _as_typed(self, data: dict[str, Any], pin: Point | None) -> None:
        area = (area_at(pin) if pin else None) or data["neighbourhood"]
        if area is None:
            self._ask(_("This place lies outside our part of the country. Choose your neighbourhood."))
            return
        city = self.initiative.city if data["street"] == self.initiative.street else ""
        self.place = Place(area, pin, data["street"], data["house_number"], data["postcode"], city)

    def _look_up(self, data: dict[str, Any]) -> None:
        try:
            address = find_address(data["postcode"], data["house_number"])
        except AddressServiceUnavailable:
            self._ask(_("Looking up addresses does not work now. That is not your fault. Type the street and choose your neighbourhood."))
            return
        if address is None:
            self.by_hand = True
            self.add_error(
                "house_number", _("We do not find this address. Check postcode and number, or fill in the address yourself below.")
            )
            return
        area = area_at(address.point) or data["neighbourhood"]
        if area is None:
            self._ask(_("This place lies outside our part of the country. Choose your neighbourhood."))
            return
        self.place = Place(area, address.point, address.street, data["house_number"], data["postcode"], address.city)

    def _ask_address(self, data: dict[str, Any]) -> None:
        if data["street"]:
            self._ask(_("Choose your neighbourhood."))
            return
        if not data["postcode"]:
            self.add_error("postcode", _("Type the postcode of the place where people find you."))
        if not data["house_number"]:
            self.add_error("house_number", _("Type the house number."))

    def _ask(self, message: Any) -> None:
        self.by_hand = True
        self.add_error("neighbourhood", message)


def find_address(postcode: str, house_number: str) -> Address | None:
    """The address with this postcode and number; a letter or addition that the register does not know is let go.

    Raises AddressServiceUnavailable.
    """
    suggestions = suggest_addresses(f"{postcode.replace(' ', '')} {house_number}")
    # Labels look like "Javastraat 112-H, 1094HP Amsterdam"
    suggestions.sort(key=lambda suggestion: f" {house_number}, ".lower() not in suggestion.label.lower())
    address = lookup_address(suggestions[0].id) if suggestions else None
    same = address and address.postcode == postcode and _figures(address.number) == _figures(house_number)
    return address if same else None


def _figures(house_number: str) -> str:
    found = re.match(r"\d+", house_number)
    return found[0] if found else ""
