from challenge.forms import JuryInvitationForm
from challenge.models import JuryInvitation
from challenge.permissions import can_invite_jury_members
from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths

urlpatterns = [
    *acceptance_paths(JuryInvitation),
    *management_paths(JuryInvitationForm, can_invite_jury_members),
]
