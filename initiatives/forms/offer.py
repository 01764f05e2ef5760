from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.step import StepForm
from initiatives.models import Accessibility, Audience, Language, Offer, Phase, Theme

# Pictures beside the words, for whoever reads little
ICONS = {
    Offer.WORK: "hammer",
    Offer.WORKSPACE: "armchair",
    Offer.COACHING: "lightbulb",
    Offer.NETWORK: "users",
    Offer.LANGUAGE_PRACTICE: "messages-square",
    Offer.LESSONS: "graduation-cap",
    Offer.MATERIALS: "wrench",
    Offer.MARKET: "store",
    Offer.MICROFINANCE: "hand-coins",
    Offer.LETTERS: "file-text",
    Offer.MEALS: "utensils",
    Offer.CHILDCARE: "baby",
    Accessibility.STEP_FREE: "accessibility",
    Accessibility.TOILET: "toilet",
    Accessibility.LIFT: "arrow-up-down",
    Accessibility.TRANSIT: "bus",
    Accessibility.QUIET: "volume-x",
    Accessibility.HEARING: "ear",
    Accessibility.GUIDE_DOG: "dog",
    Accessibility.STROLLER: "footprints",
    Accessibility.PICTURES: "image",
}


class Chips(forms.CheckboxSelectMultiple):
    template_name = "initiatives/widgets/chips.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, *args, **kwargs) | {"icon": ICONS.get(value)}


class OneChip(forms.RadioSelect):
    template_name = "initiatives/widgets/chips.html"


class WordsField(forms.MultipleChoiceField):
    """Any number of choices; kept in their own order and each once, however they were sent."""

    widget = Chips

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [str(key) for key, _label in self.choices if key in chosen]  # type: ignore[union-attr, misc]


class OfferForm(StepForm):
    """Step 4: what people find there. All of it may wait."""

    FIELDS: tuple[str, ...] = ("offers", "themes", "audiences", "languages", "accessibility", "phase", "description")

    offers = WordsField(label=_("What can people find with you?"), choices=Offer.choices, required=False)
    themes = WordsField(label=_("What is it about?"), choices=Theme.choices, required=False)
    audiences = WordsField(
        label=_("For whom is it in the first place?"),
        help_text=_("Choose nothing if it is for everybody."),
        choices=Audience.choices,
        required=False,
    )
    languages = WordsField(label=_("Which languages do you speak?"), choices=Language.choices, required=False)
    accessibility = WordsField(
        label=_("What is right at your place?"),
        help_text=_("Choose only what somebody at the door can see."),
        choices=Accessibility.choices,
        required=False,
    )
    phase = forms.ChoiceField(
        label=_("How far are you?"), choices=[*Phase.choices, ("", _("I do not say"))], required=False, widget=OneChip
    )
    description = forms.CharField(
        label=_("Tell more about it"),
        help_text=_("In your own words. What happens on a day? Who is welcome?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_description(self) -> str:
        """Browsers send lines as \\r\\n, the database holds \\n."""
        return "\n".join(str(self.cleaned_data["description"]).splitlines())
