from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.invitations.forms import DecidesOnBenefitsField
from initiatives.models import InitiativeMember


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Type a name.")})
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Type an e-mail address."),
            "invalid": _("This e-mail address is not complete. For example: naam@voorbeeld.nl"),
        },
    )
    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=[
            (InitiativeMember.Role.EDITOR, _("Change the page")),
            (InitiativeMember.Role.OWNER, _("Change the page and the team")),
        ],
        initial=InitiativeMember.Role.EDITOR,
        widget=forms.RadioSelect,
    )
    decides_on_benefits = DecidesOnBenefitsField()

    def __init__(self, data: Any = None, *, may_make_owner: bool = True) -> None:
        super().__init__(data)
        if not may_make_owner:
            del self.fields["role"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return {"role": InitiativeMember.Role.EDITOR, **data}
