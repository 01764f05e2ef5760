from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from workshops.forms import FacilitatorInvitationForm
from workshops.models import FacilitatorInvitation
from workshops.permissions import can_invite_facilitators

urlpatterns = [
    *acceptance_paths(FacilitatorInvitation),
    *management_paths(FacilitatorInvitationForm, can_invite_facilitators),
]
