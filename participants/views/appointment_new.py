"""A professional books a talk for somebody, or moves one that was agreed: at the desk or on the telephone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldlab.lib.errors import DomainError
from initiatives.models import Language
from participants.actions.best_times import Suits
from participants.actions.booking import book, move
from participants.actions.choosing import let_choose
from participants.actions.free_times import Offered, Wanted, timetable
from participants.actions.people import open_participant
from participants.actions.taking import OutsideHours, Taken
from participants.forms.booking import InterpreterForm, OtherTimeForm
from participants.models import Appointment, AppointmentStatus, Availability, BookedBy, Details, Participant, Professional, Reach, TalkKind
from participants.views.booking import taken_page
from participants.views.doors import professional_page
from participants.views.times import Choice, day_asked, days_of, read_choice


@dataclass(frozen=True)
class Desk:
    """Who books what for whom. `moves` is the appointment that is moved."""

    professional: Professional
    participant: Participant
    details: Details
    kind: str
    everybody: bool
    moves: Appointment | None
    at: datetime

    @property
    def suits(self) -> Suits:
        return Suits(self.details.languages, self.participant.neighbourhood)

    @property
    def address(self) -> str:
        return reverse("appointment_new", args=[self.participant.pk])

    @property
    def can_let_choose(self) -> bool:
        """By a link, which goes by e-mail alone."""
        return self.moves is None and self.details.reach == Reach.EMAIL and bool(self.details.email)

    @property
    def asked(self) -> str:
        """What goes along in each address of this page."""
        more = {"soort": self.kind, **({"wie": "allen"} if self.everybody else {}), **({"verzet": self.moves.pk} if self.moves else {})}
        return "&" + urlencode(more)


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="makes an appointment")
def appointment_new(request: HttpRequest, professional: Professional, pk: UUID) -> HttpResponse:
    """Nearest and in the right language first; own times, or those of colleagues too."""
    at = timezone.now()
    visible = Participant.objects.helped_by(professional.user).select_related("key", "neighbourhood")
    participant = get_object_or_404(visible, pk=pk)
    details = open_participant(participant=participant, reason="makes an appointment", at=at)
    desk = _desk(request, professional, participant, details, at)
    if request.method == "POST" and request.POST.get("wat") == "anders":
        return _other_time(request, desk)
    if request.method == "POST" and request.POST.get("wat") == "zelf":
        return _they_choose(request, desk)
    choice = read_choice(request.POST.get("keuze") or request.GET.get("keuze", ""))
    if choice is not None:
        return _chosen(request, desk, choice)
    return _page(request, desk, OtherTimeForm())


def _desk(request: HttpRequest, professional: Professional, participant: Participant, details: Details, at: datetime) -> Desk:
    asked = {**request.GET.dict(), **request.POST.dict()}
    moves = _moved(asked.get("verzet", ""), participant, professional, at)
    had_one = Appointment.objects.about(participant).filter(status=AppointmentStatus.CAME).exists()
    usual = TalkKind.PLAN if had_one else TalkKind.FIRST
    kind = moves.kind if moves else asked.get("soort", "")
    has_hours = Availability.objects.filter(professional=professional).exists()
    everybody = asked.get("wie") == "allen" or not has_hours
    return Desk(professional, participant, details, kind if kind in TalkKind.values else usual, everybody, moves, at)


def _moved(typed: str, participant: Participant, professional: Professional, at: datetime) -> Appointment | None:
    try:
        pk = UUID(typed)
    except ValueError:
        return None
    coming = Appointment.objects.visible_to(professional.user).coming(at).filter(participant=participant)
    return coming.select_related("participant", "professional__user").filter(pk=pk).first()


def _page(request: HttpRequest, desk: Desk, other: OtherTimeForm, status: int = 200, **more: Any) -> HttpResponse:
    begun, offered = day_asked(request.GET), _offered(desk)
    best = desk.suits.best(offered, at=desk.at) if begun is None else []
    days = days_of(offered, begun)
    coming = Appointment.objects.about(desk.participant).coming(desk.at).select_related("place__initiative", "professional__user")
    context = {
        "desk": desk,
        "days": days,
        "best": [_shown(desk, each) for each in best],
        "kinds": TalkKind.choices,
        "form": other,
        "coming": coming,
        **more,
    }
    return render(request, "participants/agenda/new.html", context, status=status)


def _shown(desk: Desk, each: Offered) -> tuple[Offered, float | None, list[str]]:
    """With how many kilometres it is, and what they speak together."""
    metres = desk.suits.metres(each)
    together = [str(Language(code).label) for code in desk.details.languages if code in each.professional.languages]
    return each, None if metres is None else round(metres / 1000, 1), together


def _offered(desk: Desk) -> list[Offered]:
    own = None if desk.everybody else [desk.professional.pk]
    table = timetable(kind=desk.kind, professionals=own, wanted=Wanted(quiet=desk.details.quiet_room))
    return desk.suits.by_moment(table.offered(table.free(at=desk.at, without=desk.moves, lead=desk.everybody)))


def _chosen(request: HttpRequest, desk: Desk, choice: Choice) -> HttpResponse:
    other = next((each for each in desk.details.languages if each != "nl"), "")
    usual = {"interpreter": other if desk.details.interpreter else ""}
    form = InterpreterForm(request.POST if request.method == "POST" else None, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, _agree(desk, choice, form.cleaned_data["interpreter"]))
        except Taken as taken:
            return taken_page(request, taken, f"{desk.address}?{desk.asked[1:]}", form.cleaned_data["interpreter"])
        except OutsideHours:  # since the page was made
            form.add_error(None, _("This time is no longer within the hours. Go back and choose another."))
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"desk": desk, "choice": choice, "form": form}
    return render(request, "participants/agenda/confirm.html", context, status=422 if form.errors else 200)


def _other_time(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Outside of one's own hours only by saying so."""
    form = OtherTimeForm(request.POST)
    if form.is_valid():
        choice = Choice(form.begins(), desk.professional, form.cleaned_data["room"])
        other = next((each for each in desk.details.languages if each != "nl"), "") if desk.details.interpreter else ""
        try:
            return _done(request, _agree(desk, choice, other, outside_hours=form.cleaned_data["outside_hours"]))
        except Taken as taken:
            return taken_page(request, taken, f"{desk.address}?{desk.asked[1:]}", other)
        except OutsideHours as outside:
            form.add_error("outside_hours", outside.message)
        except DomainError as error:
            form.add_error(None, error.message)
    return _page(request, desk, form, status=422)


def _they_choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        let_choose(participant=desk.participant, at=desk.at)
        messages.success(request, _("The link is sent. They choose a time themselves."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(desk.address)


def _agree(desk: Desk, choice: Choice, interpreter: str, *, outside_hours: bool = False) -> Appointment:
    actor = desk.professional.user
    own = choice.professional.pk == desk.professional.pk
    by = BookedBy.PROFESSIONAL
    if desk.moves is not None:
        return move(
            appointment=desk.moves,
            professional=choice.professional,
            room=choice.room,
            begins=choice.begins,
            by=by,
            at=desk.at,
            outside_hours=outside_hours and own,
        )
    return book(
        participant=desk.participant,
        professional=choice.professional,
        kind=desk.kind,
        room=choice.room,
        begins=choice.begins,
        booked_by=by,
        actor=actor,
        interpreter_language=interpreter,
        at=desk.at,
        outside_hours=outside_hours and own,
    )


def _done(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    messages.success(request, _("The appointment is made. Give a card along, or print it."))
    return redirect(f"{reverse('agenda')}?week={timezone.localdate(appointment.begins)}#a{appointment.pk}")
