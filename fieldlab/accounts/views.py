from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.accounts import actions
from fieldlab.accounts.forms import EmploymentForm, ProfileForm
from fieldlab.accounts.models import User
from fieldlab.accounts.permissions import can_change_employment, can_end_coordinator, can_list_people
from fieldlab.accounts.requests import SignedInRequest
from fieldlab.lib.errors import DomainError

PEOPLE_PER_PAGE = 50


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """Everything the site knows about one's account, each with the way to change it."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "pending_email": EmailAddress.objects.filter(user=request.user, verified=False).first(),
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "connections": SocialAccount.objects.filter(user=request.user),
        "changes": request.user.employment_changes.select_related("actor"),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)
    user = actions.change_profile(actor=request.user, **form.cleaned_data)
    with translation.override(user.language):
        messages.success(request, _("Saved."))
    response = redirect("account")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedInRequest) -> HttpResponse:
    """POST finds, as no name or address of somebody belongs in the address of a page."""
    if not can_list_people(request.user):
        raise Http404
    query = request.POST.get("q", "").strip().replace("\0", "")
    users = User.objects.visible_to(request.user).order_by("name", "pk")
    if query:
        users = users.filter(Q(name__icontains=query) | Q(email__icontains=query) | Q(employer__icontains=query))
    page = Paginator(users, PEOPLE_PER_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "typed": query})


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody's account as a coordinator sees it: employer and benefits flag, and how they changed."""
    user = _visible(request, pk)
    initial = {"employer": user.employer, "decides_on_benefits": user.decides_on_benefits}
    form = EmploymentForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change_employment(actor=request.user, user=user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. %(name)s can see this change.") % {"name": user.name})
            return redirect("person", pk=pk)
    context = {
        "person": user,
        "form": form if can_change_employment(request.user, user) else None,
        "changes": user.employment_changes.select_related("actor"),
        "can_end_coordinator": can_end_coordinator(request.user, user),
    }
    return render(request, "accounts/person.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_coordinator(request: SignedInRequest, pk: int) -> HttpResponse:
    user = _visible(request, pk)
    try:
        actions.end_coordinator(actor=request.user, user=user, at=timezone.now())
        messages.success(request, _("%(name)s is no longer a coordinator.") % {"name": user.name})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("person", pk=pk)


def _visible(request: SignedInRequest, pk: int) -> User:
    if not can_list_people(request.user):
        raise Http404
    user: User = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return user
