from fieldlab.accounts.invitations.forms import InvitationForm
from workshops.models import FacilitatorInvitation


class FacilitatorInvitationForm(InvitationForm):
    class Meta(InvitationForm.Meta):
        model = FacilitatorInvitation
