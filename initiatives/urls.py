from django.urls import path

from fieldlab.accounts.invitations.urls import acceptance_paths
from initiatives.models import MemberInvitation
from initiatives.views import area, confirm, edit, moderate, profile, register, team
from initiatives.views import map as map_views

urlpatterns = [
    path("kaart/", map_views.map_page, name="map"),
    path("kaart/punten.json", map_views.map_points, name="map_points"),
    path("initiatieven/", register.start, name="for_initiatives"),
    path("initiatieven/nieuw/", register.start, name="register"),
    path("initiatieven/nieuw/bewaard/", register.later, name="register_later"),
    path("initiatieven/nieuw/klaar/", register.done, name="register_done"),
    path("initiatieven/nieuw/kaartje/", register.preview, name="register_preview"),
    path("initiatieven/nieuw/weg/", register.discard, name="register_discard"),
    path("initiatieven/nieuw/<slug:step>/", register.step, name="register_step"),
    path("initiatieven/wijzigen/<str:token>/", edit.change, name="initiative_change"),
    path("initiatieven/<slug:slug>/", profile.initiative, name="initiative"),
    path("initiatieven/<slug:slug>/bewerken/", edit.edit_initiative, name="initiative_edit"),
    path("initiatieven/<slug:slug>/klopt/", confirm.confirm_initiative, name="initiative_confirm"),
    path("initiatieven/<slug:slug>/team/", team.team, name="initiative_team"),
    path("initiatieven/<slug:slug>/team/<int:pk>/", team.team_change, name="initiative_team_change"),
    path("initiatieven/<slug:slug>/team/<uuid:pk>/intrekken/", team.team_withdraw, name="initiative_team_withdraw"),
    path("moderatie/", moderate.queue, name="moderation_queue"),
    path("moderatie/<slug:slug>/", moderate.moderate, name="moderate"),
    path("gebieden/<slug:code>/", area.area, name="area"),
    *acceptance_paths(MemberInvitation),
]
