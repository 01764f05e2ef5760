import re
from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative

# For what goes into mails to an address that nobody has proved yet: mail programs would make links of it
no_link = RegexValidator(
    r"://|www\.|\.[a-z]{2,}/",
    _("Leave out addresses of websites here. There is a place for them later."),
    flags=re.IGNORECASE,
    inverse_match=True,
)


class SometimesNeeded(forms.Field):
    """Mixin: not marked as "not required", as the form's own `clean` says when it is needed."""

    def validate(self, value: Any) -> None:
        pass


class NeededText(SometimesNeeded, forms.CharField):
    pass


class NeededEmail(SometimesNeeded, forms.EmailField):
    pass


class StepForm(forms.Form):
    """One question group about an initiative. The groups can be one page each, or one form together (EditForm)."""

    use_required_attribute = False
    # Fields with the name and the value of a field of Initiative
    FIELDS: tuple[str, ...] = ()

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative

    @classmethod
    def of(cls, initiative: Initiative, data: Any = None) -> Self:
        """The form as it stands for this initiative, or with what was typed over it."""
        return cls(data, initiative=initiative, initial=cls.initial_of(initiative))

    @classmethod
    def unjudged(cls, initiative: Initiative, data: Any) -> Self:
        """With what was typed, but nothing said about it: for who only asked for one more row, or comes back to it later."""
        form = cls.of(initiative, data)
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        form.cleaned_data = {}
        return form

    def asked_more(self, rows: str) -> bool:
        """Whether the button for one more of these rows was pressed."""
        return bool(self.is_bound and self.data.get("more") == rows)

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        return {name: getattr(initiative, name) for name in cls.FIELDS}

    def changes(self) -> dict[str, Any]:
        """Field of Initiative to new value; of a form with errors only what was understood."""
        return {name: self.cleaned_data[name] for name in self.FIELDS if name in self.cleaned_data}
