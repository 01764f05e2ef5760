"""Municipal contacts: each keeps an own entry, coordinators keep them all."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from fieldlab.lib.phones import display
from initiatives.actions.contacts import StaleContact, add_contact, change_contact, confirm_contact, invite_contact, remove_contact
from initiatives.forms.contacts import ContactForm, ContactInviteForm
from initiatives.models import AreaContact, ContactInvitation, Topic
from initiatives.permissions import can_manage_contacts

PER_PAGE = 50


@require_safe
def own_contacts(request: HttpRequest) -> HttpResponse:
    """What stands on the site about oneself."""
    found = _with_areas(AreaContact.objects.filter(user=cast("User", request.user)))
    if not found:
        raise Http404
    return render(request, "initiatives/contacts/own.html", {"contacts": found})


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    if not can_manage_contacts(request.user):
        raise Http404
    pending = ContactInvitation.objects.pending()
    found = _with_areas(AreaContact.objects.select_related("user")).prefetch_related(Prefetch("invitations", pending, to_attr="pending"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/contacts/list.html", {"page": page, "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    if not can_manage_contacts(request.user):
        raise Http404
    form = ContactForm(request.POST or None, contact=None, gives_areas=True)
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(actor=_actor(request), changes=form.changes(), areas=form.chosen_areas() or [], at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("contacts")
    return _edit_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AreaContact.objects.kept_by(request.user), pk=pk)
    gives_areas = can_manage_contacts(request.user)
    form = ContactForm(request.POST or None, contact=found, gives_areas=gives_areas, initial=ContactForm.initial_of(found))
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, found)
    try:
        change_contact(
            contact=found,
            actor=_actor(request),
            changes=form.changes(),
            areas=form.chosen_areas(),
            revision=form.cleaned_data["revision"] or 0,
            at=timezone.now(),
        )
    except StaleContact as stale:
        return _stale_page(request, stale, form)
    except DomainError as error:
        form.add_error(None, error.message)
        return _edit_page(request, form, found)
    messages.success(request, _("Saved. Visitors see the change at once."))
    return _back(request)


def _edit_page(request: HttpRequest, form: ContactForm, contact: AreaContact | None, **more: Any) -> HttpResponse:
    status = more.pop("status", 422 if form.errors else 200)
    context = {"form": form, "contact": contact, "manages": can_manage_contacts(request.user), **more}
    return render(request, "initiatives/contacts/edit.html", context, status=status)


def _stale_page(request: HttpRequest, stale: StaleContact, form: ContactForm) -> HttpResponse:
    """What was typed stays in the form; what the other saved stands beside it."""
    saved = ContactForm.initial_of(stale.current)
    typed = request.POST.copy()
    typed["revision"] = str(stale.current.revision)
    again = ContactForm(typed, contact=stale.current, gives_areas="areas" in form.fields)
    again.add_error(None, stale.message)
    both = [
        {"label": form.fields[name].label, "theirs": theirs, "mine": mine}
        for name in form.fields
        if name != "revision"
        if (theirs := _shown(name, saved[name])) != (mine := _shown(name, form.cleaned_data[name]))
    ]
    return _edit_page(request, again, stale.current, both=both, status=409)


def _shown(name: str, value: Any) -> str:
    """A value of a field as people read it."""
    if name == "topics":
        return ", ".join(str(Topic(each).label) for each in value)
    if name == "areas":
        return ", ".join(Area.objects.in_force().filter(code__in=value).order_by("name").values_list("name", flat=True))
    return display(value) if name == "phone" else str(value)


@require_POST
def contact_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AreaContact.objects.kept_by(request.user), pk=pk)
    confirm_contact(contact=found, actor=_actor(request), at=timezone.now())
    messages.success(request, _("Thank you. Visitors see that you checked it today."))
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks once."""
    found = _managed(request, pk)
    if request.method != "POST":
        return render(request, "initiatives/contacts/remove.html", {"contact": found})
    remove_contact(contact=found, actor=_actor(request))
    messages.success(request, _("%(name)s no longer stands on the site.") % {"name": found.name})
    return redirect("contacts")


@require_http_methods(["GET", "HEAD", "POST"])
def contact_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody to keep the entry: by a link that works once."""
    found = _managed(request, pk)
    form = ContactInviteForm(request.POST or None, initial={"name": found.name, "email": found.email})
    if request.method == "POST" and form.is_valid():
        try:
            invite_contact(contact=found, actor=_actor(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
            return redirect("contacts")
    context = {"contact": found, "form": form}
    return render(request, "initiatives/contacts/invite.html", context, status=422 if form.errors else 200)


def _managed(request: HttpRequest, pk: int) -> AreaContact:
    if not can_manage_contacts(request.user):
        raise Http404
    return get_object_or_404(AreaContact, pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("contacts" if can_manage_contacts(request.user) else "own_contacts")


def _with_areas(found: Any) -> Any:
    return found.prefetch_related(Prefetch("areas", Area.objects.defer("boundary"))).order_by("name", "pk")


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)  # the middleware lets nobody else through
