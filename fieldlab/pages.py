"""Pages that no app owns: home, my overview, who we are, what every page shows, and what people see when something breaks."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from challenge.permissions import can_invite_jury_members, is_jury_member
from fieldlab.accounts.actions import change_profile
from fieldlab.accounts.models import User
from fieldlab.accounts.permissions import can_invite_coordinators, can_list_people
from fieldlab.audit.context import UserActor, person_context
from fieldlab.figures.permissions import can_invite_researchers, is_researcher
from fieldlab.lib.languages import also_as_help, is_also_as_help
from fieldlab.lib.look.scenes import SCENES
from fieldlab.lib.look.street import FACADES
from fieldlab.lib.templatetags.look import VARIANTS, drawing_version, drawn_cover
from initiatives.models import AreaContact, Initiative, Introduction
from initiatives.permissions import can_manage_contacts, can_register_by_phone, can_see_queue
from participants.actions.calls import waiting_at_teams
from participants.actions.to_call import day_in_figures
from participants.permissions import (
    can_break_glass,
    can_check_texts,
    can_end_professionals,
    can_invite_professionals,
    can_keep_talk_places,
    is_participant,
    is_professional,
)
from workshops.permissions import can_invite_facilitators, is_facilitator

NEWEST = 4
LONGEST_WAITING = 5
A_YEAR = 365 * 24 * 3600
PLURALS = {
    "community_centre": _("Community centres"),
    "residents_group": _("Residents’ groups"),
    "social_enterprise": _("Social enterprises"),
    "cooperative": _("Co-operatives"),
    "self_managed": _("Self-managed places"),
    "informal_group": _("Informal groups"),
}
INVITATIONS = [
    (can_invite_professionals, "professionalinvitation_list", _("Participation professionals")),
    (can_invite_facilitators, "facilitatorinvitation_list", _("Workshop facilitators")),
    (can_invite_jury_members, "juryinvitation_list", _("Jury members")),
    (can_invite_researchers, "researcherinvitation_list", _("Knowledge institutes")),
    (can_invite_coordinators, "coordinatorinvitation_list", _("Coordinators")),
]
ROLES = [
    (is_professional, _("participation professional")),
    (is_facilitator, _("workshop facilitator")),
    (is_jury_member, _("jury member")),
    (is_researcher, _("researcher")),
]


def site(request: HttpRequest | None = None) -> dict[str, Any]:
    """Context for every template: the network's name, how to reach it, and the languages one can switch to."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "HELP_PHONE": settings.HELP_PHONE,
        "HELP_HOURS": settings.HELP_HOURS,
        "DEMO": settings.DEMO,
        "OTHER_LANGUAGES": [(code, name) for code, name in _languages_here(request) if code != get_language()],
        "AS_HELP": get_language() in dict(settings.HELP_LANGUAGES),
    }


def _languages_here(request: HttpRequest | None) -> list[tuple[str, str]]:
    match = request and request.resolver_match
    return [*settings.LANGUAGES, *(settings.HELP_LANGUAGES if match and is_also_as_help(match.func) else [])]


@also_as_help
@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    published = Initiative.objects.published()
    counts = dict(published.order_by().values_list("kind").annotate(Count("pk")))
    context = {
        "total": sum(counts.values()),
        "street": [(kind, PLURALS[kind], counts.get(kind, 0)) for kind in FACADES],
        "newest": published.with_area().order_by("-published_at", "-pk")[:NEWEST],
        "now": timezone.now(),
    }
    return render(request, "pages/home.html", context)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What this person can do here, from every app."""
    user = cast("User", request.user)
    waiting = Initiative.objects.moderated_by(user).awaiting_moderation().with_area()
    initiatives = list(Initiative.objects.of_member(user).exclude(status="draft").with_area())
    context = {
        **_people_waiting(user, initiatives),
        "initiatives": initiatives,
        "drafts": Initiative.objects.filter(registered_by=user, status="draft").order_by("-updated_at", "pk"),
        "can_see_queue": can_see_queue(user),
        "waiting": waiting.count(),
        "longest_waiting": waiting[:LONGEST_WAITING],
        "districts": [spanner.district for spanner in user.boundary_spanner_of.select_related("district")],
        "can_register_by_phone": can_register_by_phone(user),
        "can_list_people": can_list_people(user),
        "invitations": [(name, label) for may, name, label in INVITATIONS if may(user)],
        "can_manage_contacts": can_manage_contacts(user),
        "can_end_professionals": can_end_professionals(user),
        "can_keep_talk_places": can_keep_talk_places(user),
        "can_break_glass": can_break_glass(user),
        "can_check_texts": can_check_texts(user),
        "has_contact_entry": AreaContact.objects.filter(user=user).exists(),
        "unanswered": Introduction.objects.unanswered_by(user).select_related("asker", "other"),
        "is_professional": is_professional(user),
        "is_participant": is_participant(user),
        "roles": [label for holds, label in ROLES if holds(user)],
    }
    return render(request, "pages/overview.html", context)


def _people_waiting(user: User, initiatives: list[Initiative]) -> dict[str, Any]:
    """How many people wait for a professional or for a team: figures only, their pages show who."""
    at, found = timezone.now(), dict[str, Any]()
    if initiatives:
        with person_context(UserActor(user, "team"), reason="how many wait for the team"):
            waiting = waiting_at_teams(user, at)
        found["to_call_by_team"] = [(each, waiting[each.pk]) for each in initiatives if each.pk in waiting]
    if is_professional(user):
        with person_context(UserActor(user, "professional"), reason="the day in figures"):
            found["to_call"], found["talks_today"] = day_in_figures(user, at)
    return found


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"map_from_outside": bool(settings.MAP_TILE_URL)})


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
@login_not_required
def complaints(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/complaints.html")


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116)."""
    lines = {
        "Contact": settings.SITE_URL + reverse("complaints"),
        "Expires": (timezone.now() + timedelta(days=90)).replace(microsecond=0).isoformat(),
        "Preferred-Languages": "nl, en",
        "Canonical": settings.SITE_URL + reverse("security_txt"),
    }
    return HttpResponse("".join(f"{name}: {value}\n" for name, value in lines.items()), content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Pages with a question in the address are the map's, without end; what needs an account shows nothing."""
    shut = ["/kaart/?", "/kaart/blad.pdf", "/mijn/", "/mijn-gegevens/"]
    shut += ["/account/", "/taal/", "/uitnodiging/", "/initiatieven/nieuw/", "/adres/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in shut), "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_POST
@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and with the account if there is one; then back to where the person was."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if language not in dict([*settings.LANGUAGES, *settings.HELP_LANGUAGES]):
        return response
    if language in dict(settings.LANGUAGES) and request.user.is_authenticated and request.user.language != language:
        change_profile(actor=request.user, name=request.user.name, language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@require_safe
@login_not_required
def cover(request: HttpRequest, version: str, kind: str, activity: str, variant: int) -> HttpResponse:
    """A cut-paper cover; its address changes when the drawing does, so it may be kept for ever."""
    if kind not in FACADES or activity not in SCENES or variant >= VARIANTS:
        raise Http404
    response = HttpResponse(drawn_cover(kind, activity, variant), content_type="image/svg+xml")
    kept = f"max-age={A_YEAR}, immutable" if version == drawing_version() else "max-age=3600"
    response["Cache-Control"] = f"public, {kept}"
    return response


# These two must not need a database, a session or a sound request.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html", site()))


def server_error(request: HttpRequest) -> HttpResponse:
    with override(get_language() or settings.LANGUAGE_CODE):
        return HttpResponseServerError(render_to_string("500.html", site()))
