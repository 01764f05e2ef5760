from django import forms
from django.utils.translation import gettext_lazy as _


class StopForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why did you stop?"),
        help_text=_("Only whoever checks your page reads this."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
