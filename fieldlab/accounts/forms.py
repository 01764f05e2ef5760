from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import User


class SignupDetailsForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
