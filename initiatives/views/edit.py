"""The edit page of an initiative."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from fieldlab.lib.phones import display
from initiatives.actions import StaleEdit, edit, submit
from initiatives.forms import EditForm
from initiatives.models import Access, Activity, Initiative, Kind, Status
from initiatives.notifications import CHANGE_LINK
from initiatives.permissions import can_edit

CHANGING = "initiative_change"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """For members; for whoever came by the link in the mail until the entry is handed in again."""
    found = Initiative.objects.with_area().filter(slug=slug).first()
    if found is None or not (can_edit(request.user, found) or _came_by_link(request, found)):
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return _edit_page(request, found, EditForm(initiative=found, initial=_initial(found)))
    form = EditForm(request.POST, initiative=found)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    try:
        saved = edit(initiative=found, changes=form.changes(), revision=form.cleaned_data["revision"], at=timezone.now())
    except StaleEdit as stale:
        return _stale_page(request, stale, form)
    except DomainError as error:
        form.add_error(None, error.message)
        return _edit_page(request, found, form, status=422)
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
    decision = initiative.decisions.select_related("decided_by").first()
    asked = decision if initiative.status == Status.CHANGES_REQUESTED else None
    context = {"initiative": initiative, "form": form, "asked": asked, "map_centre": initiative.shown_point, **more}
    return render(request, "initiatives/edit.html", context, status=status)


def _stale_page(request: HttpRequest, stale: StaleEdit, form: EditForm) -> HttpResponse:
    """Both versions, side by side: what was typed stays in the form, what the other saved stands beside it."""
    current = Initiative.objects.with_area().get(pk=stale.current.pk)
    again = EditForm({**request.POST.dict(), "revision": current.revision}, initiative=current)
    again.add_error(None, stale.message)
    both = []
    for name, saved in EditForm.initial_of(current).items():
        theirs, mine = _shown(form, name, saved), _shown(form, name, form.cleaned_data.get(name))
        if name not in ("lon", "lat") and theirs != mine:
            both.append({"label": form.fields[name].label, "theirs": theirs, "mine": mine})
    return _edit_page(request, current, again, both=both, status=409)


def _shown(form: EditForm, name: str, value: Any) -> str:
    """A value of a field as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "neighbourhood":
        return str(value if isinstance(value, Area) else Area.objects.filter(pk=value).first() or "")
    if name == "phone":
        return display(value or "")
    words = {**dict(Kind.choices), **dict(Activity.choices), **dict(Access.choices)} if name in ("kind", "activity", "access") else {}
    return str(words.get(value, value or ""))


def _initial(initiative: Initiative) -> dict[str, Any]:
    return {**EditForm.initial_of(initiative), "revision": initiative.revision}


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


def _came_by_link(request: HttpRequest, initiative: Initiative) -> bool:
    if initiative.status != Status.CHANGES_REQUESTED:
        return False
    last = initiative.decisions.first()
    return last is not None and request.session.get(CHANGING) == [initiative.pk, last.pk]
