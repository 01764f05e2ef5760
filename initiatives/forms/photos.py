import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.pictures import KINDS
from initiatives.models import Photo


class PhotoForm(forms.Form):
    """A photo, or none when there is one already, and what can be seen on it."""

    use_required_attribute = False

    photo = forms.FileField(
        label=_("Which photo?"),
        help_text=_("Choose or take one with your telephone. At most 12 megabytes."),
        # Not "image/*": given these, an iPhone makes a JPEG of its own kind of photo
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
        allow_empty_file=True,  # told in our own words when the file is looked at
        error_messages={"required": _("Choose a photo."), "invalid": _("Choose a photo.")},
    )
    alternative_text = forms.CharField(
        label=_("What can be seen on the photo?"),
        help_text=_(
            "One sentence, for people who cannot see the photo: it is read aloud to them. For example: Four women sew at a long table."
        ),
        min_length=3,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "in--low"}),
        error_messages={
            "required": _("Tell in one sentence what can be seen, for people who do not see it."),
            "min_length": _("Tell in one sentence what can be seen, for people who do not see it."),
        },
    )

    def __init__(self, data: Any = None, files: Any = None, *, there: Photo | None) -> None:
        super().__init__(data, files, initial={"alternative_text": there.alternative_text if there else ""})
        if there:
            self.fields["photo"].required = False
            self.fields["photo"].label = _("Another photo?")

    def clean_alternative_text(self) -> str:
        """One line, and not what a camera calls it."""
        words = " ".join(self.cleaned_data["alternative_text"].split())
        if re.fullmatch(r"\S+\.(jpe?g|png|webp|heic)", words, re.IGNORECASE):
            raise forms.ValidationError(_("This is the name of a file. Tell what can be seen, such as: Four women sew at a long table."))
        return words
