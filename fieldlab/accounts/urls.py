from django.urls import include, path

from fieldlab.accounts import views
from fieldlab.accounts.forms import CoordinatorInvitationForm
from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from fieldlab.accounts.models import CoordinatorInvitation
from fieldlab.accounts.permissions import can_invite_coordinators

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/gegevens/", views.profile, name="account_profile"),
    path("account/", include("allauth.urls")),
    path("mensen/", views.people, name="people"),
    path("mensen/<int:pk>/", views.person, name="person"),
    path("mensen/<int:pk>/coordinator-af/", views.end_coordinator, name="coordinator_end"),
    *acceptance_paths(CoordinatorInvitation),
    *management_paths(CoordinatorInvitationForm, can_invite_coordinators),
]
