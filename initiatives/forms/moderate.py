from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.actions import decisions_for
from initiatives.forms.step import NeededText
from initiatives.models import Initiative, ModerationDecision

Decision = ModerationDecision.Decision


WORDS = {
    Decision.PUBLISHED: _("Publish: it is right and clear"),
    Decision.CHANGES_REQUESTED: _("Ask for changes: write below what has to change"),
    Decision.ARCHIVED: _("Take it off the site: write below why"),
}


class DecisionForm(forms.Form):
    use_required_attribute = False

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=list(WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    message = NeededText(
        label=_("Your message to them"),
        help_text=_("They read this in the e-mail, with your name. Needed unless you publish."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, initiative: Initiative) -> None:
        super().__init__(data, initial={"revision": initiative.revision})
        # Only shown, not enforced: of two who decide at once the second must get past here, to read who was first.
        self.offered = [(decision, WORDS[decision]) for decision in decisions_for(initiative)]
        picks = self.fields["decision"].widget
        if isinstance(picks, forms.RadioSelect):
            picks.choices = self.offered

    def clean_message(self) -> str:
        message: str = self.cleaned_data["message"]
        if self.cleaned_data.get("decision") != Decision.PUBLISHED and not message:
            raise forms.ValidationError(_("Say why, or what has to change."))
        return message
