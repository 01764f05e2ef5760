from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions import change_role, hand_over, invite_member, remove_member, withdraw_invitation
from initiatives.forms import InviteForm
from initiatives.models import Initiative, InitiativeMember
from initiatives.permissions import can_manage_team

Role = InitiativeMember.Role


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the team; members invite."""
    initiative = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    may_manage = can_manage_team(request.user, initiative)
    form = InviteForm(request.POST or None, may_make_owner=may_manage)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        try:
            invite_member(initiative=initiative, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
            return redirect("initiative_team", slug)
    context = {
        "initiative": initiative,
        "form": form,
        "may_manage": may_manage,
        "members": initiative.members.select_related("user").order_by("since", "pk"),
        "owners": initiative.members.filter(role=Role.OWNER).count(),
        "invited": initiative.invitations.open_at(timezone.now()).order_by("created_at"),
    }
    return render(request, "initiatives/team.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another role, or out of the team; GET asks about the latter."""
    initiative = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    member = get_object_or_404(initiative.members.select_related("user"), pk=pk)
    if request.method != "POST":
        return render(request, "initiatives/team_leave.html", {"initiative": initiative, "member": member})
    assert isinstance(request.user, User)  # noqa: S101 - the middleware lets nobody else through
    left = member.user_id == request.user.pk
    try:
        if (role := request.POST.get("role")) in Role.values:
            change_role(member=member, actor=request.user, role=Role(role))
        else:
            remove_member(member=member, actor=request.user, at=timezone.now())
            if left:
                return redirect("overview")
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("initiative_team", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def team_hand_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An owner makes somebody else owner in their place; GET asks."""
    initiative = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    member = get_object_or_404(initiative.members.select_related("user"), pk=pk)
    if not can_manage_team(request.user, initiative) or not isinstance(request.user, User) or member.user_id == request.user.pk:
        raise Http404
    if request.method != "POST":
        return render(request, "initiatives/team_hand_over.html", {"initiative": initiative, "member": member})
    try:
        hand_over(member=member, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("%(who)s is now the owner, and gets an e-mail about it.") % {"who": member.user.name})
    return redirect("initiative_team", slug)


@require_POST
def team_withdraw(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take an invitation back before it is accepted."""
    initiative = get_object_or_404(Initiative.objects.of_member(request.user), slug=slug)
    invitation = get_object_or_404(initiative.invitations.select_related("initiative"), pk=pk)
    assert isinstance(request.user, User)  # noqa: S101 - the middleware lets nobody else through
    try:
        withdraw_invitation(invitation=invitation, actor=request.user, at=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The invitation no longer works."))
    return redirect("initiative_team", slug)
