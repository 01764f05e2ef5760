from django.urls import URLPattern, path

from fieldlab.accounts.invitations.urls import acceptance_paths, management_paths
from participants.forms.invitations import ProfessionalInvitationForm
from participants.models import ProfessionalInvitation
from participants.permissions import can_invite_professionals
from participants.views import (
    agenda,
    appointment_new,
    booking,
    calendar,
    cards,
    caseload,
    consents,
    day,
    door,
    glass,
    hand_overs,
    hours,
    own,
    own_appointment,
    own_plan,
    own_report,
    people,
    plan,
    professionals,
    reports,
    requests,
    rights,
    talk,
    talk_places,
    teams,
    texts,
)

# A list a flow, in the order in which somebody comes along them.
DOOR: list[URLPattern] = [
    path("bel-mij/", door.call_me, name="call_me"),
    path("bel-mij/klaar/", door.call_me_done, name="call_me_done"),
    path("ik-kom-langs/", door.drop_in, name="drop_in"),
    path("mijn-gegevens/beginnen/", door.own_begin, name="own_begin"),
    path("initiatieven/<slug:slug>/bel-voor-iemand/", teams.call_for, name="call_for"),
    path("initiatieven/<slug:slug>/mensen/", teams.team_people, name="team_people"),
    path("bellen/<uuid:pk>/ja/", requests.request_yes, name="request_yes"),
    path("deelnemers/nieuw/", requests.participant_new, name="participant_new"),
]

OWN: list[URLPattern] = [
    path("mijn-gegevens/code/", own.own_enter, name="own_enter"),
    path("mijn-gegevens/", own.own, name="own"),
    path("mijn-gegevens/weg/", own.own_leave, name="own_leave"),
    path("mijn-gegevens/gegevens/", own.own_details, name="own_details"),
    path("mijn-gegevens/toestemming/", consents.own_consents, name="own_consents"),
    path("mijn-gegevens/toegang/<uuid:pk>/", own.own_access_end, name="own_access_end"),
    path("mijn-gegevens/wie-keek/", own.own_log, name="own_log"),
    path("teksten/", texts.consent_texts, name="consent_texts"),
    path("deelnemers/<uuid:pk>/kaartje/", cards.participant_card, name="participant_card"),
    path("deelnemers/<uuid:pk>/toestemming/", consents.participant_consents, name="participant_consents"),
]

RIGHTS: list[URLPattern] = [
    path("mijn-gegevens/alles/", rights.own_copy, name="own_copy"),
    path("mijn-gegevens/alles.pdf", rights.own_copy_pdf, name="own_copy_pdf"),
    path("mijn-gegevens/alles.json", rights.own_copy_json, name="own_copy_json"),
    path("mijn-gegevens/bewijs/", rights.own_attendance, name="own_attendance"),
    path("mijn-gegevens/bewaren/", rights.own_keep, name="own_keep"),
    path("mijn-gegevens/wissen/", rights.own_erase, name="own_erase"),
    path("mijn-gegevens/gewist/", rights.own_erased, name="own_erased"),
    path("deelnemers/<uuid:pk>/wissen/", rights.participant_erase, name="participant_erase"),
    path("deelnemers/openen/", glass.break_glass, name="break_glass"),
    path("deelnemers/openen/<uuid:pk>/", glass.glass_open, name="glass_open"),
]

BOOKING: list[URLPattern] = [
    path("afspraak/maken/", booking.book, name="book"),
    path("afspraak/kiezen/<str:token>/", booking.book_by_link, name="book_by_link"),
    path("initiatieven/<slug:slug>/mensen/<uuid:pk>/afspraak/", booking.call_for_book, name="call_for_book"),
    path("deelnemers/<uuid:pk>/afspraak/", appointment_new.appointment_new, name="appointment_new"),
    path("mijn-gegevens/afspraak/<uuid:pk>/", own_appointment.own_appointment, name="own_appointment"),
    path("afspraak/<str:token>/", own_appointment.appointment_link, name="appointment_link"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("mijn/tijden/", hours.hours, name="hours"),
    path("mijn/tijden/zo-plan-ik/", hours.hours_planning, name="hours_planning"),
    path("mijn/tijden/<int:pk>/", hours.hours_place, name="hours_place"),
    path("plekken-voor-gesprekken/", talk_places.talk_places, name="talk_places"),
    path("plekken-voor-gesprekken/nieuw/", talk_places.talk_place_new, name="talk_place_new"),
    path("plekken-voor-gesprekken/<int:pk>/", talk_places.talk_place, name="talk_place"),
]

CALENDAR: list[URLPattern] = [
    path("agenda/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("mijn/agenda-adres/", calendar.feed_settings, name="feed_settings"),
]

TALK: list[URLPattern] = [
    path("deelnemers/<uuid:pk>/gesprek/", talk.talk, name="talk"),
    path("verslag/<uuid:pk>/", reports.report, name="report"),
    path("verslag/<uuid:pk>/zinnen/", reports.report_sentences, name="report_sentences"),
    path("verslag/<uuid:pk>/samen-lezen/", reports.report_read, name="report_read"),
    path("verslag/<uuid:pk>/print/", reports.report_print, name="report_print"),
    path("verslag/<uuid:pk>/weggooien/", reports.report_throw_away, name="report_throw_away"),
    path("mijn-gegevens/verslag/", own_report.own_report, name="own_report"),
    path("mijn-gegevens/verslag/<uuid:pk>/print/", own_report.own_report_print, name="own_report_print"),
    path("mijn-gegevens/verslag/<uuid:pk>/<int:version>/zin/<int:place>/weg/", own_report.own_report_away, name="own_report_away"),
    path("mijn-gegevens/verslag/<uuid:pk>/weggooien/", own_report.own_report_throw_away, name="own_report_throw_away"),
]

PLAN: list[URLPattern] = [
    path("deelnemers/<uuid:pk>/plan/", plan.plan, name="plan"),
    path("deelnemers/<uuid:pk>/plan/print/", plan.plan_print, name="plan_print"),
    path("deelnemers/<uuid:pk>/plan/doel/", plan.plan_goal, name="plan_goal"),
    path("deelnemers/<uuid:pk>/plan/doel/<uuid:goal>/", plan.plan_goal_change, name="plan_goal_change"),
    path("deelnemers/<uuid:pk>/plan/stap/", plan.plan_step, name="plan_step"),
    path("deelnemers/<uuid:pk>/plan/stap/<uuid:step>/", plan.plan_step_change, name="plan_step_change"),
    path("deelnemers/<uuid:pk>/plan/stap/<uuid:step>/vragen/", hand_overs.hand_over_new, name="hand_over_new"),
    path("deelnemers/<uuid:pk>/plan/vraag/<uuid:asked>/", hand_overs.hand_over, name="hand_over"),
    path("deelnemers/<uuid:pk>/plan/moment/", plan.plan_follow_up, name="plan_follow_up"),
    path("deelnemers/<uuid:pk>/plan/moment/<uuid:moment>/", plan.plan_follow_up_change, name="plan_follow_up_change"),
    path("mijn-gegevens/plan/", own_plan.own_plan, name="own_plan"),
    path("mijn-gegevens/plan/print/", own_plan.own_plan_print, name="own_plan_print"),
    path("mijn-gegevens/plan/doel/", own_plan.own_goal, name="own_goal"),
    path("mijn-gegevens/plan/doel/<uuid:goal>/", own_plan.own_goal_change, name="own_goal_change"),
    path("mijn-gegevens/plan/stap/", own_plan.own_step, name="own_step"),
    path("mijn-gegevens/plan/stap/<uuid:step>/", own_plan.own_step_change, name="own_step_change"),
    path("mijn-gegevens/plan/vraag/<uuid:asked>/", own_plan.own_hand_over, name="own_hand_over"),
    path("komt-dit-uit/<str:token>/", hand_overs.hand_over_answer, name="hand_over_answer"),
    path("initiatieven/<slug:slug>/mensen/vraag/<uuid:pk>/", hand_overs.hand_over_team, name="hand_over_team"),
]

DAY: list[URLPattern] = [
    path("vandaag/", day.day, name="day"),
    path("vandaag/gebeld/", day.call_result, name="call_result"),
    path("vandaag/overnemen/", professionals.pick_up, name="pick_up"),
    path("deelnemers/", people.participants, name="participants"),
    path("deelnemers/overdragen/", caseload.caseload_hand_over, name="caseload_hand_over"),
    path("deelnemers/<uuid:pk>/", people.participant, name="participant"),
    path("deelnemers/<uuid:pk>/wijzigen/", people.participant_change, name="participant_change"),
]

PROFESSIONALS: list[URLPattern] = [
    path("participatieprofessionals/", professionals.professionals, name="professionals"),
    path("participatieprofessionals/<int:pk>/stopt/", professionals.professional_stops, name="professional_stops"),
]

urlpatterns = [
    *DOOR,
    *OWN,
    *RIGHTS,
    *BOOKING,
    *CALENDAR,
    *TALK,
    *PLAN,
    *DAY,
    *PROFESSIONALS,
    *acceptance_paths(ProfessionalInvitation),
    *management_paths(ProfessionalInvitationForm, can_invite_professionals),
]
