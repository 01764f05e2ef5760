"""While registering: who does something like it already, and what if that is us. Then: two initiatives that may meet."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fieldlab.lib.errors import DomainError
from fieldlab.lib.limits import too_often
from initiatives.actions.introductions import (
    answer_by_link,
    answer_introduction,
    ask_introduction,
    introduction_by_link,
    introductions_of,
    may_meet,
)
from initiatives.actions.joining import ask_to_join, let_in, turn_down
from initiatives.actions.twins import answer_twins, not_the_same, same_as, similar_to
from initiatives.forms.twins import JoinForm, LetInForm, MeetForm, TwinsForm
from initiatives.models import Initiative, InitiativeMember, Introduction, JoinRequest, Status
from initiatives.notifications.twins import contact_facts, introduction_facts
from initiatives.permissions import can_answer_join, can_manage_team, in_team
from initiatives.views import register

if TYPE_CHECKING:
    from fieldlab.accounts.requests import SignedInRequest

JOINS_AN_HOUR, LOOKS_AN_HOUR = 5, 120
NEXT_STEP = "bereiken"


# --- While registering


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_twins(request: HttpRequest) -> HttpResponse:
    """Entries that look like the draft of this session, with three answers each."""
    draft = _draft(request)
    if draft is None or not draft.name:
        return redirect("register")
    came_from = request.GET.get("na", "")
    came_from = came_from if came_from in register.EVIDENCE else register.EVIDENCE[0]
    onward = register.after(came_from)
    if not request.user.is_authenticated and too_often(request, "registration-twins", most=LOOKS_AN_HOUR, seconds=3600):
        # Each looks through all entries. Who goes on without is not asked.
        return redirect(onward)
    twins = similar_to(draft)
    form = TwinsForm(_sent(request), twins=twins)
    if request.method == "POST" and form.is_valid():
        try:
            answer_twins(draft=draft, answers=form.answers(), words=form.words(), at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            if "later" in request.POST:
                return redirect("register_later")
            return redirect("register_same") if same_as(draft) else redirect(onward)
    waiting = any(twin.hidden for twin in twins)
    context = {"draft": draft, "form": form, "twins": twins, "waiting": waiting, "came_from": came_from}
    return render(request, "initiatives/twins/register.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_same(request: HttpRequest) -> HttpResponse:
    """ "That is us": ask to join that team, or go on after all. The draft stays until they choose."""
    draft = _draft(request)
    same = same_as(draft) if draft else None
    if draft is None or same is None:
        return redirect("register_step", NEXT_STEP) if draft else redirect("register")
    if "different" in request.POST:
        not_the_same(draft=draft, at=timezone.now())
        return redirect("register_step", NEXT_STEP)
    known = {"name": draft.contact_name, "email": draft.email}
    if request.user.is_authenticated and not draft.by_phone:
        known = {"name": request.user.name, "email": request.user.email}
    form = JoinForm(_sent(request), initial=known)
    asked = None
    if request.method == "POST" and form.is_valid():
        if not request.user.is_authenticated and too_often(request, "registration-joins", most=JOINS_AN_HOUR, seconds=3600):
            form.add_error(None, register.TOO_MANY)
        else:
            try:
                asked = ask_to_join(
                    draft=draft,
                    actor=register.actor_of(request),
                    language=translation.get_language() or "nl",
                    at=timezone.now(),
                    **form.cleaned_data,
                )
            except DomainError as error:
                form.add_error(None, error.message)
    context = {"draft": draft, "same": same, "form": form, "asked": asked, "member": in_team(request.user, same)}
    return render(request, "initiatives/twins/same.html", context, status=422 if form.errors else 200)


def _draft(request: HttpRequest) -> Initiative | None:
    """Of this session; or the one whose key was sent along, when the session ended while they were choosing."""
    if draft := register.current_draft(request):
        return draft
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    draft = Initiative.objects.with_area().filter(draft_key=key, status=Status.DRAFT).first()
    if draft is None or draft.registered_by_id not in (None, request.user.pk):
        return None
    request.session[register.KEY] = str(key)
    return draft


# --- Joining a team


@require_http_methods(["GET", "HEAD", "POST"])
def join_request(request: "SignedInRequest", slug: str, pk: int) -> HttpResponse:
    """Somebody wants to join the team: let in, or not now."""
    rows = JoinRequest.objects.select_related("initiative__area__parent__parent", "answered_by")
    join = get_object_or_404(rows, pk=pk, initiative__slug=slug)
    if not can_answer_join(request.user, join.initiative):
        raise Http404
    by_owner, no = can_manage_team(request.user, join.initiative), "no" in request.POST
    form = LetInForm(request.POST if request.method == "POST" and not no else None)
    if not by_owner:
        form.fields["role"].disabled, form.initial["role"] = True, InitiativeMember.Role.OWNER
    if request.method == "POST" and (no or form.is_valid()):
        try:
            if no:
                turn_down(join=join, actor=request.user, at=timezone.now())
            else:
                let_in(join=join, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, _("They get an e-mail with your answer."))
        return redirect("join_request", slug, pk)
    context = {"join": join, "initiative": join.initiative, "form": form, "by_owner": by_owner}
    return render(request, "initiatives/twins/join.html", context, status=422 if form.errors else 200)


# --- Introductions


@require_http_methods(["GET", "HEAD", "POST"])
def introductions(request: "SignedInRequest", slug: str) -> HttpResponse:
    """Whom the team meets, who asked, and whom it could meet."""
    initiative = _own(request, slug)
    form = MeetForm(_sent(request), twins=may_meet(initiative) if initiative.status == Status.PUBLISHED else [])
    if request.method == "POST" and form.is_valid():
        chosen = form.twins[form.cleaned_data["other"]].initiative
        message = form.cleaned_data["message"]
        try:
            ask_introduction(initiative=initiative, other=chosen, actor=request.user, message=message, at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("We have asked %(name)s. You get an e-mail with their answer.") % {"name": chosen.name})
            return redirect("initiative_introductions", slug)
    all_of_them = introductions_of(initiative)
    context: dict[str, Any] = {
        "initiative": initiative,
        "form": form,
        "asked_us": [(row, introduction_facts(row.asker)) for row in all_of_them if row.is_open and row.other_id == initiative.pk],
        "we_asked": [row for row in all_of_them if not row.agreed and row.asker_id == initiative.pk],
        "met": [(row, contact_facts(row.with_whom(initiative)), row.with_whom(initiative)) for row in all_of_them if row.agreed],
        "joins": initiative.join_requests.filter(answered_at=None) if can_manage_team(request.user, initiative) else [],
    }
    return render(request, "initiatives/twins/introductions.html", context, status=422 if form.errors else 200)


@require_POST
def introduction_answer(request: "SignedInRequest", slug: str, pk: int) -> HttpResponse:
    """Yes or no to whoever asked, by somebody of the team."""
    initiative = _own(request, slug)
    introduction = get_object_or_404(Introduction.objects.filter(told_at__isnull=False), pk=pk, other=initiative)
    if not request.POST.keys() & {"yes", "no"}:
        return redirect("initiative_introductions", slug)
    try:
        answer_introduction(introduction=introduction, actor=request.user, agreed="yes" in request.POST, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Thank you. They get an e-mail with your answer."))
    return redirect("initiative_introductions", slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Opening it shows what the mail says; the buttons answer."""
    try:
        found, reader = introduction_by_link(token=token, at=timezone.now())
        context = {"introduction": found, "facts": introduction_facts(found.asker), "stands_in": reader.stands_in}
        if request.method == "POST" and request.POST.keys() & {"yes", "no"}:
            context["answered"] = answer_by_link(token=token, agreed="yes" in request.POST, at=timezone.now())
    except DomainError as error:
        return render(request, "initiatives/link_over.html", {"message": error.message}, status=410)
    return render(request, "initiatives/twins/introduction.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """Also when nothing was chosen: that is an answer too."""
    return request.POST if request.method == "POST" else None


def _own(request: "SignedInRequest", slug: str) -> Initiative:
    return get_object_or_404(Initiative.objects.with_area().of_member(request.user).exclude(status=Status.ARCHIVED), slug=slug)
