"""Who may do what, on every address. A new address needs a row here, or `test_every_address_has_a_row` fails.

A row reads: name of the address, who may read it, who may send to it. Whoever is in neither is refused: signed in with 404, as if
it did not exist (or what `refused` says), signed out by the sign-in page (or what `signed_out` says). Other methods than GET,
HEAD and POST are refused to all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from initiatives.models import ContactInvitation, MemberInvitation
from participants.notifications.links import appointment_token, booking_token
from tests.access.roles import COORDINATORS, EVERYBODY, INVITATIONS, MODERATORS, NOBODY, OWNERS, SIGNED_IN, TEAM, Role, World, token

LOGIN = 302


@dataclass(frozen=True)
class Row:
    name: str
    get: frozenset[Role] = NOBODY
    post: frozenset[Role] = NOBODY
    # Of the address: as they are, or from the world that the test made
    kwargs: dict[str, Any] | Callable[[World], dict[str, Any]] = field(default_factory=dict)
    refused: int = 404
    signed_out: int = LOGIN
    # What a reader gets: 200, or a redirect for a page that only sends on, or 410 for what is over
    opens: int = 200
    # Where whoever did not sign in is asked to: a participant without an account comes by the code on a card
    asks: str = "account_login"

    def url(self, world: World) -> str:
        return reverse(self.name, kwargs=self.kwargs(world) if callable(self.kwargs) else self.kwargs)


def ours(world: World) -> dict[str, Any]:
    return {"slug": world.published.slug}


def ours_submitted(world: World) -> dict[str, Any]:
    return {"slug": world.submitted.slug}


def theirs(world: World) -> dict[str, Any]:
    return {"slug": world.published_elsewhere.slug}


def theirs_submitted(world: World) -> dict[str, Any]:
    return {"slug": world.submitted_elsewhere.slug}


STRANGER = frozenset({Role.STRANGER})

PUBLIC = [
    Row("home", get=EVERYBODY),
    Row("about", get=EVERYBODY),
    Row("privacy", get=EVERYBODY),
    Row("accessibility", get=EVERYBODY),
    Row("complaints", get=EVERYBODY),
    Row("security_txt", get=EVERYBODY),
    Row("robots_txt", get=EVERYBODY),
    Row("sitemap_index", get=EVERYBODY),
    Row("sitemap", get=EVERYBODY, kwargs={"section": "initiatieven"}),
    Row("set_language", post=EVERYBODY, refused=405, signed_out=405),
    Row("cover", get=EVERYBODY, kwargs={"version": "1", "kind": "cooperative", "activity": "garden", "variant": 1}),
    Row("overview", get=SIGNED_IN),
    # Outside the demo there is no mailbox, for nobody.
    Row("demo_mailbox", signed_out=404),
    Row("demo_letter", signed_out=404, kwargs=lambda w: {"pk": w.message.pk}),
]

AREAS = [
    Row("area", get=EVERYBODY, kwargs=lambda w: {"code": w.area.code}),
    Row("area_sheet", get=EVERYBODY, kwargs=lambda w: {"code": w.area.code}),
    Row("map_sheet", get=EVERYBODY),
    Row("area_boundaries", get=EVERYBODY),
    Row("address_suggestions", get=EVERYBODY),
]

ACCOUNTS = [
    Row("account", get=SIGNED_IN),
    Row("account_profile", get=SIGNED_IN, post=SIGNED_IN),
    Row("people", get=COORDINATORS, post=COORDINATORS),
    Row("person", get=COORDINATORS, post=COORDINATORS, kwargs=lambda w: {"pk": w.users[Role.PLAIN].pk}),
    Row("coordinator_end", post=COORDINATORS, refused=405, kwargs=lambda w: {"pk": w.users[Role.PLAIN].pk}),
]

INITIATIVES = [
    Row("map", get=EVERYBODY),
    Row("map_points", get=EVERYBODY, opens=302),
    Row("map_document", get=EVERYBODY, kwargs={"version": "0" * 16}, opens=302),
    Row("map_viewport", get=EVERYBODY, opens=400),
    Row("map_place", get=EVERYBODY, kwargs=lambda w: {"pk": w.published.pk}),
    Row("map_place", signed_out=404, kwargs=lambda w: {"pk": w.submitted.pk}),
    Row("for_initiatives", get=EVERYBODY, post=EVERYBODY),
    Row("register", get=EVERYBODY, post=EVERYBODY),
    Row("register_step", get=EVERYBODY, post=EVERYBODY, kwargs={"step": "wie"}),
    # Without a draft of one's own these send back to the beginning.
    Row("register_step", get=EVERYBODY, post=EVERYBODY, kwargs={"step": "controle"}, opens=302),
    Row("register_later", get=EVERYBODY, opens=302),
    Row("register_photo", get=EVERYBODY, post=EVERYBODY, opens=302),
    Row("register_done", get=EVERYBODY, opens=302),
    Row("register_preview", post=EVERYBODY, refused=405, signed_out=405),
    Row("register_discard", get=EVERYBODY, post=EVERYBODY, opens=302),
    Row("initiative", get=EVERYBODY, kwargs=ours),
    Row("initiative", get=TEAM | MODERATORS, kwargs=ours_submitted, signed_out=404),
    Row("initiative", get=STRANGER | COORDINATORS, kwargs=theirs_submitted, signed_out=404),
    Row("initiative_edit", get=TEAM | MODERATORS, post=TEAM | MODERATORS, kwargs=ours),
    Row("initiative_edit", get=STRANGER | COORDINATORS, post=STRANGER | COORDINATORS, kwargs=theirs),
    Row("initiative_edit", get=STRANGER | COORDINATORS, post=STRANGER | COORDINATORS, kwargs=theirs_submitted),
    Row("initiative_photo", get=TEAM | MODERATORS, post=TEAM | MODERATORS, kwargs=ours),
    Row("initiative_photo", get=STRANGER | COORDINATORS, post=STRANGER | COORDINATORS, kwargs=theirs),
    Row("initiative_photo", get=STRANGER | COORDINATORS, post=STRANGER | COORDINATORS, kwargs=theirs_submitted),
    Row("photo", get=EVERYBODY, kwargs=lambda w: {"key": w.published.photo_id, "width": 320}),
    Row("photo", get=STRANGER | COORDINATORS, signed_out=404, kwargs=lambda w: {"key": w.submitted_elsewhere.photo_id, "width": 320}),
    Row("initiative_history", get=TEAM | MODERATORS, kwargs=ours),
    Row("initiative_history", get=STRANGER | COORDINATORS, kwargs=theirs_submitted),
    Row("initiative_restore", get=TEAM | MODERATORS, post=TEAM | MODERATORS, kwargs=lambda w: {**ours(w), "revision": 1}),
    Row("initiative_restore", get=STRANGER | COORDINATORS, post=STRANGER | COORDINATORS, kwargs=lambda w: {**theirs(w), "revision": 1}),
    Row("initiative_messages", get=TEAM, post=TEAM, kwargs=ours),
    Row("initiative_messages", get=STRANGER, post=STRANGER, kwargs=theirs),
    Row("initiative_still_right", signed_out=410, refused=410, kwargs={"token": "not-a-token", "answer": "klopt"}),
    Row("initiative_edit_keep", post=TEAM | MODERATORS, refused=405, kwargs=ours),
    Row("initiative_edit_keep", post=STRANGER | COORDINATORS, refused=405, kwargs=theirs),
    Row("initiative_edit_discard", post=TEAM | MODERATORS, refused=405, kwargs=ours),
    Row("initiative_edit_discard", post=STRANGER | COORDINATORS, refused=405, kwargs=theirs),
    Row("initiative_room", post=TEAM, refused=405, kwargs=ours),
    Row("initiative_room", post=STRANGER, refused=405, kwargs=theirs),
    Row("initiative_confirm", post=TEAM | MODERATORS, refused=405, kwargs=ours),
    Row("initiative_confirm", post=STRANGER | COORDINATORS, refused=405, kwargs=theirs),
    Row("initiative_team", get=TEAM, post=TEAM, kwargs=ours),
    Row("initiative_team", get=STRANGER, post=STRANGER, kwargs=theirs),
    Row("initiative_team_change", get=TEAM, post=TEAM, kwargs=lambda w: {**ours(w), "pk": w.member.pk}),
    Row("initiative_team_hand_over", get=OWNERS, post=OWNERS, kwargs=lambda w: {**ours(w), "pk": w.member.pk}),
    Row("initiative_team_hand_over", kwargs=lambda w: {**ours(w), "pk": w.member_elsewhere.pk}),
    # A member of another team is not found by way of one's own initiative.
    Row("initiative_team_change", kwargs=lambda w: {**ours(w), "pk": w.member_elsewhere.pk}),
    Row("initiative_team_withdraw", post=TEAM, refused=405, kwargs=lambda w: {**ours(w), "pk": w.invitations[MemberInvitation].pk}),
    # Without a draft of one's own these send back to the beginning.
    Row("register_twins", get=EVERYBODY, post=EVERYBODY, opens=302),
    Row("register_same", get=EVERYBODY, post=EVERYBODY, opens=302),
    Row("initiative_introductions", get=TEAM, post=TEAM, kwargs=ours),
    Row("initiative_introductions", get=STRANGER, post=STRANGER, kwargs=theirs_submitted),
    Row("introduction_answer", post=TEAM, refused=405, kwargs=lambda w: {**ours(w), "pk": w.introduction.pk}),
    # Whoever asked does not answer, by way of neither initiative.
    Row("introduction_answer", refused=405, kwargs=lambda w: {**theirs(w), "pk": w.introduction.pk}),
    Row("join_request", get=OWNERS, post=OWNERS, kwargs=lambda w: {**ours(w), "pk": w.join.pk}),
    Row("join_request", get=STRANGER, post=STRANGER, kwargs=lambda w: {**theirs(w), "pk": w.join_elsewhere.pk}),
    Row("join_request", kwargs=lambda w: {**ours(w), "pk": w.join_elsewhere.pk}),
    Row("introduction", signed_out=410, refused=410, kwargs={"token": "not-a-token"}),
    Row("initiative_change", signed_out=410, refused=410, kwargs={"token": "not-a-token"}),
    Row("moderation_queue", get=MODERATORS, refused=403),
    Row("moderate", get=MODERATORS, post=MODERATORS, kwargs=ours_submitted),
    Row("moderate", get=COORDINATORS, post=COORDINATORS, kwargs=theirs_submitted),
    Row("moderate_message", post=MODERATORS, refused=405, kwargs=ours_submitted),
    Row("moderate_message", post=COORDINATORS, refused=405, kwargs=theirs_submitted),
]

CONTACT = frozenset({Role.CONTACT})


def contact(world: World) -> dict[str, Any]:
    return {"pk": world.contact.pk}


CONTACTS = [
    Row("own_contacts", get=CONTACT),
    Row("contacts", get=COORDINATORS),
    Row("contact_new", get=COORDINATORS, post=COORDINATORS),
    Row("contact_edit", get=CONTACT | COORDINATORS, post=CONTACT | COORDINATORS, kwargs=contact),
    Row("contact_confirm", post=CONTACT | COORDINATORS, refused=405, kwargs=contact),
    Row("contact_invite", get=COORDINATORS, post=COORDINATORS, kwargs=contact),
    Row("contact_remove", get=COORDINATORS, post=COORDINATORS, kwargs=contact),
]


PROFESSIONALS = frozenset({Role.PROFESSIONAL})


def person(world: World) -> dict[str, Any]:
    """Whom the professional helps."""
    return {"pk": world.person.pk}


# A team's pages about people are shut to whoever decides on benefits.
REACHING_TEAM = TEAM - {Role.DECIDER}

DOOR: list[Row] = [
    Row("call_me", get=EVERYBODY, post=EVERYBODY),
    # Without a request of one's own it sends on.
    Row("call_me_done", get=EVERYBODY, post=EVERYBODY, opens=302),
    Row("drop_in", get=EVERYBODY),
    Row("own_begin", get=SIGNED_IN - {Role.DECIDER}, post=SIGNED_IN - {Role.DECIDER}),
    Row("call_for", get=REACHING_TEAM, post=REACHING_TEAM, kwargs=ours),
    Row("call_for", get=STRANGER, post=STRANGER, kwargs=theirs),
    # What came of calling somebody is told about somebody.
    Row("team_people", get=REACHING_TEAM, kwargs=ours),
    Row("team_people", get=STRANGER, kwargs=theirs),
    Row("request_yes", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=lambda w: {"pk": w.wish}),
    Row("request_yes", get=REACHING_TEAM, post=REACHING_TEAM, kwargs=lambda w: {"pk": w.wish_of_team}),
    Row("participant_new", get=PROFESSIONALS, post=PROFESSIONALS),
]


def own(name: str, **fields: Any) -> Row:
    """A page of a participant about themselves; whoever comes by neither code nor account is asked for a code."""
    return Row(name, get=frozenset({Role.PARTICIPANT}), refused=302, asks="own_enter", **fields)


OWN: list[Row] = [
    Row("own_enter", get=EVERYBODY, post=EVERYBODY),
    Row("own_leave", post=EVERYBODY, refused=405, signed_out=405),
    own("own"),
    own("own_details", post=frozenset({Role.PARTICIPANT})),
    own("own_consents", post=frozenset({Role.PARTICIPANT})),
    own("own_log"),
    own("own_access_end", post=frozenset({Role.PARTICIPANT}), kwargs=lambda w: {"pk": w.access.pk}),
    Row("consent_texts", get=COORDINATORS, post=COORDINATORS),
    Row("participant_card", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("participant_card", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("participant_consents", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("participant_consents", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
]

# Whoever decides on benefits does not look, whatever else they are
GLASS = frozenset({Role.COORDINATOR})

PROFESSIONALS_HERE: list[Row] = [
    Row("professionals", get=GLASS),
    Row("professional_stops", get=GLASS, post=GLASS, kwargs=lambda w: {"pk": w.users[Role.PROFESSIONAL].professional.pk}),
    # Without somebody who was left there is nothing to take over
    Row("pick_up", refused=405),
]

RIGHTS: list[Row] = [
    own("own_copy"),
    own("own_copy_pdf"),
    own("own_copy_json"),
    own("own_attendance", post=frozenset({Role.PARTICIPANT})),
    own("own_keep", post=frozenset({Role.PARTICIPANT})),
    own("own_erase", post=frozenset({Role.PARTICIPANT})),
    Row("own_erased", get=EVERYBODY),
    Row("participant_erase", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("participant_erase", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("break_glass", get=GLASS, post=GLASS),
    # Nobody has broken any
    Row("glass_open", kwargs=person),
    Row("glass_open", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
]


def elsewhere(world: World) -> dict[str, Any]:
    """Whom somebody else helps."""
    return {"pk": world.person_elsewhere.pk}


def booking_link(world: World) -> dict[str, Any]:
    with person_context(SystemActor("a test")):
        return {"token": booking_token(world.appointment.participant, timezone.now())}


SEE_LINKS = EVERYBODY - {Role.DECIDER}

BOOKING: list[Row] = [
    # They have an appointment already
    own("book", post=frozenset({Role.PARTICIPANT}), opens=302),
    Row("call_for_book", kwargs=lambda w: {**ours(w), **person(w)}),
    Row("call_for_book", kwargs=lambda w: {**theirs(w), **elsewhere(w)}),
    Row("appointment_new", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("appointment_new", kwargs=elsewhere),
    own("own_appointment", post=frozenset({Role.PARTICIPANT}), kwargs=lambda w: {"pk": w.appointment.pk}),
    Row("own_appointment", refused=302, asks="own_enter", kwargs=lambda w: {"pk": w.appointment_elsewhere.pk}),
    Row("appointment_link", get=SEE_LINKS, post=SEE_LINKS, kwargs=lambda w: {"token": appointment_token(w.appointment)}),
    Row("appointment_link", signed_out=410, refused=410, kwargs={"token": "not-a-token"}),
    # They have an appointment already
    Row("book_by_link", get=SEE_LINKS, post=SEE_LINKS, opens=302, kwargs=booking_link),
    Row("book_by_link", signed_out=410, refused=410, kwargs={"token": "not-a-token"}),
    Row("agenda", get=PROFESSIONALS),
    Row("hours", get=PROFESSIONALS, post=PROFESSIONALS),
    Row("hours_planning", get=PROFESSIONALS, post=PROFESSIONALS),
    Row("hours_place", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=lambda w: {"pk": w.appointment.place_id}),
    Row("talk_places", get=COORDINATORS),
    Row("talk_place_new", get=COORDINATORS, post=COORDINATORS),
    Row("talk_place", get=COORDINATORS, post=COORDINATORS, kwargs=lambda w: {"pk": w.appointment.place_id}),
]

CALENDAR: list[Row] = [
    Row("calendar_feed", kwargs={"token": "nonsense"}, signed_out=404),
    Row("feed_settings", get=PROFESSIONALS, post=PROFESSIONALS),
]


def of_report(world: World) -> dict[str, Any]:
    return {"pk": world.report.pk}


def of_report_elsewhere(world: World) -> dict[str, Any]:
    return {"pk": world.report_elsewhere.pk}


def own_sentence(world: World) -> dict[str, Any]:
    return {"pk": world.report.pk, "version": 1, "place": 1}


TALK: list[Row] = [
    Row("talk", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("talk", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("report", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=of_report),
    Row("report", kwargs=of_report_elsewhere),
    Row("report_sentences", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=of_report),
    Row("report_sentences", kwargs=of_report_elsewhere),
    # It was read whole and approved: it sends on to the report
    Row("report_read", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=of_report, opens=302),
    Row("report_read", kwargs=of_report_elsewhere),
    Row("report_print", get=PROFESSIONALS, kwargs=of_report),
    Row("report_print", kwargs=of_report_elsewhere),
    Row("report_throw_away", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=of_report),
    Row("report_throw_away", kwargs=of_report_elsewhere),
    own("own_report"),
    own("own_report_print", kwargs=of_report),
    Row("own_report_print", refused=302, asks="own_enter", kwargs=of_report_elsewhere),
    own("own_report_away", post=frozenset({Role.PARTICIPANT}), kwargs=own_sentence),
    Row("own_report_away", refused=302, asks="own_enter", kwargs=lambda w: {**own_sentence(w), **of_report_elsewhere(w)}),
    own("own_report_throw_away", post=frozenset({Role.PARTICIPANT}), kwargs=of_report),
    Row("own_report_throw_away", refused=302, asks="own_enter", kwargs=of_report_elsewhere),
]

PLAN: list[Row] = [
    Row("plan", get=PROFESSIONALS, kwargs=person),
    Row("plan", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("plan_print", get=PROFESSIONALS, kwargs=person),
    Row("plan_print", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("plan_goal", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("plan_goal_change", post=PROFESSIONALS, refused=405, kwargs=lambda w: {**person(w), "goal": w.plan.goal.pk}),
    Row("plan_step", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("plan_step", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("plan_step_change", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=lambda w: {**person(w), "step": w.plan.step.pk}),
    Row("plan_step_change", kwargs=lambda w: {"pk": w.person_elsewhere.pk, "step": w.plan.step.pk}),
    Row("plan_follow_up", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("plan_follow_up_change", post=PROFESSIONALS, refused=405, kwargs=lambda w: {**person(w), "moment": w.plan.follow_up.pk}),
    Row("hand_over_new", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=lambda w: {**person(w), "step": w.plan.step.pk}),
    Row("hand_over", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=lambda w: {**person(w), "asked": w.plan.hand_over.pk}),
    own("own_plan"),
    own("own_plan_print"),
    own("own_goal", post=frozenset({Role.PARTICIPANT})),
    Row("own_goal_change", post=frozenset({Role.PARTICIPANT}), refused=302, asks="own_enter", kwargs=lambda w: {"goal": w.plan.goal.pk}),
    own("own_step", post=frozenset({Role.PARTICIPANT})),
    # Without a button there is no such thing.
    Row("own_step_change", refused=302, asks="own_enter", kwargs=lambda w: {"step": w.plan.step.pk}),
    own("own_hand_over", post=frozenset({Role.PARTICIPANT}), kwargs=lambda w: {"asked": w.plan.hand_over.pk}),
    Row("hand_over_answer", signed_out=410, refused=410, kwargs={"token": "not-a-token"}),
    # It was asked of a place of which nobody here is a member.
    Row("hand_over_team", kwargs=lambda w: {"slug": w.plan.hand_over.initiative.slug, "pk": w.plan.hand_over.pk}),
    Row("hand_over_team", kwargs=lambda w: {**ours(w), "pk": w.plan.hand_over.pk}),
]

DAY: list[Row] = [
    Row("day", get=PROFESSIONALS),
    # Without a person it is about nobody.
    Row("call_result", refused=405),
    Row("participants", get=PROFESSIONALS, post=PROFESSIONALS),
    Row("participant", get=PROFESSIONALS, kwargs=person),
    Row("participant", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("participant_change", get=PROFESSIONALS, post=PROFESSIONALS, kwargs=person),
    Row("participant_change", kwargs=lambda w: {"pk": w.person_elsewhere.pk}),
    Row("caseload_hand_over", get=PROFESSIONALS, post=PROFESSIONALS),
]

PARTICIPANTS = [*DOOR, *OWN, *RIGHTS, *BOOKING, *CALENDAR, *TALK, *PLAN, *DAY, *PROFESSIONALS_HERE]


def _invitation(model: type) -> list[Row]:
    """Everybody with the link; the pages to invite, of roles in the whole network, are the coordinators'."""
    name = model._meta.model_name
    accept = Row(f"{name}_accept", get=EVERYBODY, post=EVERYBODY, kwargs={"token": token(model)})
    if model in (MemberInvitation, ContactInvitation):
        return [accept]
    return [
        accept,
        Row(f"{name}_list", get=COORDINATORS, post=COORDINATORS),
        Row(f"{name}_resend", post=COORDINATORS, refused=405, kwargs=lambda w: {"pk": w.invitations[model].pk}),
        Row(f"{name}_revoke", post=COORDINATORS, refused=405, kwargs=lambda w: {"pk": w.invitations[model].pk}),
    ]


MATRIX = [
    *PUBLIC,
    *AREAS,
    *ACCOUNTS,
    *INITIATIVES,
    *CONTACTS,
    *PARTICIPANTS,
    *(row for model in INVITATIONS for row in _invitation(model)),
]

# allauth's own pages, as a group: those that a signed-out person may open; all others ask to sign in first.
ALLAUTH_PUBLIC = {
    "account_login",
    "account_signup",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_signup_by_passkey",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "mfa_trust",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
}
