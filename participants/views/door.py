"""Coming in without an account: "call me", and "I will come by". And with one: beginning oneself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fieldlab.accounts.models import User
from fieldlab.areas.actions import area_at, postcode_centre
from fieldlab.areas.models import Area, Level
from fieldlab.lib import phones
from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point
from fieldlab.lib.languages import also_as_help
from fieldlab.lib.limits import too_often, too_often_about
from initiatives.models import Access, Initiative, Language
from participants.actions.calls import ask_to_be_called, begin, can_call_back, take_back
from participants.actions.own_call import asked_by, change_number
from participants.forms.door import BeginForm, CallMeForm, NumberForm
from participants.models import CallRequest
from participants.permissions import is_participant
from participants.views.times import Here

# A drop-in has one connection for all its visitors
ASKS_AN_HOUR = 30
# For one number, whoever types it
ASKS_A_DAY = 3
# What the last visitor asked stands no longer than this on a phone that goes round
SHOWN_FOR = timedelta(minutes=20)
# In the session: [which request, when, in seconds since 1970]
ASKED = "call_request"
NEAREST = 12


@also_as_help
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_me(request: HttpRequest) -> HttpResponse:
    """`?plek=` is an initiative's slug, `?gebied=` an area's code; they are asked where the address does not say."""
    named = _initiative(request.GET.get("plek", ""))
    area = named.area if named else _area(request.GET.get("gebied", ""))
    place = named if named and can_call_back(named) else None
    form = CallMeForm(request.POST or None, place=place, area=area)
    status = 200
    if request.method == "POST":
        if too_often(request, "call-me", most=ASKS_AN_HOUR, seconds=3600):
            status = 429
            form.add_error(None, _("Many requests came from this place just now. Try again in an hour, or call us."))
        elif form.is_valid() and too_often_about(form.cleaned_data["phone"], "call-me", most=ASKS_A_DAY, seconds=86_400):
            status = 429
            form.add_error("phone", _("This number is on the list to be called already. Do you want to say something? Call us."))
        elif form.is_valid():
            return _asked(request, form)
        else:
            status = 422
    return render(request, "participants/door/call_me.html", {"form": form, "place": place, "area": area}, status=status)


def _asked(request: HttpRequest, form: CallMeForm) -> HttpResponse:
    at = timezone.now()
    pk = ask_to_be_called(
        form=form.cleaned_data["form"],
        caller=form.caller(),
        best_time=form.cleaned_data["best_time"],
        area=form.area,
        initiative=form.to_place(),
        at=at,
    )
    request.session[ASKED] = [str(pk), at.timestamp()]
    return redirect("call_me_done")


@also_as_help
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_me_done(request: HttpRequest) -> HttpResponse:
    """What happens next, and which number was written down. By POST it is put right or taken back, or the page is left.

    Who asked is known from the session alone. Of who they are the page says no more than the number, and not for long.
    """
    kept, since = request.session.get(ASKED, (None, 0))
    found = asked_by(request_id=UUID(kept)) if kept and timezone.now().timestamp() - since <= SHOWN_FOR.total_seconds() else None
    if found is None:
        request.session.pop(ASKED, None)
        return redirect("call_me")
    asked, caller = found
    does = request.POST.get("wat", "")
    form = NumberForm(request.POST if does == "nummer" else None, initial={"phone": phones.display(caller.phone)})
    if does == "nummer":
        status = _other_number(request, form, asked.pk)
        if status == 302:
            return redirect("call_me_done")
    elif request.method == "POST":
        return _left(request, asked, does)
    else:
        status = 200
    spoken = Language(caller.language).label if caller.language in Language.values else ""
    context = {"asked": asked, "caller": caller, "spoken": spoken, "form": form}
    answer = render(request, "participants/door/call_me_done.html", context, status=status)
    answer.headers["Refresh"] = f"{SHOWN_FOR.seconds + 1}; url={reverse('call_me')}"  # a phone that was left behind
    return answer


def _other_number(request: HttpRequest, form: NumberForm, pk: UUID) -> int:
    if too_often(request, "call-me", most=ASKS_AN_HOUR, seconds=3600):
        form.add_error(None, _("Many requests came from this place just now. Try again in an hour, or call us."))
        return 429
    if not form.is_valid():
        return 422
    if too_often_about(form.cleaned_data["phone"], "call-me", most=ASKS_A_DAY, seconds=86_400):
        form.add_error("phone", _("This number is on the list to be called already. Do you want to say something? Call us."))
        return 429
    if not change_number(request_id=pk, phone=form.cleaned_data["phone"]):
        return 302  # it is gone: the page says so itself
    messages.success(request, _("We call this number."))
    return 302


def _left(request: HttpRequest, asked: CallRequest, does: str) -> HttpResponse:
    """Whoever takes the phone next does not see the number."""
    del request.session[ASKED]
    if does == "klaar":
        return redirect("home")
    if does == "ander":
        return redirect(f"{reverse('call_me')}?{urlencode({'gebied': asked.area.code})}" if asked.area else "call_me")
    take_back(request_id=asked.pk)
    messages.success(request, _("Your number is erased. Nobody will call."))
    return redirect("call_me")


@dataclass(frozen=True)
class Open:
    """A place where one can walk in; `opens` is the first moment at which it is open, None when that is not in these two weeks."""

    initiative: Initiative
    now: bool
    opens: datetime | None


@also_as_help
@login_not_required
@require_safe
def drop_in(request: HttpRequest) -> HttpResponse:
    """`?postcode=` or `?gebied=`; without either it asks where."""
    typed = request.GET.get("postcode", "").strip()[:10]
    area = _area(request.GET.get("gebied", ""))
    point = postcode_centre(typed) if typed and "\x00" not in typed else None
    at = timezone.now()
    found = _places(point or (area.centre if area else None), area, at)
    context = {
        "area": area or (point and area_at(point)),
        "typed": typed,
        "unknown": bool(typed and point is None),
        "open_now": [each for each in found if each.now],
        "later": [each for each in found if not each.now],
        "asked": point is not None or area is not None,
        "districts": Area.objects.districts().in_force().defer("boundary").order_by("name"),
        "here": Here(point) if point else None,
        "now": at,
    }
    return render(request, "participants/door/drop_in.html", context)


def _places(point: Point | None, area: Area | None, at: datetime) -> list[Open]:
    """The nearest where one can walk in; those that are open come first, then whichever opens first."""
    walk_in = Initiative.objects.published().filter(access=Access.WALK_IN).exclude(opening_hours={}).with_area()
    if area is not None and (point is None or area.level == Level.DISTRICT):
        walk_in = walk_in.in_area(area)
    if point is not None:
        nearest = walk_in.near(point)[:NEAREST]
    else:
        nearest = list(walk_in.order_by("name", "pk")[:NEAREST]) if area is not None else []
    places = [Open(each, each.hours.is_open(at), each.hours.next_opening(at)) for each in nearest]
    far = at + timedelta(days=365)
    return sorted(places, key=lambda each: at if each.now else each.opens or far)  # of those open now the nearest stays first


@also_as_help
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_begin(request: HttpRequest) -> HttpResponse:
    """Somebody who signed in, and takes part from now on."""
    user = cast("User", request.user)
    if user.decides_on_benefits:
        raise Http404
    already = is_participant(user)
    form = BeginForm(request.POST or None, initial={"first_name": user.name.partition(" ")[0]})
    if request.method == "POST" and already:
        return redirect("own")
    if request.method == "POST" and form.is_valid():
        try:
            begin(user=user, details=form.details(user.email), neighbourhood=form.cleaned_data["neighbourhood"], at=timezone.now())
        except DomainError as error:
            messages.info(request, error.message)
        else:
            messages.success(request, _("Welcome. This is your own page. Only you see it, until you choose who helps you."))
        return redirect("own")
    context = {"form": form, "already": already}
    return render(request, "participants/door/own_begin.html", context, status=422 if form.errors else 200)


def _initiative(slug: str) -> Initiative | None:
    if not slug or "\x00" in slug:
        return None
    return Initiative.objects.published().with_area().filter(slug=slug[:80]).first()


def _area(code: str) -> Area | None:
    if not code or "\x00" in code:
        return None
    return Area.objects.in_force().without_boundaries().filter(code=code[:16]).order_by("level").first()
