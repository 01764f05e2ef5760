from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from fieldlab.figures.forms import ResearcherInvitationForm
from fieldlab.figures.models import ResearcherInvitation
from fieldlab.figures.permissions import can_invite_researchers

urlpatterns = [
    *acceptance_paths(ResearcherInvitation),
    *management_paths(ResearcherInvitationForm, can_invite_researchers),
]
