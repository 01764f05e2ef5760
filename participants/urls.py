from django.urls import URLPattern

from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from participants.forms.invitations import ProfessionalInvitationForm
from participants.models import ProfessionalInvitation
from participants.permissions import can_invite_professionals

# A list a flow, in the order in which somebody comes along them.
DOOR: list[URLPattern] = []

OWN: list[URLPattern] = []

RIGHTS: list[URLPattern] = []

BOOKING: list[URLPattern] = []

CALENDAR: list[URLPattern] = []

TALK: list[URLPattern] = []

PLAN: list[URLPattern] = []

DAY: list[URLPattern] = []

urlpatterns = [
    *DOOR,
    *OWN,
    *RIGHTS,
    *BOOKING,
    *CALENDAR,
    *TALK,
    *PLAN,
    *DAY,
    *acceptance_paths(ProfessionalInvitation),
    *management_paths(ProfessionalInvitationForm, can_invite_professionals),
]
