"""Serving photos, and putting one on a page."""

import logging
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.lib.errors import DomainError, NotNow
from fieldlab.lib.limits import too_often
from fieldlab.lib.pictures import widths
from initiatives.actions import add_photo, bring_back_photo, describe_photo, photo_file, remove_photo
from initiatives.forms import PhotoForm
from initiatives.models import Initiative, Photo, Status
from initiatives.permissions import can_edit, can_moderate
from initiatives.views.confirm import came_by_asking
from initiatives.views.edit import came_by_link
from initiatives.views.register import DONE, TOO_MANY, actor_of, current_draft, start_again, step_context

logger = logging.getLogger(__name__)

# As long as it may stay in a browser after it was taken away
KEPT_SECONDS = 24 * 3600
# For visitors without an account, from one address
PHOTOS_AN_HOUR = 30


@login_not_required
@require_safe
def photo(request: HttpRequest, key: uuid.UUID, width: int) -> HttpResponseBase:
    """One file of a photo. On the page of a published initiative it is everybody's; otherwise theirs who may see that page."""
    found = Photo.objects.select_related("initiative").filter(pk=key).first()
    if found is None or width not in widths(found.width):
        raise Http404
    public = found.initiative.status == Status.PUBLISHED and found.initiative.photo_id == found.key
    if not public and not _may_see_all(request, found.initiative):
        raise Http404
    try:
        with default_storage.open(photo_file(found.key, width)) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError:
        logger.error("A photo has lost a file")
        raise Http404 from None
    if not public:
        add_never_cache_headers(response)
        return response
    # What a key names never changes.
    response["ETag"] = quote_etag(f"{found.key.hex}-{width}")
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _may_see_all(request: HttpRequest, initiative: Initiative) -> bool:
    """Also what stood on its page before, and what nobody published yet."""
    if _may_change(request, initiative) or can_moderate(request.user, initiative):
        return True
    if request.session.get(DONE) == initiative.pk:
        return True  # handed in from this browser just now: the page that says so shows its card
    draft = current_draft(request) if initiative.status == Status.DRAFT else None
    return draft is not None and draft.pk == initiative.pk


def _may_change(request: HttpRequest, initiative: Initiative) -> bool:
    return can_edit(request.user, initiative) or came_by_link(request, initiative) or came_by_asking(request, initiative)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_photo(request: HttpRequest, slug: str) -> HttpResponse:
    """The photo of a page past the draft: put one there, another one, none, or an earlier one."""
    found = Initiative.objects.with_area().filter(slug=slug).first()
    if found is None or not _may_change(request, found):
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return _change(request, found)
    if "weg" in request.GET:
        gone = get_object_or_404(found.photos, pk=_key(request.GET["weg"]))
        return render(request, "initiatives/photo_remove.html", {"initiative": found, "photo": gone})
    return _photo_page(request, found, PhotoForm(there=found.photo))


def _change(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    who: dict[str, Any] = {"initiative": initiative, "actor": actor_of(request), "at": timezone.now()}
    try:
        if "remove" in request.POST:
            remove_photo(**who, for_good=False)
            messages.success(request, _("The photo is off the page."))
        elif "gone" in request.POST:
            earlier = initiative.photos.filter(pk=_key(request.POST["gone"])).first()
            if earlier:  # a second press finds it gone already
                remove_photo(**who, for_good=True, photo=earlier)
            messages.success(request, _("The photo is gone for good."))
        elif "back" in request.POST:
            bring_back_photo(**who, photo=get_object_or_404(initiative.photos, pk=_key(request.POST["back"])))
            messages.success(request, _("The photo is on the page."))
        else:
            form = PhotoForm(request.POST, request.FILES, there=initiative.photo)
            if status := _save(request, initiative, form):
                return _photo_page(request, initiative, form, status=status)
            messages.success(request, _("Saved."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("initiative_photo", initiative.slug)


def _photo_page(request: HttpRequest, initiative: Initiative, form: PhotoForm, status: int = 200) -> HttpResponse:
    earlier = initiative.photos.order_by("-uploaded_at", "pk")
    if initiative.photo:
        earlier = earlier.exclude(pk=initiative.photo.pk)
    return render(request, "initiatives/photo.html", {"initiative": initiative, "form": form, "earlier": earlier}, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_photo(request: HttpRequest) -> HttpResponse:
    """A step of registering that may be skipped."""
    draft = current_draft(request)
    if draft is None:
        return start_again(request)
    form, status = PhotoForm(there=draft.photo), 200
    if request.method == "POST":
        if "remove" in request.POST:
            remove_photo(initiative=draft, actor=actor_of(request), at=timezone.now(), for_good=True)
            return redirect("register_photo")
        leaves = "skip" in request.POST or ("later" in request.POST and not request.FILES)
        form = PhotoForm(request.POST, request.FILES, there=draft.photo)
        status = 0 if leaves else _save(request, draft, form)
        if not status:
            return redirect("register_later") if "later" in request.POST else redirect("register_step", "controle")
    context = step_context(request, "foto", draft)
    return render(request, "initiatives/photo_step.html", {**context, "form": form}, status=status)


def _save(request: HttpRequest, initiative: Initiative, form: PhotoForm) -> int:
    """Save what was sent. Returns the status of the page that says what is wrong with it; 0 when nothing is."""
    if not request.user.is_authenticated and too_often(request, "registration-photos", most=PHOTOS_AN_HOUR, seconds=3600):
        form.add_error(None, TOO_MANY)
        return 429
    if not form.is_valid():
        return 422
    file, words = form.cleaned_data["photo"], form.cleaned_data["alternative_text"]
    who: dict[str, Any] = {"initiative": initiative, "alternative_text": words, "actor": actor_of(request), "at": timezone.now()}
    try:
        if file:
            add_photo(**who, data=file.read())
        else:
            describe_photo(**who)
    except DomainError as error:
        form.add_error("photo", error.message)
        return 503 if isinstance(error, NotNow) else 422
    return 0


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
