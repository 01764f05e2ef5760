"""Keeping an entry true without changing it: on its page, and by the links in the mail that asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from initiatives.actions import confirm, has_owner, stop
from initiatives.forms.confirm import StopForm
from initiatives.models import Initiative, Status
from initiatives.notifications import ASK_LINK, CHANGED, RIGHT, STOPPED, asked_about, still_reads
from initiatives.permissions import can_edit

# In the session of whoever came by the link of an entry without an owner: [key, revision]
ASKED = "initiative_asked"


@require_POST
def confirm_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    """ "Everything is still right": its team, or a moderator whom the team told so."""
    found = get_object_or_404(Initiative.objects.visible_to(request.user), slug=slug)
    if not can_edit(request.user, found):
        raise Http404
    try:
        confirm(initiative=found, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Thank you. Visitors see that you checked it today."))
    return redirect(found)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """A link from the mail that asks. Opening it changes nothing; the one button of its page does."""
    if answer not in (RIGHT, CHANGED, STOPPED):
        raise Http404
    try:
        found, answered = _asked(token)
        form = StopForm(request.POST if request.method == "POST" else None)
        if answered:
            return render(request, "initiatives/confirm/answered.html", {"initiative": found})
        if request.method == "POST" and form.is_valid():
            return _answer(request, found, answer, form)
    except DomainError as error:
        return render(request, "initiatives/link_over.html", {"message": error.message}, status=410)
    context = {"initiative": found, "answer": answer, "form": form, "has_owner": has_owner(found)}
    return render(request, "initiatives/confirm/answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, initiative: Initiative, answer: str, form: StopForm) -> HttpResponse:
    """Do what the link says, then show the same address: it tells that it is done, also after a double click."""
    if answer == CHANGED:
        if not has_owner(initiative):
            request.session[ASKED] = [initiative.pk, initiative.revision]
        return redirect("initiative_edit", initiative.slug)
    if answer == RIGHT:
        confirm(initiative=initiative, at=timezone.now())
    else:
        actor = request.user if isinstance(request.user, User) else None
        reason = form.cleaned_data["reason"]
        stop(initiative=initiative, actor=actor, reason=reason, revision=initiative.revision, at=timezone.now())
    return redirect(request.path)


def _asked(token: str) -> tuple[Initiative, bool]:
    """The entry that was asked about, and whether that was answered since. Raises DomainError when it is about another revision."""
    claim = read_link_token(ASK_LINK, token, timezone.now())
    found = Initiative.objects.with_area().filter(pk=claim.object_id).exclude(status=Status.DRAFT).first()
    about, _slash, reader = claim.revision.partition("/")
    if found is None or not still_reads(found, reader):
        raise LinkExpired(_("This link has been used, or something has changed since we sent it."))
    asked, now = about.partition("-")[0], str(found.revision)
    if found.status == Status.PUBLISHED and asked == now:
        return found, about != asked_about(found)
    if found.status == Status.ARCHIVED and asked == str(found.revision - 1):
        return found, True
    raise LinkExpired(_("This link has been used, or something has changed since we sent it."))


def came_by_asking(request: HttpRequest, initiative: Initiative) -> bool:
    """May change a published entry that has no owner, until its next revision: they hold the link that went to its address."""
    live = initiative.status == Status.PUBLISHED
    return live and request.session.get(ASKED) == [initiative.pk, initiative.revision] and not has_owner(initiative)
