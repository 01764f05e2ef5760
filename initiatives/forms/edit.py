from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.reach import ReachForm
from initiatives.forms.where import WhereForm
from initiatives.forms.who import WhoForm


class EditForm(ReachForm, WhereForm, WhoForm):
    """All of an entry on one page, for whoever keeps it true."""

    FIELDS = (*WhoForm.FIELDS, "description", *ReachForm.FIELDS)

    description = forms.CharField(
        label=_("Tell more about it"),
        help_text=_("In your own words. What happens on a day? Who is welcome?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
