"""Booking by the participant, and by an initiative on somebody's behalf: where, when, and whom one will meet."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, person_context, person_page, rendered
from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point
from fieldlab.lib.languages import also_as_help
from fieldlab.lib.limits import too_often
from initiatives.models import Accessibility, Initiative
from initiatives.permissions import in_team
from participants.actions.best_times import Suits
from participants.actions.booking import book as book_talk
from participants.actions.booking import cancel
from participants.actions.free_times import Offered, Timetable, Wanted, timetable
from participants.actions.people import open_participant
from participants.actions.taking import Taken
from participants.forms.booking import InterpreterForm
from participants.models import AccessReason, Appointment, AppointmentStatus, BookedBy, Participant, ParticipantAccess, TalkKind, TalkPlace
from participants.notifications.links import BOOKING_LINK, appointment_token, read_booking_token
from participants.views.doors import own_page
from participants.views.times import Choice, Here, PlaceRow, day_asked, days_of, read_choice

# Each sends messages, to others too; who cancels may book again
BOOKED_AN_HOUR = 12


@dataclass(frozen=True)
class Booker:
    """Who books for whom, and by which address. `speaks` and `interpreter` are empty for a team, which does not see them."""

    participant: Participant
    by: BookedBy
    actor: User | None
    address: str
    by_link: bool = False
    kind: str = TalkKind.FIRST
    initiative: Initiative | None = None
    speaks: tuple[str, ...] = ()
    interpreter: str = ""
    name: str = ""
    quiet: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(reason="makes an appointment")
def book(request: HttpRequest, participant: Participant) -> HttpResponseBase:
    return _by_themselves(request, participant, reverse("book"), reason="makes an appointment")


@also_as_help
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link to choose a talk: mail scanners open it too, so that reading changes nothing."""
    if request.user.is_authenticated and request.user.decides_on_benefits:
        raise Http404
    participant_id = read_booking_token(token, timezone.now())
    if participant_id is None:
        return render(request, "participants/booking/over.html", status=410)
    reason = "opens the link in a message"
    with person_context(LinkActor(participant_id, BOOKING_LINK), reason=reason):
        participant = Participant.objects.select_related("key", "neighbourhood").defer("neighbourhood__boundary").get(pk=participant_id)
        return rendered(_by_themselves(request, participant, request.path, reason=reason, by_link=True))


def _by_themselves(request: HttpRequest, participant: Participant, address: str, *, reason: str, by_link: bool = False) -> HttpResponseBase:
    at = timezone.now()
    if request.method != "POST":  # where one is asked for, the action looks itself
        coming = Appointment.objects.about(participant).coming(at).select_related("participant").first()
        if coming is not None:
            messages.info(request, _("You have an appointment already. You can move it here."))
            return redirect(_shown_at(coming, by_link))
    elif too_often(request, f"book:{participant.pk}", most=BOOKED_AN_HOUR, seconds=3600):
        messages.error(request, _("Appointments were made many times just now. Try again in an hour, or call us."))
        return redirect(address)
    details = open_participant(participant=participant, reason=reason, at=at)
    other = next((each for each in details.languages if each != "nl"), "")
    booker = Booker(
        participant=participant,
        by=BookedBy.PARTICIPANT,
        actor=None,
        address=address,
        by_link=by_link,
        kind=_kind_for(participant),
        speaks=details.languages,
        interpreter=other if details.interpreter else "",
        quiet=details.quiet_room,
    )
    return _step(request, booker, at)


def _shown_at(appointment: Appointment, by_link: bool) -> str:
    """Who came by a link goes on by one: there is no other door for them."""
    if by_link:
        return reverse("appointment_link", args=[appointment_token(appointment)])
    return reverse("own_appointment", args=[appointment.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@person_page(reason="makes an appointment on somebody's behalf", role="team")
def call_for_book(request: HttpRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """For somebody whom the team brought in: it sees a first name and what was agreed, and no more."""
    at = timezone.now()
    initiative, participant = _brought_in(request, slug, pk)
    record_access(participant_id=participant.pk, what="participant.name", reason="makes an appointment on somebody's behalf", at=at)
    booker = Booker(
        participant=participant,
        by=BookedBy.INITIATIVE,
        actor=request.user,  # type: ignore[arg-type]
        address=reverse("call_for_book", args=[slug, pk]),
        initiative=initiative,
        name=participant.open().first_name,
    )
    agreed = Appointment.objects.coming(at).filter(participant=participant, booked_for=initiative).select_related(*_SHOWN).first()
    if request.method == "POST" and "afzeggen" in request.POST:
        return _cancel(request, booker, agreed, at)
    if agreed is not None:
        return render(request, "participants/booking/agreed.html", {"booker": booker, "appointment": agreed})
    return _step(request, booker, at)


_SHOWN = ("professional__user", "place__initiative", "room")


def _brought_in(request: HttpRequest, slug: str, pk: UUID) -> tuple[Initiative, Participant]:
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), slug=slug)
    if not in_team(request.user, initiative):
        raise Http404
    reachable = Participant.objects.reachable_by(request.user).in_force().select_related("key", "neighbourhood")  # type: ignore[arg-type]
    participant = get_object_or_404(reachable, pk=pk)
    brought = ParticipantAccess.objects.open().filter(participant=participant, initiative=initiative, reason=AccessReason.BROUGHT_IN)
    if not brought.exists():
        raise Http404
    return initiative, participant


def _cancel(request: HttpRequest, booker: Booker, agreed: Appointment | None, at: datetime) -> HttpResponse:
    if agreed is not None:
        try:
            cancel(appointment=agreed, by=BookedBy.INITIATIVE, at=at)
            messages.success(request, _("The appointment is cancelled."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect(booker.address)


def _kind_for(participant: Participant) -> str:
    """A first talk, until there was one."""
    had_one = Appointment.objects.about(participant).filter(status=AppointmentStatus.CAME).exists()
    return TalkKind.FOLLOW_UP if had_one else TalkKind.FIRST


# --- the three steps: where, when, with whom


def _step(request: HttpRequest, booker: Booker, at: datetime) -> HttpResponse:
    choice = read_choice(request.POST.get("keuze") or request.GET.get("keuze", ""))
    if choice is not None:
        return _whom(request, booker, choice, at)
    if request.method == "POST":
        messages.error(request, _("Choose a time first."))
        return redirect(booker.address)
    return _when(request, booker, at) if re.fullmatch("[0-9]{1,9}", request.GET.get("plek", "")) else _where(request, booker, at)


def _wanted(request: HttpRequest, booker: Booker) -> Wanted:
    asked = "gevraagd" in request.GET
    return Wanted(quiet="stil" in request.GET if asked else booker.quiet, step_free="drempel" in request.GET)


def _table(booker: Booker, wanted: Wanted, places: list[int] | None = None) -> Timetable:
    """After a first talk one goes on with who was there."""
    professionals = None
    if booker.kind != TalkKind.FIRST:
        helping = ParticipantAccess.objects.open().filter(participant=booker.participant, user__professional__ended_at=None)
        helping = helping.exclude(reason=AccessReason.BREAK_GLASS).exclude(user__professional=None)
        professionals = list(helping.values_list("user__professional", flat=True)) or None
    return timetable(kind=booker.kind, professionals=professionals, places=places, wanted=wanted)


def _offered(booker: Booker, table: Timetable, at: datetime) -> list[Offered]:
    return _suits(booker).by_moment(table.offered(table.free(at=at)))


def _suits(booker: Booker) -> Suits:
    return Suits(booker.speaks, booker.participant.neighbourhood)


def _where(request: HttpRequest, booker: Booker, at: datetime) -> HttpResponse:
    wanted = _wanted(request, booker)
    table = _table(booker, wanted)
    context = {
        "booker": booker,
        "rows": _rows(booker, table, at),
        "here": Here(_home(booker)),
        "wanted": wanted,
        "facts": dict(Accessibility.choices),
    }
    return render(request, "participants/booking/where.html", context)


def _home(booker: Booker) -> Point | None:
    return booker.participant.neighbourhood.centre if booker.participant.neighbourhood else None


def _rows(booker: Booker, table: Timetable, at: datetime) -> list[PlaceRow]:
    """Places with a free time: initiatives before the municipality, the nearest first."""
    suits = _suits(booker)
    first: dict[int, Offered] = {}
    for each in _offered(booker, table, at):
        known = first.setdefault(each.slot.place, each)
        if not suits.speaks(known) and suits.speaks(each):
            first[each.slot.place] = each
    rows = []
    for each in first.values():
        metres = suits.metres(each)
        rooms = [room for room in table.rooms.values() if room.place_id == each.place.pk]
        rows.append(PlaceRow(each.place, each, metres, rooms))
    return sorted(rows, key=lambda row: (row.place.initiative_id is None, row.metres is None, row.metres or 0, row.first.slot))


def _when(request: HttpRequest, booker: Booker, at: datetime) -> HttpResponse:
    pk = int(request.GET["plek"])
    place = get_object_or_404(TalkPlace.objects.select_related("initiative").filter(ended_at=None), pk=pk)
    wanted = _wanted(request, booker)
    table = _table(booker, wanted, [place.pk])
    days = days_of(_offered(booker, table, at), day_asked(request.GET))
    return render(request, "participants/booking/when.html", {"booker": booker, "place": place, "days": days, "wanted": wanted})


def _whom(request: HttpRequest, booker: Booker, choice: Choice, at: datetime) -> HttpResponse:
    """What one reads before it is agreed: who it is, for whom they work, what they do not decide."""
    form = InterpreterForm(request.POST if request.method == "POST" else None, initial={"interpreter": booker.interpreter})
    if request.method == "POST" and form.is_valid():
        try:
            appointment = book_talk(
                participant=booker.participant,
                professional=choice.professional,
                kind=booker.kind,
                room=choice.room,
                begins=choice.begins,
                booked_by=booker.by,
                booked_for=booker.initiative,
                actor=booker.actor,
                interpreter_language=form.cleaned_data["interpreter"],
                at=at,
            )
        except Taken as taken:
            return taken_page(request, taken, booker.address, form.cleaned_data["interpreter"], choice)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The appointment is made."))
            return redirect(booker.address if booker.initiative else _shown_at(appointment, booker.by_link))
    context = {"booker": booker, "choice": choice, "form": form}
    return render(request, "participants/booking/whom.html", context, status=422 if form.errors else 200)


def taken_page(request: HttpRequest, taken: Taken, address: str, interpreter: str, choice: Choice | None = None) -> HttpResponse:
    """Somebody else was just before: no blame, and three times that are free now. With the same professional one tap is enough."""
    context = {"free": taken.free, "address": address, "interpreter": interpreter, "choice": choice, "message": taken.message}
    return render(request, "participants/booking/taken.html", context, status=409)
