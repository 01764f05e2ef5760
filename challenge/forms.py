from challenge.models import JuryInvitation
from fieldlab.accounts.invitations.forms import InvitationForm


class JuryInvitationForm(InvitationForm):
    class Meta(InvitationForm.Meta):
        model = JuryInvitation
