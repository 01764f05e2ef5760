from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.fields import YesNoField
from fieldlab.accounts.invitations.forms import InvitationForm
from fieldlab.accounts.models import CoordinatorInvitation, User


class SignupDetailsForm(forms.Form):
    """What signing up asks besides allauth's own e-mail address and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name, user.language = self.cleaned_data["name"], get_language() or user.language
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your name"), "language": _("Language")}
        help_texts = {"language": _("For the pages you see and the mails we send you.")}
        widgets = {"name": forms.TextInput({"autocomplete": "name"}), "language": forms.RadioSelect}


class EmploymentForm(forms.Form):
    employer = forms.CharField(
        label=_("Employer"), help_text=_("Leave empty if this person works for nobody."), max_length=120, required=False
    )
    decides_on_benefits = YesNoField(
        label=_("Does this person decide or advise on benefits?"),
        help_text=_("Whoever does will never see anything about participants here."),
        error_messages={"required": _("Choose yes or no. Ask the person if you do not know.")},
    )
    reason = forms.CharField(label=_("Why does this change?"), help_text=_("This person can read it."), max_length=240)


class CoordinatorInvitationForm(InvitationForm):
    class Meta(InvitationForm.Meta):
        model = CoordinatorInvitation
