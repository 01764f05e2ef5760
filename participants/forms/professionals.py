from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import User
from participants.forms.day import colleagues_of
from participants.models import Professional


class StopsForm(forms.Form):
    """Who takes over from somebody who stops working here: a colleague, or nobody, and that is said too."""

    who = forms.ChoiceField(
        label=_("Who takes over?"),
        choices=[
            ("colleague", _("A colleague takes over everything.")),
            ("nobody", _("Nobody takes over now.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who takes over.")},
    )
    taker = forms.ModelChoiceField(
        Professional.objects.none(),
        label=_("Which colleague?"),
        help_text=_("Only when a colleague takes over."),
        required=False,
        empty_label=_("Choose a colleague"),
        error_messages={"invalid_choice": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, professional: Professional, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taker"].queryset = colleagues_of(professional).exclude(user=actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == "nobody":
            data["taker"] = None
        elif data.get("who") == "colleague" and not data.get("taker") and "taker" not in self.errors:
            self.add_error("taker", _("Choose a colleague."))
        return data
