from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from initiatives.actions import decisions_for
from initiatives.forms.step import NeededText
from initiatives.models import Initiative, ModerationDecision, Status

Decision = ModerationDecision.Decision


WORDS = {
    Decision.CHECKED: _("The changes are right: nothing has to happen"),
    Decision.BROUGHT_BACK: _("Undo the changes: write below why"),
    Decision.PUBLISHED: _("Publish: it is right and clear"),
    Decision.CHANGES_REQUESTED: _("Ask for changes: write below what has to change"),
    Decision.ARCHIVED: _("Take it off the site: write below why"),
}
PUT_BACK = _("Put it back on the site")
# What is often written, to begin from: a few words to choose by, and the text itself
REASONS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "summary": (
        _("The sentence is not clear"),
        _("What you do is not clear yet to somebody who does not know you. Can you say in one plain sentence what people do there?"),
    ),
    "hours": (
        _("Opening hours are missing"),
        _("People want to know when they can come. Can you add your days and times? By appointment is fine too."),
    ),
    "place": (_("The address is not right"), _("We do not find you at this address. Can you check the postcode and the number?")),
    "person": (
        _("There is something about a person in it"),
        _("There are things about a person in your text. Can you take them out? Everybody can read the page."),
    ),
    "photo": (
        _("The photo is not right"),
        _("People can be recognised in the photo, or it shows something else. Can you choose another one, or ask them if it is all right?"),
    ),
    "twin": (
        _("It is on the map already"),
        _("This place is on the map already. Call us, then we put the two together."),
    ),
    "stopped": (_("It has stopped"), _("We heard that you have stopped. Is that not right? Call us, then we put the page back.")),
}


class ReasonPicks(forms.RadioSelect):
    """Each with the text that it stands for, which a script types into the message; without one the form does."""

    template_name = "initiatives/widgets/chips.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in REASONS:
            option["attrs"]["data-text"] = str(REASONS[value][1])
        return option


class DecisionForm(forms.Form):
    use_required_attribute = False

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=list(WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = forms.ChoiceField(
        label=_("Begin from a ready-made text"),
        help_text=_("If you type nothing yourself, we send this text."),
        choices=[("", _("I type it myself")), *((key, label) for key, (label, _text) in REASONS.items())],
        widget=ReasonPicks,
        required=False,
    )
    message = NeededText(
        label=_("Your message to them"),
        help_text=_("They read this in the e-mail, with your name. Not needed if you publish, or find the changes right."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, initiative: Initiative) -> None:
        super().__init__(data, initial={"revision": initiative.revision, "reason": ""})
        # Only shown, not enforced: of two who decide at once the second must get past here, to read who was first.
        self.offered = [(decision, WORDS[decision]) for decision in decisions_for(initiative)]
        if initiative.status == Status.ARCHIVED:
            self.offered = [(decision, PUT_BACK) for decision, _words in self.offered]
        picks = self.fields["decision"].widget
        if isinstance(picks, forms.RadioSelect):
            picks.choices = self.offered

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "message" not in data or "decision" not in data:
            return data
        wordless = data["decision"] in (Decision.PUBLISHED, Decision.CHECKED)
        if not data["message"] and not wordless and data.get("reason"):
            data["message"] = str(REASONS[data["reason"]][1])
        if not data["message"] and not wordless:
            self.add_error("message", _("Say why, or what has to change."))
        return data


class MessageForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label=_("Write to them"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Type a message first.")},
    )
