from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from participants.forms.invitations import ProfessionalInvitationForm
from participants.models import ProfessionalInvitation
from participants.permissions import can_invite_professionals

urlpatterns = [
    *acceptance_paths(ProfessionalInvitation),
    *management_paths(ProfessionalInvitationForm, can_invite_professionals),
]
