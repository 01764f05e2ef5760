"""Whom a professional calls today, the longest waiting first: a list put together of four kinds of waiting."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area, Level
from fieldlab.audit.actions import record_accesses
from fieldlab.lib.opening import start_of
from initiatives.models import Language
from participants.models import Appointment, BestTime, Call, CallAbout, CallRequest, FollowUp, HandOver, Participant, ParticipantAccess

# Of each kind of waiting, so that many of one kind hide nobody of another
MOST = 100
# As far back as calls are read
CALLS_SINCE = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class ToCall:
    """One line: whom to call, at which number, why, since when. `about` names it in the form that tells what came of it."""

    about: str
    name: str
    phone: str
    since: datetime
    why: str
    where: str = ""
    notes: list[str] = field(default_factory=list)
    tried: int = 0
    # Where somebody waits for a first talk; None for who had one
    quarter: str | None = None
    participant: Participant | None = None
    request: CallRequest | None = None

    def days(self, at: datetime) -> int:
        return (timezone.localdate(at) - timezone.localdate(self.since)).days


@dataclass(frozen=True, kw_only=True)
class Called:
    """What was tapped today, to be taken back."""

    call: Call
    name: str
    phone: str


def to_call(user: User, at: datetime) -> tuple[list[ToCall], list[Called]]:
    """Who is to be called now, and who was called today. Every participant whose name is on it is logged as looked at."""
    calls = _calls(user, at)
    waiting = [*_requests(user, at), *_people(user, at, calls)]
    called = [_called(call) for call in calls if call.caller_id == user.pk and timezone.localdate(call.at) == timezone.localdate(at)]
    seen = {each.participant.pk for each in waiting if each.participant} | {
        each.call.participant_id for each in called if each.call.participant_id
    }
    record_accesses(participant_ids=sorted(seen), what="participant.name", reason="who to call today", at=at)
    return sorted(waiting, key=lambda each: each.since), called


def day_in_figures(user: User, at: datetime) -> tuple[int, int]:
    """How many are to be called now, and how many talks there are today. No name is shown, so nobody is looked at."""
    begin = start_of(timezone.localdate(at))
    talks = Appointment.objects.visible_to(user).agreed().filter(professional__user=user)
    waiting = [*_requests(user, at), *_people(user, at, _calls(user, at))]
    return len(waiting), talks.filter(begins__gte=begin, begins__lt=begin + timedelta(days=1)).count()


def _calls(user: User, at: datetime) -> list[Call]:
    """The calls that still say something: of today, and those after which somebody is to be tried again."""
    telling = Call.objects.filter(at__gte=start_of(timezone.localdate(at)) - CALLS_SINCE)
    mine = telling.filter(Q(request__in=CallRequest.objects.visible_to(user)) | Q(participant__in=Participant.objects.visible_to(user)))
    return list(mine.select_related("request", "participant__key").order_by("-at", "pk"))


def _requests(user: User, at: datetime) -> Iterable[ToCall]:
    waiting = CallRequest.objects.visible_to(user).filter(initiative=None).to_call(at).with_calls()
    for request in waiting.select_related("area__parent", "brought_by").defer("area__boundary", "area__parent__boundary")[:MOST]:
        caller = request.open()
        notes = []
        if caller.language:
            notes.append(_("Speaks %(language)s.") % {"language": Language(caller.language).label})
        if request.best_time != BestTime.ANY:
            notes.append(_("Preferably %(time)s.") % {"time": request.get_best_time_display()})
        yield ToCall(
            about=f"verzoek:{request.pk}",
            name=caller.first_name or _("without a name"),
            phone=caller.phone,
            since=request.asked_at,
            why=_("Brought in by %(place)s.") % {"place": request.brought_by.name} if request.brought_by else _("Asked to be called."),
            where=request.area.name if request.area else "",
            quarter=_quarter(request.area),
            notes=notes,
            tried=request.tried,
            request=request,
        )


def _people(user: User, at: datetime, calls: list[Call]) -> Iterable[ToCall]:
    """Of one person one line: what is most pressing."""
    settled = _Settled(calls, at)
    mine = Participant.objects.helped_by(user)
    about: dict[UUID, ToCall] = {}
    for hand_over in _unanswered(mine):
        if not settled(line := _hand_over(hand_over, settled), hand_over=hand_over.pk):
            about.setdefault(hand_over.participant_id, line)
    for appointment in _untold(mine, user, at):
        if not settled(line := _to_tell(appointment, settled), appointment=appointment.pk):
            about.setdefault(appointment.participant_id, line)
    for access in _taken_over(mine, user, at):
        if not settled(line := _introduce(access, settled)):
            about.setdefault(access.participant_id, line)
    for appointment in _unconfirmed(mine, user, at):
        if not settled(line := _appointment(appointment, settled), appointment=appointment.pk):
            about.setdefault(appointment.participant_id, line)
    for follow_up in _due(mine, user, at):
        if not settled(line := _follow_up(follow_up, settled)):
            about.setdefault(follow_up.participant_id, line)
    for participant in mine.without_a_talk().to_open().order_by("created_at", "pk")[:MOST]:
        if not settled(line := _first(participant, settled)):
            about.setdefault(participant.pk, line)
    yield from about.values()


class _Settled:
    """Whether the last call about somebody says that they need not be called now; and how often nobody answered."""

    def __init__(self, calls: list[Call], at: datetime) -> None:
        self.last: dict[tuple[Any, Any, Any], Call] = {}
        self.tries: dict[Any, int] = {}
        self.at = at
        for call in calls:
            self.last.setdefault((call.participant_id, call.appointment_id, call.hand_over_id), call)
            if call.again_at and call.participant_id:
                self.tries[call.participant_id] = self.tries.get(call.participant_id, 0) + 1

    def __call__(self, line: ToCall, *, appointment: Any = None, hand_over: Any = None) -> bool:
        call = self.last.get((line.participant and line.participant.pk, appointment, hand_over))
        if call is None:
            return False
        return call.at >= line.since if call.again_at is None else call.again_at > self.at


def _unanswered(mine: Any) -> Any:
    """Hand-overs of which no place said anything, or that are to be talked over with whom they are about."""
    waiting = HandOver.objects.filter(participant__in=mine.values("pk"))
    unsettled = Q(state__in=("unanswered", "other_day"), professional_agreed_at=None, participant_agreed_at=None)
    to_ask = Q(state="yes", participant_agreed_at=None) | Q(state="no_room", step__status__in=("planned", "doing"))
    later = HandOver.objects.filter(step=OuterRef("step"), asked_at__gt=OuterRef("asked_at"))
    waiting = waiting.filter(~Exists(later))
    return waiting.filter(unsettled | to_ask).select_related("participant__key", "initiative").order_by("asked_at", "pk")[:MOST]


def _unconfirmed(mine: Any, user: User, at: datetime) -> Any:
    """Talks of tomorrow of which nobody knows whether they come, and those that did not take place in the last days."""
    today = timezone.localdate(at)
    begin, end = (start_of(today + timedelta(days=days)) for days in (1, 2))
    tomorrow = Q(status="booked", confirmed_at=None, begins__gte=begin, begins__lt=end)
    missed = Q(status="missed", begins__gte=at - timedelta(days=7))
    theirs = Appointment.objects.filter(tomorrow | missed, professional__user=user, participant__in=mine.values("pk"))
    return theirs.select_related("participant__key", "place__initiative").order_by("begins")[:MOST]


def _untold(mine: Any, user: User, at: datetime) -> Any:
    """What changed without a message that could tell it; of talks with who stopped, whoever helps them now."""
    whose = Q(professional__user=user) | Q(professional__ended_at__isnull=False)
    theirs = Appointment.objects.to_tell(at).filter(whose, participant__in=mine.values("pk"))
    return theirs.select_related("participant__key", "place__initiative")[:MOST]


def _taken_over(mine: Any, user: User, at: datetime) -> Any:
    """Of whom nobody could say who helps them now: it was arranged by somebody who never saw them, or by who took over."""
    there = ParticipantAccess.objects.open().lasting().filter(user=user, reason="handover", participant__in=mine.values("pk"))
    knew = ParticipantAccess.objects.filter(participant=OuterRef("participant"), user=OuterRef("granted_by")).exclude(user=user)
    spoken_since = Q(participant__last_contact_at__gte=F("valid_from"), valid_from__lte=at - CALLS_SINCE)
    new = there.filter(~Exists(knew.exclude(reason="break_glass")), ~spoken_since, granted_by__isnull=False)
    return new.select_related("participant__key").order_by("valid_from", "pk")[:MOST]


def _due(mine: Any, user: User, at: datetime) -> Any:
    due = FollowUp.objects.filter(
        Q(professional=user) | ~Q(about=CallAbout.PROGRESS), done_at=None, on__lte=timezone.localdate(at), participant__in=mine.values("pk")
    )
    return due.select_related("participant__key").order_by("on", "pk")[:MOST]


def _line(participant: Participant, settled: _Settled, **values: Any) -> ToCall:
    details = participant.open()
    notes = list(values.pop("notes", []))
    if details.interpreter:
        spoken = ", ".join(str(Language(code).label) for code in details.languages if code != "nl")
        notes.append(_("Interpreter: %(languages)s.") % {"languages": spoken or _("language not known")})
    if details.best_time:
        notes.append(_("Reach: %(time)s.") % {"time": details.best_time})
    values.setdefault("phone", details.phone)
    return ToCall(name=details.short_name, notes=notes, tried=settled.tries.get(participant.pk, 0), participant=participant, **values)


def _hand_over(hand_over: HandOver, settled: _Settled) -> ToCall:
    """Of a place that says nothing the place is called; of the rest the person, to hear what they want."""
    place, words = hand_over.initiative, _ASKED_PLACE[hand_over.state]
    since = hand_over.answered_at or hand_over.asked_at
    values = {"about": f"overdracht:{hand_over.pk}", "since": since, "why": words % {"place": place.name}}
    if hand_over.state == "unanswered":
        values["phone"] = place.phone
    return _line(hand_over.participant, settled, **values)


_ASKED_PLACE: dict[str, Any] = {
    "unanswered": gettext_lazy("%(place)s did not answer. Call the place."),
    "other_day": gettext_lazy("%(place)s asks for another day."),
    "yes": gettext_lazy("%(place)s says yes. Do they want it too?"),
    "no_room": gettext_lazy("%(place)s has no room now. Look for another place together."),
}


def _to_tell(appointment: Appointment, settled: _Settled) -> ToCall:
    words = {"cancelled": _("Does not know yet: %(when)s is cancelled."), "held": _("Does not know yet: %(when)s is free for them.")}
    why = words.get(appointment.status, _("Does not know yet: the appointment is on %(when)s."))
    when = date_format(timezone.localtime(appointment.begins), "j F G.i")
    about, since = f"afspraak:{appointment.pk}", appointment.to_tell_since or appointment.booked_at
    return _line(appointment.participant, settled, about=about, since=since, why=why % {"when": when})


def _introduce(access: ParticipantAccess, settled: _Settled) -> ToCall:
    why = _("A colleague who helped them stopped. Say that you help them now.")
    return _line(access.participant, settled, about=f"mens:{access.participant_id}", since=access.valid_from, why=why)


def _appointment(appointment: Appointment, settled: _Settled) -> ToCall:
    clock = timezone.localtime(appointment.begins).strftime("%H.%M")
    if appointment.status == "missed":
        since, why = appointment.begins, _("Could not come. How is it going?")
    else:
        since, why = appointment.booked_at, _("Tomorrow at %(time)s. Is it still all right?") % {"time": clock}
    return _line(appointment.participant, settled, about=f"afspraak:{appointment.pk}", since=since, why=why)


_ASKED = {
    CallAbout.PROGRESS: gettext_lazy("Agreed: how is it going?"),
    CallAbout.ERASURE: gettext_lazy("Must hear that their details are going to be erased."),
    CallAbout.OPENED: gettext_lazy("Must hear that their details were opened in an emergency."),
}


def _follow_up(follow_up: FollowUp, settled: _Settled) -> ToCall:
    since = start_of(follow_up.on)
    return _line(
        follow_up.participant, settled, about=f"mens:{follow_up.participant_id}", since=since, why=str(_ASKED[CallAbout(follow_up.about)])
    )


def _first(participant: Participant, settled: _Settled) -> ToCall:
    return _line(
        participant,
        settled,
        about=f"mens:{participant.pk}",
        since=participant.created_at,
        why=_("Waits for a first talk."),
        where=participant.neighbourhood.name if participant.neighbourhood else "",
        quarter=_quarter(participant.neighbourhood),
    )


def _quarter(area: Area | None) -> str:
    if area is None:
        return ""
    return area.parent.name if area.level == Level.NEIGHBOURHOOD and area.parent else area.name


def _called(call: Call) -> Called:
    if call.request is not None:
        caller = call.request.open()
        return Called(call=call, name=caller.first_name or _("without a name"), phone=caller.phone)
    details = call.participant.open()  # type: ignore[union-attr]
    return Called(call=call, name=details.short_name, phone=details.phone)
