"""A field of several controls on one row, and rows that come one by one: every row is there without JavaScript."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.boundfield import BoundField


class RowWidget(forms.MultiWidget):
    """Controls named field_0, field_1, …, each with a label of its own."""

    template_name = "components/row.html"
    LABELS: Sequence[Any] = ()
    CSS = "inrow"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # A list is what was typed; a tuple would be taken for one
        context = super().get_context(name, value if isinstance(value, list) else self.decompress(value), attrs)
        context["widget"]["css"] = self.CSS
        for label, control in zip(self.LABELS, context["widget"]["subwidgets"], strict=True):
            control["label"] = label
        return context

    def subwidgets(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> Iterator[Any]:
        """Links to the field go to its first control."""
        yield self.get_context(name, value, attrs)["widget"]["subwidgets"][0]


class RowField(forms.Field):
    """Cleans the list of what was typed in its controls; `understand` says what it means, None when nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        # Empty is fine; "required" only keeps "(not required)" from standing at each row
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = [each if isinstance(each, bool) else str(each or "").strip() for each in value or []]
        for each in typed:
            ProhibitNullCharactersValidator()(each)
        return self.understand(typed) if any(typed) else self.empty()

    def empty(self) -> Any:
        return None

    def understand(self, typed: list[Any]) -> Any:
        raise NotImplementedError


def rows_shown(form: forms.Form, names: Sequence[str], *, one_more: bool) -> list[BoundField]:
    """The rows in use and an empty one after them; those that were there before; and one more when that was asked for."""
    shown = 1
    for number, name in enumerate(names, 1):
        sent = {key: value for key, value in form.data.items() if key.startswith(f"{name}_")}
        in_use = any(sent.values()) if form.is_bound else form.get_initial_for_field(form.fields[name], name)
        shown = max(shown, number + 1 if in_use else 0, number + one_more if sent else 0)
    return [form[name] for name in names[:shown]]
