"""The edit page of an initiative, what is kept of it while somebody types, and whether there is room now."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from initiatives.actions import (
    MINE,
    THEIRS,
    Choice,
    StaleEdit,
    as_it_was,
    choices,
    discard_typed,
    edit,
    keep_typed,
    keepable,
    say_room,
    submit,
    without,
)
from initiatives.forms import EditForm
from initiatives.models import EditDraft, Initiative, InitiativeMember, Status
from initiatives.notifications import CHANGE_LINK
from initiatives.permissions import can_edit, in_team
from initiatives.views.confirm import came_by_asking

CHANGING, SAVED, WAITING = "initiative_change", "initiative_saved", "initiative_waiting"
# Sent along with the form, and not part of what was typed
NOT_TYPED = {"csrfmiddlewaretoken", "submit", "more", "back", "base"}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """For members; for whoever came by the link in the mail until the entry is handed in again."""
    found = Initiative.objects.with_area().filter(slug=slug).first()
    if found is None or not (can_edit(request.user, found) or came_by_link(request, found) or came_by_asking(request, found)):
        if request.user.is_authenticated:
            raise Http404
        return _signed_out(request, slug)
    if request.method != "POST":
        return _open(request, found)
    if "more" in request.POST:
        _keep(request, found)
        return _edit_page(request, found, EditForm.unjudged(found, request.POST))
    return _save(request, found)


def _open(request: HttpRequest, found: Initiative) -> HttpResponse:
    """As it stands; or where one was when one stopped typing, on this device or another."""
    _take_up(request, found)
    draft = _draft(request, found)
    if draft and draft.revision == found.revision:
        return _edit_page(request, found, EditForm.unjudged(found, _sent(draft)), draft=draft)
    return _edit_page(request, found, EditForm.of(found), draft=draft, overtaken=draft and draft.typed)


def _save(request: HttpRequest, found: Initiative) -> HttpResponse:
    base = _number(request.POST.get("base")) or _number(request.POST.get("revision")) or found.revision
    form = EditForm.of(as_it_was(found, base), request.POST)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    revision, changes = form.cleaned_data["revision"], form.changes()
    if "base" in request.POST:
        asked = choices(found, changes, base)
        if "back" in request.POST:
            return _edit_page(request, found, EditForm.unjudged(found, _with(request.POST, revision=found.revision)), both=asked)
        chosen = {choice.key: request.POST.get(f"choose-{choice.key}", "") for choice in asked}
        if revision == found.revision and not set(chosen.values()) <= {THEIRS, MINE}:
            return _choose_page(request, found, base, asked, chosen, status=422)
        changes = without(changes, [key for key, which in chosen.items() if which == THEIRS])
    actor = request.user if isinstance(request.user, User) else None
    try:
        saved = edit(initiative=found, changes=changes, revision=revision, actor=actor, at=timezone.now())
    except StaleEdit as stale:
        current = Initiative.objects.with_area().get(pk=stale.current.pk)
        asked = choices(current, form.changes(), base)
        if not asked:  # sent twice, or both wrote the same
            if actor:
                discard_typed(initiative=current, actor=actor)
            return _after_edit(request, current)
        return _choose_page(request, current, base, asked, {choice.key: choice.likely for choice in asked})
    except DomainError as error:
        form.add_error(None, error.message)
        return _edit_page(request, found, form, status=422)
    request.session[SAVED] = [saved.pk, revision]
    return _after_edit(request, saved)


def _after_edit(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    if initiative.status == Status.CHANGES_REQUESTED and "submit" in request.POST:
        actor = request.user if isinstance(request.user, User) else None
        submit(initiative=initiative, actor=actor, language=translation.get_language() or "nl", at=timezone.now())
        request.session.pop(CHANGING, None)
        request.session["registered"] = initiative.pk
        return redirect("register_done")
    messages.success(request, _("Saved."))
    return redirect("initiative_edit", initiative.slug) if initiative.status == Status.CHANGES_REQUESTED else redirect(initiative)


def _edit_page(request: HttpRequest, initiative: Initiative, form: EditForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    decision, now = initiative.decisions.select_related("decided_by").first(), timezone.now()
    context = {
        "initiative": initiative,
        "form": form,
        "asked": decision if initiative.status == Status.CHANGES_REQUESTED else None,
        "map_centre": initiative.shown_point,
        "now": now,
        "room": initiative.room_now(now),
        "in_team": in_team(request.user, initiative),
        "may_keep": request.user.is_authenticated,
        **more,
    }
    return render(request, "initiatives/edit.html", context, status=status)


def _choose_page(
    request: HttpRequest, current: Initiative, base: int, asked: Sequence[Choice], chosen: dict[str, str], status: int = 409
) -> HttpResponse:
    """Both versions question by question; what was typed goes along, and is saved on top of what stands now."""
    again = _with(request.POST, revision=current.revision)
    context = {
        "initiative": current,
        "form": EditForm.unjudged(current, again),
        "both": [(choice, chosen[choice.key]) for choice in asked],
        "missing": [choice for choice in asked if chosen[choice.key] not in (THEIRS, MINE)] if status == 422 else [],
        "base": base,
        "typed": _typed(again),
        "send_again": "submit" in request.POST,
    }
    return render(request, "initiatives/edit_choose.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def keep_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """What was typed so far, kept for oneself: sent by the page after each pause, or by its button."""
    if not request.user.is_authenticated:
        return _signed_out(request, slug)
    found = _editable(request, slug)
    kept, words = _keep(request, found)
    if request.headers.get("HX-Request"):
        return render(request, "initiatives/_kept.html", {"kept": kept, "words": words})
    (messages.success if kept else messages.error)(request, words)
    return redirect("initiative_edit", slug)


@never_cache
@require_POST
def discard_kept(request: HttpRequest, slug: str) -> HttpResponse:
    found = _editable(request, slug)
    discard_typed(initiative=found, actor=_user(request))
    messages.info(request, _("What you typed is gone. The page is as it was."))
    return redirect("initiative_edit", slug)


def _keep(request: HttpRequest, found: Initiative) -> tuple[bool, str]:
    """Whether what was typed is kept now, and that in words. Whoever came by a link has nowhere to keep it."""
    revision, at = _number(request.POST.get("revision")) or found.revision, timezone.now()
    if not request.user.is_authenticated:
        return False, ""
    if request.session.get(SAVED) == [found.pk, revision]:
        # It was on its way while the page itself was saved
        return True, _("This page is saved.")
    try:
        keep_typed(initiative=found, actor=_user(request), typed=_typed(request.POST), revision=revision, at=at)
    except DomainError as error:
        return False, error.message
    return True, _("Kept at %(time)s. Visitors do not see it yet.") % {"time": timezone.localtime(at).strftime("%H.%M")}


def _signed_out(request: HttpRequest, slug: str) -> HttpResponse:
    """To sign in. Where somebody was typing, what was sent waits in the session, which the next sign-in takes along."""
    words = _("You were signed out.")
    with suppress(DomainError):
        if request.method == "POST":
            request.session[WAITING] = [slug, keepable(_typed(request.POST)), _number(request.POST.get("revision")) or 1]
            words = _("You were signed out. What you typed is kept: sign in and go on.")
    if request.headers.get("HX-Request"):
        return render(request, "initiatives/_kept.html", {"kept": False, "words": words})
    if request.method == "POST":
        messages.info(request, words)
    return redirect_to_login(reverse("initiative_edit", args=[slug]))


def _take_up(request: HttpRequest, found: Initiative) -> None:
    slug, typed, revision = request.session.get(WAITING, ("", {}, 0))
    if slug == found.slug and can_edit(request.user, found):
        keep_typed(initiative=found, actor=_user(request), typed=typed, revision=revision, at=timezone.now())
        del request.session[WAITING]


@require_POST
def initiative_room(request: HttpRequest, slug: str) -> HttpResponse:
    """Room now, in one tap."""
    found = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    try:
        say_room(initiative=found, actor=_user(request), room=request.POST.get("room", ""), at=timezone.now())
        messages.success(request, _("Thank you. Visitors see it, with the date of today."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("initiative_edit" if request.POST.get("back") == "edit" else "initiative", slug)


def _editable(request: HttpRequest, slug: str) -> Initiative:
    found = get_object_or_404(Initiative, slug=slug)
    if not can_edit(request.user, found):
        raise Http404
    return found


def _user(request: HttpRequest) -> User:
    """Who is signed in, on a page that is only for them."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _draft(request: HttpRequest, initiative: Initiative) -> EditDraft | None:
    return EditDraft.objects.filter(initiative=initiative, user=request.user).first() if isinstance(request.user, User) else None


def _typed(sent: QueryDict) -> dict[str, list[str]]:
    """The form's own fields as they were sent."""
    return {name: texts for name, texts in sent.lists() if name not in NOT_TYPED and not name.startswith("choose-")}


def _sent(draft: EditDraft) -> QueryDict:
    """What is kept, as if it had just been sent."""
    sent = QueryDict(mutable=True)
    for name, texts in draft.typed.items():
        sent.setlist(name, texts)
    return sent


def _with(sent: QueryDict, *, revision: int) -> QueryDict:
    again = sent.copy()
    again["revision"] = str(revision)
    return again


def _number(text: str | None) -> int | None:
    """A revision as it was sent; None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail that asks for changes. Opening it shows that mail's words; the button opens the edit page."""
    try:
        claim = read_link_token(CHANGE_LINK, token, timezone.now())
        found = Initiative.objects.with_area().filter(pk=claim.object_id, status=Status.CHANGES_REQUESTED).first()
        decision = found and found.decisions.select_related("decided_by").first()
        if found is None or decision is None:
            raise LinkExpired(_("This link has been used, or something has changed since we sent it."))
        claim.check_revision(decision.pk)
    except DomainError as error:
        return render(request, "initiatives/link_over.html", {"message": error.message}, status=410)
    if request.method == "POST":
        request.session[CHANGING] = [found.pk, decision.pk]
        return redirect("initiative_edit", found.slug)
    return render(request, "initiatives/change.html", {"initiative": found, "decision": decision})


def came_by_link(request: HttpRequest, initiative: Initiative) -> bool:
    if initiative.status != Status.CHANGES_REQUESTED or initiative.members.filter(role=InitiativeMember.Role.OWNER).exists():
        return False
    last = initiative.decisions.first()
    return last is not None and request.session.get(CHANGING) == [initiative.pk, last.pk]
