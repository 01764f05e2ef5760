from collections.abc import Callable
from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fieldlab.accounts.invitations import actions
from fieldlab.accounts.invitations.forms import InvitationForm, NewAccountForm
from fieldlab.accounts.models import Invitation, User
from fieldlab.accounts.requests import SignedInRequest
from fieldlab.lib.errors import DomainError

CanInvite = Callable[[User], bool]


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str, model: type[Invitation]) -> HttpResponse:
    """The link in the mail. Opening it only shows the invitation, as mail scanners open links too; the button accepts."""
    at = timezone.now()
    invitation = actions.find(model, token)
    if invitation is None or not invitation.is_open(at):
        return render(request, "accounts/invitation_closed.html", {"invitation": invitation}, status=410 if invitation else 404)
    owner = actions.account_for(invitation)
    form = None
    try:
        if owner is None:
            # A yes of whoever invited stands there already; a no is asked again, as nobody knows better than they do.
            known = {"name": invitation.name, "decides_on_benefits": invitation.decides_on_benefits or None}
            form = NewAccountForm(request.POST or None, email=invitation.email, initial=known)
            if form.is_valid() and request.user.is_anonymous:
                user = actions.accept_as_new(model, token, at=at, **form.cleaned_data)
                response: HttpResponse = perform_login(request, user, email_verification="none")
                return response
        elif request.method == "POST" and isinstance(request.user, User):
            actions.accept(model, token, actor=request.user, at=at)
            messages.success(request, _("Welcome! You are now %(role)s.") % {"role": invitation.role})
            return redirect("overview")
    except DomainError as error:
        messages.error(request, error.message)
    context = {"invitation": invitation, "form": form, "has_account": owner is not None, "is_mine": owner == request.user}
    return render(request, "accounts/invitation.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: SignedInRequest, form_class: type[InvitationForm], can_invite: CanInvite) -> HttpResponse:
    """Invite to one role, and see who was invited and has not answered yet."""
    model = _allowed_model(request, form_class, can_invite)
    form = form_class(request.POST or None, initial={"language": "nl"})
    if form.is_valid():
        try:
            invitation = actions.invite(form.save(commit=False), actor=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
            return redirect(request.path)
    pending = model._default_manager.pending().select_related("invited_by")
    context = {
        "form": form,
        "role": model.role,
        "pending": pending,
        "now": timezone.now(),
        "resend_url": f"{model._meta.model_name}_resend",
        "revoke_url": f"{model._meta.model_name}_revoke",
    }
    return render(request, "accounts/invitations.html", context, status=422 if form.is_bound else 200)


@require_POST
def resend(request: SignedInRequest, pk: UUID, form_class: type[InvitationForm], can_invite: CanInvite) -> HttpResponse:
    invitation = get_object_or_404(_allowed_model(request, form_class, can_invite), pk=pk)
    return _then_list(request, invitation, actions.resend, _("The invitation was sent again. The first link no longer works."))


@require_POST
def revoke(request: SignedInRequest, pk: UUID, form_class: type[InvitationForm], can_invite: CanInvite) -> HttpResponse:
    invitation = get_object_or_404(_allowed_model(request, form_class, can_invite), pk=pk)
    return _then_list(request, invitation, actions.revoke, _("The invitation was withdrawn. The link no longer works."))


def _allowed_model(request: SignedInRequest, form_class: type[InvitationForm], can_invite: CanInvite) -> type[Invitation]:
    if not can_invite(request.user):
        raise Http404
    return form_class._meta.model


def _then_list(request: HttpRequest, invitation: Invitation, action: Callable[..., Invitation], done: str) -> HttpResponse:
    try:
        action(invitation, at=timezone.now())
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{invitation._meta.model_name}_list")
