from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.fields import YesNoField
from fieldlab.accounts.models import Invitation, User


class DecidesOnBenefitsField(YesNoField):
    """The question behind the wall: asked of whoever invites, and of whoever makes an account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Does this person decide or advise on benefits?"),
                "help_text": _("Whoever does will never see anything about participants here."),
                "error_messages": {"required": _("Choose yes or no. Ask the person if you do not know.")},
                **kwargs,
            }
        )


class InvitationForm(forms.ModelForm[Invitation]):
    """Subclass it with a Meta that extends InvitationForm.Meta, names the model and adds the app's own fields."""

    decides_on_benefits = DecidesOnBenefitsField()

    class Meta:
        fields = ["name", "email", "employer", "decides_on_benefits", "language"]
        labels = {"name": _("Name"), "email": _("E-mail address"), "employer": _("Employer"), "language": _("Language of the mail")}
        help_texts = {"employer": _("Leave empty if this person works for nobody.")}
        widgets = {"language": forms.RadioSelect}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewAccountForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    decides_on_benefits = DecidesOnBenefitsField(
        label=_("Do you decide or advise on people's benefits in your work?"),
        help_text=_("If so, you never see anything about participants here. The rest works the same."),
        error_messages={"required": _("Choose yes or no.")},
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 10 characters. Leave empty if you would rather get a code by e-mail each time you sign in."),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password
