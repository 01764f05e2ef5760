from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.step import StepForm, no_link
from initiatives.models import Activity, Kind


class KindPicks(forms.RadioSelect):
    """Each kind with its shape, as on the map."""

    template_name = "initiatives/widgets/kind_picks.html"


class ActivityChips(forms.RadioSelect):
    template_name = "initiatives/widgets/chips.html"


class WhoForm(StepForm):
    """Step 1: who are you, what do you do."""

    FIELDS: tuple[str, ...] = ("name", "kind", "activity", "summary")

    name = forms.CharField(
        label=_("What is your initiative called?"),
        max_length=80,
        validators=[no_link],
        error_messages={"required": _("Type the name of your initiative.")},
    )
    kind = forms.ChoiceField(
        label=_("What are you?"),
        help_text=_("Choose what fits best. You can change it later."),
        choices=Kind.choices,
        widget=KindPicks,
        error_messages={"required": _("Choose what you are. In doubt? Then choose ‘informal group’.")},
    )
    activity = forms.ChoiceField(
        label=_("What do people mainly do there?"),
        choices=Activity.choices,
        widget=ActivityChips,
        error_messages={"required": _("Choose what people mainly do there.")},
    )
    summary = forms.CharField(
        label=_("What do you do, in one sentence?"),
        help_text=_("For example: We mend clothes together. At most 160 characters."),
        max_length=160,
        widget=forms.Textarea(attrs={"rows": 2, "class": "in--low"}),
        error_messages={"required": _("Type in one sentence what you do.")},
    )

    def clean_summary(self) -> str:
        """One line: it stands on a card."""
        return " ".join(self.cleaned_data["summary"].split())
