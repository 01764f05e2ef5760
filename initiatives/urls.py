from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import index, sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from fieldlab.accounts.invitations.urls import acceptance_paths
from initiatives.models import ContactInvitation, MemberInvitation
from initiatives.sitemaps import SITEMAPS
from initiatives.views import (
    area,
    confirm,
    contacts,
    edit,
    history,
    map_data,
    messages,
    moderate,
    photos,
    profile,
    register,
    sheet,
    team,
    twins,
)
from initiatives.views import map as map_views

urlpatterns = [
    path("kaart/", map_views.map_page, name="map"),
    path("kaart/punten.json", map_data.map_points, name="map_points"),
    path("kaart/punten/<slug:version>.json", map_data.map_document, name="map_document"),
    path("kaart/vak.json", map_data.map_viewport, name="map_viewport"),
    path("kaart/plek/<int:pk>/", map_data.map_place, name="map_place"),
    path("initiatieven/", register.start, name="for_initiatives"),
    path("initiatieven/nieuw/", register.start, name="register"),
    path("initiatieven/nieuw/bewaard/", register.later, name="register_later"),
    path("initiatieven/nieuw/klaar/", register.done, name="register_done"),
    path("initiatieven/nieuw/kaartje/", register.preview, name="register_preview"),
    path("initiatieven/nieuw/weg/", register.discard, name="register_discard"),
    path("initiatieven/nieuw/foto/", photos.register_photo, name="register_photo"),
    path("initiatieven/nieuw/lijkt-op/", twins.register_twins, name="register_twins"),
    path("initiatieven/nieuw/dat-zijn-wij/", twins.register_same, name="register_same"),
    path("initiatieven/nieuw/<slug:step>/", register.step, name="register_step"),
    path("initiatieven/wijzigen/<str:token>/", edit.change, name="initiative_change"),
    path("initiatieven/<slug:slug>/", profile.initiative, name="initiative"),
    path("initiatieven/<slug:slug>/bewerken/", edit.edit_initiative, name="initiative_edit"),
    path("initiatieven/<slug:slug>/bewerken/bewaren/", edit.keep_initiative, name="initiative_edit_keep"),
    path("initiatieven/<slug:slug>/bewerken/weg/", edit.discard_kept, name="initiative_edit_discard"),
    path("initiatieven/<slug:slug>/plek/", edit.initiative_room, name="initiative_room"),
    path("initiatieven/<slug:slug>/foto/", photos.initiative_photo, name="initiative_photo"),
    path("initiatieven/<slug:slug>/klopt/", confirm.confirm_initiative, name="initiative_confirm"),
    path("klopt/<str:token>/<slug:answer>/", confirm.still_right, name="initiative_still_right"),
    path("initiatieven/<slug:slug>/geschiedenis/", history.history, name="initiative_history"),
    path("initiatieven/<slug:slug>/geschiedenis/<int:revision>/", history.restore_version, name="initiative_restore"),
    path("initiatieven/<slug:slug>/berichten/", messages.initiative_messages, name="initiative_messages"),
    path("initiatieven/<slug:slug>/team/", team.team, name="initiative_team"),
    path("initiatieven/<slug:slug>/team/<int:pk>/", team.team_change, name="initiative_team_change"),
    path("initiatieven/<slug:slug>/team/<int:pk>/overdragen/", team.team_hand_over, name="initiative_team_hand_over"),
    path("initiatieven/<slug:slug>/team/<uuid:pk>/intrekken/", team.team_withdraw, name="initiative_team_withdraw"),
    path("initiatieven/<slug:slug>/kennismaken/", twins.introductions, name="initiative_introductions"),
    path("initiatieven/<slug:slug>/kennismaken/<int:pk>/", twins.introduction_answer, name="introduction_answer"),
    path("initiatieven/<slug:slug>/erbij/<int:pk>/", twins.join_request, name="join_request"),
    path("kennismaken/<str:token>/", twins.introduction, name="introduction"),
    path("moderatie/", moderate.queue, name="moderation_queue"),
    path("moderatie/<slug:slug>/", moderate.moderate, name="moderate"),
    path("moderatie/<slug:slug>/bericht/", moderate.moderate_message, name="moderate_message"),
    path("gebieden/<slug:code>/", area.area, name="area"),
    path("gebieden/<slug:code>/blad.pdf", sheet.area_sheet, name="area_sheet"),
    path("kaart/blad.pdf", sheet.map_sheet, name="map_sheet"),
    path(
        "sitemap.xml", login_not_required(require_safe(index)), {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap_index"
    ),
    path("sitemap-<slug:section>.xml", login_not_required(require_safe(sitemap)), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("mijn/aanspreekpunt/", contacts.own_contacts, name="own_contacts"),
    path("aanspreekpunten/", contacts.contacts, name="contacts"),
    path("aanspreekpunten/nieuw/", contacts.contact_new, name="contact_new"),
    path("aanspreekpunten/<int:pk>/", contacts.contact_edit, name="contact_edit"),
    path("aanspreekpunten/<int:pk>/klopt/", contacts.contact_confirm, name="contact_confirm"),
    path("aanspreekpunten/<int:pk>/uitnodigen/", contacts.contact_invite, name="contact_invite"),
    path("aanspreekpunten/<int:pk>/weg/", contacts.contact_remove, name="contact_remove"),
    path("foto/<uuid:key>-<int:width>.webp", photos.photo, name="photo"),
    *acceptance_paths(MemberInvitation),
    *acceptance_paths(ContactInvitation),
]
