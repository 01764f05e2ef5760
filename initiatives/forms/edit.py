from typing import Any

from django import forms

from initiatives.forms.hours import HoursForm
from initiatives.forms.offer import OfferForm
from initiatives.forms.reach import ReachForm
from initiatives.forms.where import WhereForm
from initiatives.forms.who import WhoForm
from initiatives.models import Initiative


class EditForm(ReachForm, HoursForm, OfferForm, WhereForm, WhoForm):
    """All of an entry on one page, for whoever keeps it true."""

    FIELDS = (*WhoForm.FIELDS, *OfferForm.FIELDS, *HoursForm.FIELDS, *WhereForm.FIELDS, *ReachForm.FIELDS)

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        return super().initial_of(initiative) | {"revision": initiative.revision}
