from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import ConsentText


class CheckedForm(forms.Form):
    """Which speaker checked a text."""

    use_required_attribute = False
    text = forms.ModelChoiceField(
        ConsentText.objects.all(),
        widget=forms.HiddenInput,
        error_messages={"required": _("This text is not there any more."), "invalid_choice": _("This text is not there any more.")},
    )
    name = forms.CharField(
        label=_("Who checked it?"),
        help_text=_("Name and role. For example: Sara Haddad, interpreter."),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": _("Type the name of the speaker who checked this text."),
            "max_length": _("This is too long for a name."),
        },
    )
