"""A professional's Monday: whom to call, whom to talk with, who waits where."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_accesses
from fieldlab.lib.errors import DomainError
from fieldlab.lib.ids import uuid_or_none
from fieldlab.lib.opening import start_of
from participants.actions.day import record_call, record_request_call, take_back
from participants.actions.leaving import left_for
from participants.actions.to_call import ToCall, to_call
from participants.models import Appointment, Call, CallRequest, CallResult, HandOver, Participant, Professional
from participants.views.doors import professional_page

WEEK = timedelta(days=7)
# A pause shorter than this is no free time
FREE = timedelta(minutes=60)


@dataclass(frozen=True)
class Stop:
    """A line of today: a talk, or time that is free until `ends`."""

    begins: datetime
    ends: datetime
    appointment: Appointment | None
    name: str
    now: bool


@require_safe
@professional_page(reason="the day's work")
def day(request: HttpRequest, professional: Professional) -> HttpResponse:
    at, user = timezone.now(), professional.user
    waiting, called = to_call(user, at)
    talks = _talks(professional, at)
    today = timezone.localdate(at)
    stops = _stops([each for each in talks if timezone.localdate(each.begins) == today], at)
    context = {
        "at": at,
        "districts": [area.name for area in professional.areas.defer("boundary").order_by("name")],
        "waiting": [(each, each.days(at)) for each in waiting],
        "called": called,
        "stops": stops,
        "next": next((each for each in stops if each.appointment and each.ends > at), None),
        "talks_today": sum(each.appointment is not None for each in stops),
        "week": _week([each for each in talks if timezone.localdate(each.begins) > today]),
        "where": _waiting_where(waiting, at),
        "left": [(each, each.days(at)) for each in left_for(professional=professional, at=at)],
        "results": [(CallResult.SPOKEN, "check"), (CallResult.NO_ANSWER, "x"), (CallResult.LATER, "rotate-ccw")],
    }
    return render(request, "participants/day/day.html", context)


def _talks(professional: Professional, at: datetime) -> list[Appointment]:
    begin = start_of(timezone.localdate(at))
    mine = Appointment.objects.visible_to(professional.user).filter(professional=professional).agreed()
    coming = mine.filter(begins__gte=begin, begins__lt=begin + WEEK).order_by("begins", "pk")
    talks = list(coming.select_related("participant__key", "place__initiative", "room"))
    record_accesses(
        participant_ids=sorted({each.participant_id for each in talks}), what="participant.name", reason="talks of this week", at=at
    )
    return talks


def _stops(talks: list[Appointment], at: datetime) -> list[Stop]:
    """Today's talks, with the free time between them."""
    stops: list[Stop] = []
    for talk in talks:
        last = stops[-1].ends if stops else None
        if last and talk.begins - last >= FREE:
            stops.append(Stop(last, talk.begins, None, "", last <= at < talk.begins))
        stops.append(Stop(talk.begins, talk.ends, talk, talk.participant.open().short_name, talk.begins <= at < talk.ends))
    return stops


def _week(talks: list[Appointment]) -> list[tuple[date, list[tuple[Appointment, str]]]]:
    days: dict[date, list[tuple[Appointment, str]]] = {}
    for talk in talks:
        days.setdefault(timezone.localdate(talk.begins), []).append((talk, talk.participant.open().short_name))
    return list(days.items())


def _waiting_where(waiting: list[ToCall], at: datetime) -> list[dict[str, Any]]:
    """Of each quarter how many wait for a first talk, and the longest wait in days; who lives nowhere that is known comes last."""
    counts: Counter[str] = Counter()
    longest: dict[str, int] = {}
    for each in waiting:
        if each.quarter is not None:
            counts[each.quarter] += 1
            longest[each.quarter] = max(longest.get(each.quarter, 0), each.days(at))
    most = max(counts.values(), default=0)
    found = [{"name": name, "people": people, "longest": longest[name], "most": most} for name, people in counts.most_common()]
    return sorted(found, key=lambda row: (not row["name"], -int(str(row["people"]))))


@require_POST
@professional_page(reason="a telephone call")
def call_result(request: HttpRequest, professional: Professional) -> HttpResponse:
    """One tap: `about` says whom, `result` what came of it; `undo` takes an earlier one back."""
    at, user = timezone.now(), professional.user
    try:
        if "undo" in request.POST:
            take_back(call=get_object_or_404(Call, pk=uuid_or_none(request.POST["undo"]), caller=user), caller=user, at=at)
            return redirect("day")
        onward = _record(request.POST.get("about", ""), request.POST.get("result", ""), user, at)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("day")
    return redirect(onward or reverse("day"))


def _record(about: str, result: str, user: User, at: datetime) -> str | None:
    """Where to go on to, when an appointment is made of it."""
    kind, _colon, key = about.partition(":")
    if result not in CallResult.values:
        raise Http404
    outcome, pk = CallResult(result), uuid_or_none(key)
    if kind == "verzoek":
        wanted = get_object_or_404(CallRequest.objects.visible_to(user).alive(at), pk=pk)
        record_request_call(request=wanted, caller=user, result=outcome, at=at)
        return reverse("request_yes", args=[pk]) if outcome == CallResult.APPOINTMENT else None
    mine = Participant.objects.helped_by(user)
    about_what: dict[str, Any] = {}
    match kind:
        case "mens":
            participant = get_object_or_404(mine, pk=pk)
        case "afspraak":
            appointment = get_object_or_404(Appointment.objects.visible_to(user).select_related("participant"), pk=pk)
            participant, about_what = appointment.participant, {"appointment": appointment}
        case "overdracht":
            hand_over = get_object_or_404(HandOver.objects.visible_to(user).select_related("participant"), pk=pk)
            participant, about_what = hand_over.participant, {"hand_over": hand_over}
        case _:
            raise Http404
    record_call(participant=participant, caller=user, result=outcome, at=at, **about_what)
    return reverse("appointment_new", args=[participant.pk]) if outcome == CallResult.APPOINTMENT else None
