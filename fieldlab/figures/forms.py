from fieldlab.accounts.invitations.forms import InvitationForm
from fieldlab.figures.models import ResearcherInvitation


class ResearcherInvitationForm(InvitationForm):
    class Meta(InvitationForm.Meta):
        model = ResearcherInvitation
