"""The participant's own pages: who sees their details, what stands there, and who looked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fieldlab.audit.actions import record_access
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import also_as_help
from fieldlab.lib.limits import too_often
from participants.actions.codes import WrongCode, enter
from participants.actions.consents import stop_seeing
from participants.actions.looked import Line, looked, told
from participants.actions.people import change_details, open_participant
from participants.forms.own import EnterForm, OwnDetailsForm
from participants.models import CONTACT_ONLY, Appointment, Participant, ParticipantAccess
from participants.views.doors import close_door, open_door, own_page, renew_code, stands_inside, tell_new_code

TRIES_AN_HOUR = 30
COMING = 3
PER_PAGE = 50
# Where the code may lead to
OWN_PATHS = ("/mijn-gegevens/", "/afspraak/")


@also_as_help
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_enter(request: HttpRequest) -> HttpResponse:
    """Anybody may stand here, at any computer."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            _let_try(request)
            open_door(request, enter(**form.cleaned_data, at=at), at)
        except DomainError as error:
            # At the first of the two, whichever was not right
            form.add_error("code" if isinstance(error, WrongCode) else None, error.message)
        else:
            return redirect(_wanted(request))
    inside = request.method != "POST" and stands_inside(request, timezone.now())
    context = {"form": form, "inside": inside, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "participants/own/enter.html", context, status=422 if form.errors else 200)


def _let_try(request: HttpRequest) -> None:
    if request.user.is_authenticated and request.user.decides_on_benefits:
        raise DomainError(_("With this account you see no details of people. Sign out first."))
    if too_often(request, "personal-codes", most=TRIES_AN_HOUR, seconds=3600, if_unknown=True):
        raise DomainError(_("This does not work now. Try again in an hour, or call us. We gladly help you."))


def _wanted(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    is_own = asked.startswith(OWN_PATHS) and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_own and asked != reverse("own_leave") else reverse("own")


@also_as_help
@login_not_required
@require_POST
@never_cache
def own_leave(request: HttpRequest) -> HttpResponse:
    close_door(request)
    messages.success(request, _("You have closed your details. Nobody can see them on this computer now."))
    return redirect("own_enter")


@require_safe
@own_page(reason="reads their own details")
def own(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    at = timezone.now()
    context = {
        "participant": participant,
        "details": open_participant(participant=participant, reason="reads their own details", at=at),
        "appointments": Appointment.objects.about(participant).coming(at).with_whom_and_where()[:COMING],
        "accesses": _accesses(participant),
        "contact_only": CONTACT_ONLY,
    }
    return render(request, "participants/own/home.html", context)


def _accesses(participant: Participant) -> Any:
    open_now = ParticipantAccess.objects.open().filter(participant=participant)
    return open_now.select_related("user__professional", "initiative").order_by("valid_from", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="ends somebody’s access")
def own_access_end(request: HttpRequest, participant: Participant, pk: UUID) -> HttpResponseBase:
    """GET asks once, and says who helps then."""
    access = get_object_or_404(_accesses(participant), pk=pk)
    who = access.user.name if access.user else access.initiative.name
    if request.method != "POST":
        others = [other for other in _accesses(participant) if other.pk != access.pk]
        record_access(participant_id=participant.pk, what="participant.access", reason="ends somebody’s access", at=timezone.now())
        context = {"access": access, "who": who, "others": others, "contact_only": CONTACT_ONLY}
        return render(request, "participants/own/access_end.html", context)
    at = timezone.now()
    stop_seeing(access=access, at=at)
    messages.success(request, _("%(name)s no longer sees your details.") % {"name": who})
    tell_new_code(request, renew_code(request, participant, at))
    return redirect("own")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="corrects their own details")
def own_details(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    now = open_participant(participant=participant, reason="corrects their own details", at=timezone.now())
    form = OwnDetailsForm(request.POST or None, initial=OwnDetailsForm.initial_of(participant, now))
    if request.method == "POST" and form.is_valid():
        change_details(participant=participant, details=form.details(), neighbourhood=form.cleaned_data["neighbourhood"])
        messages.success(request, _("Saved. This is how we know you now."))
        return redirect("own")
    context = {"form": form, "participant": participant}
    return render(request, "participants/own/details.html", context, status=422 if form.errors else 200)


@dataclass
class OfPerson:
    """What one person did on one day: looks, that are counted, and the rest, that is told line by line."""

    who: str
    by_themselves: bool
    looks: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)

    @property
    def times(self) -> int:
        return sum(line.times for line in self.looks)

    @property
    def looked_at(self) -> list[str]:
        return list(dict.fromkeys(line.what for line in self.looks))


def by_person(lines: Iterable[Line]) -> list[OfPerson]:
    """In the order in which each was last there."""
    people: dict[str, OfPerson] = {}
    for line in lines:
        person = people.setdefault(line.who, OfPerson(line.who, line.by_themselves))
        (person.looks if line.what else person.others).append(line)
    return list(people.values())


@require_safe
@own_page(reason="reads who looked")
def own_log(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    """Others first: what one did oneself fills the page, and is seldom what one came for."""
    record_access(participant_id=participant.pk, what="participant.log", reason="reads who looked", at=timezone.now())
    everything = request.GET.get("alles") == "ja"
    page = Paginator(looked(participant, by_others=not everything), PER_PAGE).get_page(request.GET.get("page"))
    lines = told(participant, page.object_list)
    days = [(day, by_person(of_day)) for day, of_day in groupby(lines, key=lambda line: timezone.localdate(line.at))]
    return render(request, "participants/own/log.html", {"page": page, "days": days, "everything": everything})
