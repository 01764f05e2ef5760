"""A professional's agenda, week by week, and what came of each talk."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fieldlab.audit.actions import record_accesses
from fieldlab.lib.ids import uuid_or_none
from fieldlab.lib.opening import start_of
from participants.models import Absence, Appointment, Availability, Interpreter, Participant, Professional
from participants.slots import is_holiday
from participants.views.desk_talks import change, talks_of, with_wishes
from participants.views.doors import professional_page

WEEK = timedelta(days=7)
SATURDAY = 5


@dataclass
class Talk:
    """An appointment as the agenda shows it."""

    appointment: Appointment
    name: str
    is_now: bool
    has_begun: bool


@dataclass
class AgendaDay:
    date: date
    is_today: bool
    away: bool
    holiday: bool
    # Places where the professional is that day
    places: list[str]
    talks: list[Talk] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@professional_page(reason="the agenda")
def agenda(request: HttpRequest, professional: Professional) -> HttpResponse:
    at = timezone.now()
    if request.method == "POST":
        return _told(request, professional, at)
    today = timezone.localdate(at)
    monday = _monday(request.GET.get("week", ""), _opens_on(professional, today))
    context = {
        "days": _week(professional, monday, at),
        "today": today,
        "monday": monday,
        "sunday": monday + WEEK - timedelta(days=1),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "is_this_week": monday <= today < monday + WEEK,
        "statuses": [each for each in Interpreter if each != Interpreter.NOT_NEEDED],
    }
    return render(request, "participants/agenda/agenda.html", context)


def _monday(asked: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = otherwise
    if not date(2020, 1, 1) <= day <= date(2100, 1, 1):
        day = otherwise
    return day - timedelta(days=day.weekday())


def _opens_on(professional: Professional, today: date) -> date:
    """Today, or the Monday after it when the weekend has begun and nothing of this week is left."""
    after = today + WEEK - timedelta(days=today.weekday())
    if today.weekday() < SATURDAY or any(day.places for day in _days(professional, today, after)):
        return today
    left = Appointment.objects.visible_to(professional.user).agreed().filter(professional=professional)
    return today if left.filter(begins__gte=start_of(today), begins__lt=start_of(after)).exists() else after


def _week(professional: Professional, monday: date, at: datetime) -> list[AgendaDay]:
    days = {day.date: day for day in _days(professional, monday, monday + WEEK)}
    for talk in _talks(professional, monday, at):
        days[timezone.localdate(talk.appointment.begins)].talks.append(talk)
    return [day for day in days.values() if day.date.weekday() < SATURDAY or day.talks or day.places]


def _days(professional: Professional, first: date, after: date) -> list[AgendaDay]:
    absences = list(Absence.objects.filter(professional=professional, last__gte=first, first__lt=after))
    hours = list(Availability.objects.filter(professional=professional).select_related("place__initiative"))
    days = []
    for each in (first + timedelta(days=number) for number in range((after - first).days)):
        away = any(absence.first <= each <= absence.last for absence in absences)
        there = [one.place.name for one in hours if one.hours.hours_on(each)] if not away else []
        days.append(AgendaDay(each, each == timezone.localdate(), away, is_holiday(each), there))
    return days


def _talks(professional: Professional, monday: date, at: datetime) -> list[Talk]:
    """Whoever comes by name: each is logged as looked at."""
    found = Appointment.objects.visible_to(professional.user).agreed().filter(professional=professional)
    found = found.filter(begins__gte=start_of(monday), begins__lt=start_of(monday + WEEK)).order_by("begins", "pk")
    shown = list(with_wishes(found.select_related("participant__key", "place__initiative", "room")))
    people = {each.participant_id for each in shown if each.participant.erased_at is None}
    record_accesses(participant_ids=people, what="participant.name", reason="the agenda", at=at)
    return [
        Talk(
            each,
            each.participant.open().short_name if each.participant_id in people else "–",
            each.begins <= at < each.ends,
            each.begins <= at,
        )
        for each in shown
    ]


# --- what came of it


def _told(request: HttpRequest, professional: Professional, at: datetime) -> HttpResponse:
    found = talks_of(professional).select_related("participant__key", "professional")
    appointment = get_object_or_404(found, pk=uuid_or_none(request.POST.get("afspraak", "")))
    change(request, appointment, professional, at)
    # A talk that went to a colleague may have closed the door behind it
    still_helped = Participant.objects.helped_by(professional.user).filter(pk=appointment.participant_id)
    if request.POST.get("van") == "mens" and still_helped.exists():
        return redirect(f"{reverse('participant', args=[appointment.participant_id])}#talks")
    return redirect(f"{reverse('agenda')}?week={timezone.localdate(appointment.begins)}#a{appointment.pk}")
