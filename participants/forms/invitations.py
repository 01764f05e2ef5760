from django import forms
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.invitations.forms import InvitationForm
from fieldlab.areas.models import Area
from participants.models import ProfessionalInvitation


class ProfessionalInvitationForm(InvitationForm):
    district = forms.ModelChoiceField(
        Area.objects.in_force().districts(), label=_("Works in"), required=False, empty_label=_("No fixed district")
    )

    class Meta(InvitationForm.Meta):
        model = ProfessionalInvitation
        fields = [*InvitationForm.Meta.fields, "district"]
