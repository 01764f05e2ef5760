"""One appointment, for whoever it is of: by account or code, or by the personal link in a message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, person_context, rendered
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import also_as_help
from fieldlab.lib.limits import too_often
from participants.actions.booking import ask_for_interpreter, cancel, confirm, move
from participants.actions.free_times import timetable
from participants.actions.taking import Taken
from participants.actions.waiting import GONE, accept_offer, decline_offer, wish_earlier, withdraw_wish
from participants.forms.booking import InterpreterForm
from participants.models import Appointment, AppointmentStatus, BookedBy, EarlierWish, Participant
from participants.notifications.links import read_appointment_token
from participants.views.booking import taken_page
from participants.views.doors import own_page
from participants.views.times import Choice, day_asked, days_of, read_choice

# Each change may send messages, to others too
CHANGES_AN_HOUR = 12


@dataclass(frozen=True)
class Page:
    """The appointment, what its owner wishes and is offered, and where they came from."""

    appointment: Appointment
    wish: EarlierWish | None
    address: str
    by_link: bool
    at: datetime

    @property
    def offer(self) -> Appointment | None:
        held = self.wish.offered if self.wish else None
        return held if held and held.held_until and held.held_until > self.at else None

    @property
    def is_open(self) -> bool:
        return self.appointment.status == AppointmentStatus.BOOKED and self.appointment.begins > self.at


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="looks at an appointment")
def own_appointment(request: HttpRequest, participant: Participant, pk: UUID) -> HttpResponseBase:
    own = Appointment.objects.about(participant).exclude(status=AppointmentStatus.HELD)
    appointment = get_object_or_404(own.with_whom_and_where().select_related("participant"), pk=pk)
    return _page(request, appointment, by_link=False)


@also_as_help
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_link(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link: mail scanners open it too, so that reading changes nothing. It ends with the talk."""
    if request.user.is_authenticated and request.user.decides_on_benefits:
        raise Http404
    sent = read_appointment_token(token, timezone.now())
    if sent is None:
        answer = render(request, "participants/booking/over.html", status=410)
        add_never_cache_headers(answer)
        return answer
    with person_context(LinkActor(sent.participant_id, "appointment"), reason="opens the link in a message"):
        record_access(participant_id=sent.participant_id, what="appointment", reason="opens the link in a message", at=timezone.now())
        return rendered(_page(request, _meant(sent.pk, sent.participant_id), by_link=True))


def _meant(pk: UUID, participant_id: UUID) -> Appointment:
    """The link of an offer opens the appointment that would move, also when the offer is over."""
    found: Appointment = Appointment.objects.with_whom_and_where().select_related("participant").get(pk=pk)
    own = Appointment.objects.about(participant_id).with_whom_and_where().select_related("participant")
    wish = EarlierWish.objects.filter(offered=found).values("appointment")
    if found.status == AppointmentStatus.HELD:
        own = own.filter(pk__in=wish)
    elif found.status == AppointmentStatus.CANCELLED:
        own = own.coming(timezone.now())
    else:
        return found
    meant: Appointment | None = own.first()
    return meant or found


def _page(request: HttpRequest, appointment: Appointment, *, by_link: bool) -> HttpResponse:
    at = timezone.now()
    wishes = EarlierWish.objects.filter(appointment=appointment, ended_at=None).select_related("appointment__participant")
    wish = wishes.prefetch_related(Prefetch("offered", Appointment.objects.with_whom_and_where())).first()
    page = Page(appointment, wish, request.path, by_link, at)
    if request.method == "POST":
        return _change(request, page)
    asked = request.GET.get("wat", "") if page.is_open else ""
    context: dict[str, Any] = {"page": page, "appointment": appointment, "asked": asked}
    if asked == "verzetten":
        context["choice"] = _chosen(request.GET, page)
        if context["choice"] is None:
            context["days"] = _days(request, page)
    elif asked == "tolk":
        context["form"] = InterpreterForm(initial={"interpreter": appointment.interpreter_language})
    return render(request, "participants/booking/appointment.html", context)


def _chosen(typed: QueryDict, page: Page) -> Choice | None:
    """A time to move to: one goes on with the same professional."""
    choice = read_choice(typed.get("keuze", ""))
    return choice if choice and choice.professional.pk == page.appointment.professional_id else None


def _days(request: HttpRequest, page: Page) -> object:
    """With the same professional; at the same place before another."""
    appointment = page.appointment
    table = timetable(kind=appointment.kind, professionals=[appointment.professional_id])
    slots = table.free(at=page.at, without=appointment)
    offered = table.offered(slot for slot in slots if slot.begins != appointment.begins)
    offered.sort(key=lambda each: (timezone.localdate(each.slot.begins), each.slot.begins, each.slot.place != appointment.place_id))
    return days_of(offered, day_asked(request.GET))


def _change(request: HttpRequest, page: Page) -> HttpResponse:
    does = _DOES.get(request.POST.get("wat", ""))
    if does is None:
        return redirect(page.address)
    if too_often(request, f"appointment:{page.appointment.pk}", most=CHANGES_AN_HOUR, seconds=3600):
        messages.error(request, _("This appointment was changed many times just now. Try again in an hour, or call us."))
        return redirect(page.address)
    try:
        messages.success(request, does(request, page))
    except Taken as taken:
        taken.free = [each for each in taken.free if each.professional.pk == page.appointment.professional_id]
        return taken_page(request, taken, page.address, page.appointment.interpreter_language)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(page.address)


def _confirm(request: HttpRequest, page: Page) -> str:
    confirm(appointment=page.appointment, at=page.at)
    return _("Thank you. We will see you then.")


def _cancel(request: HttpRequest, page: Page) -> str:
    cancel(appointment=page.appointment, by=BookedBy.PARTICIPANT, at=page.at)
    return _("The appointment is cancelled. That is all right.")


def _move(request: HttpRequest, page: Page) -> str:
    choice = _chosen(request.POST, page)
    if choice is None:
        raise DomainError(_("Choose a time first."))
    move(
        appointment=page.appointment,
        professional=choice.professional,
        room=choice.room,
        begins=choice.begins,
        by=BookedBy.PARTICIPANT,
        at=page.at,
    )
    return _("The appointment is moved.")


def _wish(request: HttpRequest, page: Page) -> str:
    wish_earlier(appointment=page.appointment, at=page.at)
    return _("You are on the list. We let you know when a time falls free.")


def _no_wish(request: HttpRequest, page: Page) -> str:
    if page.wish is not None:
        withdraw_wish(wish=page.wish, at=page.at)
    return _("You are no longer on the list.")


def _accept(request: HttpRequest, page: Page) -> str:
    accept_offer(wish=_asked_wish(page), offered=_offered(request, page), at=page.at)
    return _("Your appointment is moved to the earlier time.")


def _decline(request: HttpRequest, page: Page) -> str:
    decline_offer(wish=_asked_wish(page), offered=_offered(request, page), at=page.at)
    return _("That is all right. Your own appointment stays.")


def _asked_wish(page: Page) -> EarlierWish:
    if page.wish is None:
        raise DomainError(str(GONE))
    return page.wish


def _offered(request: HttpRequest, page: Page) -> Appointment:
    """The one that was on the page when the button was pressed, not one that came after it."""
    held = page.wish.offered if page.wish else None
    if held is None or str(held.pk) != request.POST.get("aanbod", ""):
        raise DomainError(str(GONE))
    return held


def _interpreter(request: HttpRequest, page: Page) -> str:
    form = InterpreterForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("Choose a language from the list."))
    language = form.cleaned_data["interpreter"]
    ask_for_interpreter(appointment=page.appointment, language=language, at=page.at)
    return _("We ask for an interpreter.") if language else _("No interpreter comes along.")


_DOES: dict[str, Callable[[HttpRequest, Page], str]] = {
    "komt": _confirm,
    "afzeggen": _cancel,
    "verzetten": _move,
    "eerder": _wish,
    "niet-eerder": _no_wish,
    "ja": _accept,
    "nee": _decline,
    "tolk": _interpreter,
}
