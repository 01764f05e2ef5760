import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from fieldlab.areas.models import Area
from fieldlab.lib.phones import NotAPhoneNumber, normalise

DUTCH = "+31"
# Letters by name that no screen shows
UNSEEN = "\u115f\u1160\u3164\uffa0"


class NameField(forms.CharField):
    """A name in any script, or an emoji; there is something to see of it."""

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if typed and not any(unicodedata.category(letter)[0] in "LNPS" and letter not in UNSEEN for letter in typed):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return typed


class PhoneField(forms.CharField):
    """A telephone number, kept as E.164."""

    INCOMPLETE = _("This telephone number is not complete. Type ten figures, such as 06 12 34 56 78.")

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off", "dir": "ltr"})
        super().__init__(**{"max_length": 24, "widget": widget, **kwargs})

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        try:
            kept = normalise(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise forms.ValidationError(self.INCOMPLETE) from error
        if kept.startswith(DUTCH) and len(kept) != len(DUTCH) + 9:  # somebody's own, not a service of five figures
            raise forms.ValidationError(self.INCOMPLETE)
        return kept


class _ByDistrict(ModelChoiceIterator[Area]):
    """Neighbourhoods in groups, so that one finds one's own in a long list."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        groups: dict[str, list[tuple[int, str]]] = {}
        for area in self.queryset:
            above = area.parent and (area.parent.parent or area.parent)
            groups.setdefault(above.name if above else area.name, []).append((area.pk, area.name))
        yield from groups.items()


class NeighbourhoodField(forms.ModelChoiceField[Area]):
    """A neighbourhood; no address is asked."""

    iterator = _ByDistrict

    def __init__(self, **kwargs: Any) -> None:
        in_order = Area.objects.neighbourhoods().in_force().without_boundaries().order_by("parent__parent__name", "name")
        super().__init__(in_order, **{"required": False, "empty_label": _("Not known"), **kwargs})
