"""Registering, one question group a page. The draft is a row from the first page; its key is in the session and in each form."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.areas.actions import postcode_centre
from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point
from fieldlab.lib.limits import too_often
from initiatives.actions import discard_draft, is_complete, save_draft, submit
from initiatives.actions.differences import differences, names_of_areas
from initiatives.actions.twins import same_as, unanswered_twins
from initiatives.channels import read
from initiatives.forms import HoursForm, OfferForm, ReachForm, StepForm, WhereForm, WhoForm
from initiatives.models import Initiative, Status
from initiatives.permissions import can_register_by_phone

# For visitors without an account, from one address
DRAFTS_AN_HOUR, PLACES_AN_HOUR, SENDS_AN_HOUR = 60, 120, 20
TOO_MANY = gettext_lazy("Many registrations came from this place just now. Try again in an hour, or call us.")
# The steps after which others are compared
EVIDENCE = ("waar", "bereiken")
KEY, BY_PHONE, DONE = "registration", "registration_by_phone", "registered"


@dataclass(frozen=True)
class Step:
    """One page. An optional one may be skipped, and found on the page to change later."""

    slug: str
    short: StrOrPromise
    title: StrOrPromise
    form: type[StepForm] | None = None
    optional: bool = False

    @property
    def url(self) -> str:
        return reverse("register_photo") if self.slug == "foto" else reverse("register_step", args=[self.slug])


STEPS = [
    Step("wie", gettext_lazy("Who are you?"), gettext_lazy("Who are you, and what do you do?"), WhoForm),
    Step("waar", gettext_lazy("Where is it?"), gettext_lazy("Where can people find you?"), WhereForm),
    Step("bereiken", gettext_lazy("Contact"), gettext_lazy("How do people reach you?"), ReachForm),
    Step("aanbod", gettext_lazy("What people find"), gettext_lazy("What can people find with you?"), OfferForm, optional=True),
    Step("tijden", gettext_lazy("Open when?"), gettext_lazy("When are you open?"), HoursForm, optional=True),
    Step("foto", gettext_lazy("Photo"), gettext_lazy("Do you have a photo?"), optional=True),
    Step("controle", gettext_lazy("Check it"), gettext_lazy("Is everything right?")),
]


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What registering is, and going on with what was begun."""
    if request.method == "POST":
        return _begin(request)
    context = {
        "draft": current_draft(request),
        "others": Initiative.objects.filter(status=Status.DRAFT, registered_by=actor_of(request)).order_by("-updated_at")[:20]
        if request.user.is_authenticated
        else [],
        "can_type_for_others": can_register_by_phone(request.user),
        "steps": STEPS,
        "newest": Initiative.objects.published().with_area().order_by("-published_at", "pk")[:4],
    }
    return render(request, "initiatives/register/start.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    chosen = _uuid(request.POST.get("draft"))
    if chosen and request.user.is_authenticated:
        draft = get_object_or_404(Initiative, draft_key=chosen, status=Status.DRAFT, registered_by=request.user)
        request.session[KEY], request.session[BY_PHONE] = str(draft.draft_key), draft.by_phone
        return redirect("register_step", first_gap(draft))
    request.session[KEY] = str(uuid.uuid4())
    request.session[BY_PHONE] = "by_phone" in request.POST and can_register_by_phone(request.user)
    return redirect("register_step", STEPS[0].slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    current = next((each for each in STEPS if each.slug == step), None)
    if current is None:
        raise Http404
    if current.slug == "foto":
        return redirect("register_photo")
    if request.method == "POST":
        return _hand_in(request) if current.form is None else _save(request, current, current.form)
    draft = current_draft(request)
    if draft is None and current is not STEPS[0]:
        return start_again(request)
    if draft and current.form is None and (gap := first_gap(draft)) != current.slug:
        return redirect("register_step", gap)
    request.session.setdefault(KEY, str(uuid.uuid4()))
    if draft and draft.registered_by_id is None and (actor := actor_of(request)):
        # Signed in on the way: from now on it can be gone on with on another device.
        draft = save_draft(key=draft.draft_key, actor=actor, changes={}, at=timezone.now())
    draft = draft or Initiative()
    return _page(request, current, draft, current.form.of(draft) if current.form else None)


def _save(request: HttpRequest, current: Step, form_class: type[StepForm]) -> HttpResponse:
    key = _key(request)
    draft = Initiative.objects.with_area().filter(draft_key=key).first() or Initiative(draft_key=key)
    form = form_class.of(draft, request.POST)
    if not draft.pk and _too_often(request, "drafts", DRAFTS_AN_HOUR):
        form.add_error(None, TOO_MANY)
        return _page(request, current, draft, form, status=429)
    if current.form is WhereForm and _too_often(request, "places", PLACES_AN_HOUR):
        # Each looks an address up at somebody else's service.
        messages.error(request, TOO_MANY)
        return redirect("register")
    valid, later = form.is_valid(), "later" in request.POST
    skip, more = current.optional and "skip" in request.POST, "more" in request.POST
    if valid or later or skip or more:
        try:
            draft = save_draft(
                key=key,
                actor=actor_of(request),
                changes=form.changes(),
                by_phone=bool(request.session.get(BY_PHONE)),
                at=timezone.now(),
            )
        except DomainError as error:
            messages.info(request, error.message)
            return _done(request, draft)
        # The session may have ended while they typed: what they sent opens it again.
        request.session[KEY] = str(key)
        if more:
            return _page(request, current, draft, form_class.unjudged(draft, request.POST))
        return redirect("register_later") if later else redirect(_next(current, draft))
    return _page(request, current, draft, form, status=422)


def _next(current: Step, draft: Initiative) -> str:
    """Whom it looks like is asked as soon as we know where it is, and again when a number, an address or a website tells more."""
    if current.slug in EVIDENCE and unanswered_twins(draft=draft, at=timezone.now()):
        return f"{reverse('register_twins')}?na={current.slug}"
    return _after(current).url


def _hand_in(request: HttpRequest) -> HttpResponse:
    draft = Initiative.objects.filter(draft_key=_key(request)).first()
    if draft is None:
        return start_again(request)
    if draft.status == Status.DRAFT and (gap := first_gap(draft)) != STEPS[-1].slug:
        return redirect("register_step", gap)
    if draft.status == Status.DRAFT and _too_often(request, "sends", SENDS_AN_HOUR):
        messages.error(request, TOO_MANY)
        return redirect("register")
    try:
        submit(initiative=draft, actor=actor_of(request), language=translation.get_language() or "nl", at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("register_same" if same_as(draft) else "register")
    return _done(request, draft)


def _done(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    request.session[DONE] = initiative.pk
    request.session.pop(KEY, None)
    return redirect("register_done")


@login_not_required
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What happens next, and when."""
    initiative = Initiative.objects.with_area().exclude(status=Status.DRAFT).filter(pk=request.session.get(DONE, 0)).first()
    return render(request, "initiatives/register/done.html", {"initiative": initiative}) if initiative else redirect("register")


@login_not_required
@never_cache
@require_safe
def later(request: HttpRequest) -> HttpResponse:
    """How to come back."""
    draft = current_draft(request)
    if draft is None:
        return start_again(request)
    return render(request, "initiatives/register/later.html", {"draft": draft, "next": first_gap(draft)})


@login_not_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The card as it would look now; saves nothing."""
    form = WhoForm(request.POST, initiative=Initiative())
    form.is_valid()
    return render(request, "initiatives/register/_preview.html", {"draft": Initiative(**form.changes())})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, after asking once."""
    draft = current_draft(request)
    if draft is None:
        return redirect("register")
    if request.method != "POST":
        return render(request, "initiatives/register/discard.html", {"draft": draft})
    try:
        discard_draft(draft=draft)
    except DomainError as error:  # handed in meanwhile, in another tab
        messages.info(request, error.message)
        return _done(request, draft)
    request.session.pop(KEY, None)
    messages.info(request, _("What you typed is gone."))
    return redirect("register")


def first_gap(draft: Initiative) -> str:
    """The first step that still needs an answer; the check when none does."""
    if not (draft.name and draft.kind and draft.activity and draft.summary):
        return "wie"
    if not (draft.access and draft.area_id):
        return "waar"
    return "controle" if draft.contact_name and is_complete(draft) else "bereiken"


def _page(request: HttpRequest, current: Step, draft: Initiative, form: StepForm | None, status: int = 200) -> HttpResponse:
    context = step_context(request, current.slug, draft) | {"form": form, "map_centre": _map_centre(draft, form)}
    if current.form is None:
        context |= _told(draft)
    return render(request, f"initiatives/register/{current.slug}.html", context, status=status)


def step_context(request: HttpRequest, slug: str, draft: Initiative) -> dict[str, Any]:
    """What `register/_step.html` shows around each step, whoever's view it is."""
    number = next(number for number, each in enumerate(STEPS) if each.slug == slug)
    return {
        "step": STEPS[number],
        "steps": STEPS,
        "number": number + 1,
        "previous": STEPS[number - 1] if number else None,
        "next": STEPS[number + 1] if number + 1 < len(STEPS) else None,
        "draft": draft,
        "key": _key(request),
        "by_phone": draft.by_phone if draft.pk else request.session.get(BY_PHONE),
        "now": timezone.now(),
    }


def _told(draft: Initiative) -> dict[str, Any]:
    """What the check shows of the steps that may be skipped, in words."""
    empty = Initiative(status=draft.status, area=draft.area)
    told = [(each.label, each.after) for each in differences(empty, draft) if each.after and each.field in OfferForm.FIELDS]
    return {"told": told, "channels": read(draft.channels), "areas": names_of_areas([draft]).values()}


def _map_centre(draft: Initiative, form: StepForm | None) -> Point | None:
    """Where the map to point on opens: its own place, or near the postcode that was typed."""
    if not isinstance(form, WhereForm) or draft.shown_point:
        return draft.shown_point
    if form.by_hand and form.is_bound and (near := postcode_centre(form.cleaned_data.get("postcode") or "")):
        return near
    district = Area.objects.in_force().districts().without_boundaries().filter(centre__isnull=False).first()
    return district.centre if district else None


def _too_often(request: HttpRequest, what: str, most: int) -> bool:
    return not request.user.is_authenticated and too_often(request, f"registration-{what}", most=most, seconds=3600)


def actor_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def current_draft(request: HttpRequest) -> Initiative | None:
    """The draft of this session: nobody's yet, or one's own."""
    key = _uuid(request.session.get(KEY))
    draft = key and Initiative.objects.with_area().filter(draft_key=key, status=Status.DRAFT).first()
    return draft if draft and draft.registered_by_id in (None, request.user.pk) else None


def _key(request: HttpRequest) -> uuid.UUID:
    return _uuid(request.POST.get("key")) or _uuid(request.session.get(KEY)) or uuid.uuid4()


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _after(current: Step) -> Step:
    return STEPS[STEPS.index(current) + 1]


def after(slug: str) -> str:
    """The address of the step behind the one of this name."""
    return next(_after(each).url for each in STEPS if each.slug == slug)


def start_again(request: HttpRequest) -> HttpResponse:
    """Without a draft there is nothing to go on with; a signed-out owner can sign in and go on."""
    key = _uuid(request.session.get(KEY))
    owned = key and Initiative.objects.filter(draft_key=key, status=Status.DRAFT, registered_by__isnull=False).exists()
    if owned and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("register"))
    messages.info(request, _("Begin here. It takes about five minutes."))
    return redirect("register")
