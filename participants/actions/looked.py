"""Who looked at somebody's details, and what was changed in them, as that person may read it: newest first, in plain sentences.

Read in the person's own context: the wall lets nobody else see who looked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import unseal
from initiatives.models import Initiative
from participants.models import AccessReason, Answer, BrokenGlass, Call, Consent, Participant, Purpose

VIEW, DETAILS, ACCESS, CONSENT, CALL = "view", "details", "access", "consent", "call"
GLASS = "participant.glass"
# Of these history says that something changed, and what it was about. Of a report only that it was begun: it is saved at every word.
OTHERS: dict[str, StrOrPromise] = {
    "Appointment": gettext_lazy("your appointment"),
    "PlanStep": gettext_lazy("your plan"),
    "HandOver": gettext_lazy("what was agreed with a place"),
    "IntakeReport": gettext_lazy("your report"),
}
BEGUN_ONLY = ("IntakeReport",)

# What was looked at, or done: "… looked at %s". Another code is told as it is in OTHER.
WHAT: dict[str, StrOrPromise] = {
    "participant.details": gettext_lazy("your name and number"),
    "participant.name": gettext_lazy("your name, on a list"),
    "participant.consents": gettext_lazy("what you said yes or no to"),
    "participant.log": gettext_lazy("who looked at your details"),
    "participant.access": gettext_lazy("who sees your details"),
    "participant.card": gettext_lazy("your card"),
    "appointment": gettext_lazy("your appointment"),
    "appointments": gettext_lazy("your appointments"),
    "report": gettext_lazy("your report"),
    "talk": gettext_lazy("what you told in the talk"),
    "plan": gettext_lazy("your plan"),
    "hand_over": gettext_lazy("what was agreed with a place"),
    "participant.copy": gettext_lazy("everything that we keep about you"),
    "participant.export": gettext_lazy("everything that we keep about you"),
    "participant.attendance": gettext_lazy("the days on which you came"),
}
OTHER = gettext_lazy("your details")
# What is no looking, but doing, has a sentence of its own: %(who)s and %(time)s
DONE: dict[str, StrOrPromise] = {
    "code.given": gettext_lazy("%(who)s made a card with a code for you at %(time)s."),
    "code.revoked": gettext_lazy("Somebody typed a wrong answer with your code five times. At %(time)s we closed that code."),
    "code.withdrawn": gettext_lazy("%(who)s ended the code on your card at %(time)s."),
    "booking.link": gettext_lazy("%(who)s sent you a link at %(time)s to choose a time for a talk."),
    "earlier.asked": gettext_lazy("%(who)s asked at %(time)s for an earlier time."),
    "earlier.ended": gettext_lazy("%(who)s said at %(time)s that an earlier time is not needed any more."),
    "earlier.taken": gettext_lazy("%(who)s said yes at %(time)s to an earlier time."),
    "earlier.declined": gettext_lazy("%(who)s said no at %(time)s to an earlier time."),
    "participant.erased": gettext_lazy("%(who)s erased your details at %(time)s."),
    GLASS: gettext_lazy("%(who)s opened your details in an emergency at %(time)s."),
}
# In which role somebody looked or did something; another stands in the log by name and employer alone
ROLES: dict[str, StrOrPromise] = {
    "professional": gettext_lazy("participation professional"),
    "calendar": gettext_lazy("participation professional"),
    "team": gettext_lazy("team of a place"),
    "coordinator": gettext_lazy("network coordinator"),
    "facilitator": gettext_lazy("workshop facilitator"),
}
# Reasons stand in the log as the code wrote them
REASONS: dict[str, StrOrPromise] = {
    "prepares the first talk": gettext_lazy("to prepare the first talk"),
    "prints a card": gettext_lazy("to print a card for you"),
    "asks for consent": gettext_lazy("to ask you what is allowed"),
    "reads their own details": gettext_lazy("these are your own details"),
    "reads who looked": gettext_lazy("these are your own details"),
    "corrects their own details": gettext_lazy("to change your own details"),
    "answers what is allowed": gettext_lazy("to say what is allowed"),
    "ends somebody’s access": gettext_lazy("to choose who sees your details"),
    "the list of their people": gettext_lazy("to see whom they help"),
    "who to call today": gettext_lazy("to see whom to call"),
    "the agenda": gettext_lazy("to look in the agenda"),
    "talks of this week": gettext_lazy("to look in the agenda"),
    "hands people over": gettext_lazy("to see whom a colleague takes over"),
    "helps this person": gettext_lazy("to help you"),
    "makes an appointment": gettext_lazy("to make an appointment with you"),
    "makes an appointment on somebody's behalf": gettext_lazy("to make an appointment for you"),
    "looks at an appointment": gettext_lazy("to look at your appointment"),
    "prints the plan of this person": gettext_lazy("to print your plan"),
    "prints their own plan": gettext_lazy("these are your own details"),
    "asks a place whether this person may come": gettext_lazy("to ask a place whether you may come"),
    "a place answers by link": gettext_lazy("to answer whether you may come"),
    "a team answers": gettext_lazy("to answer whether you may come"),
    "reads everything about themselves": gettext_lazy("these are your own details"),
    "erases their own details": gettext_lazy("these are your own details"),
    "a telephone call": gettext_lazy("to call you"),
    "adds somebody": gettext_lazy("to write down your details"),
    "adds themselves": gettext_lazy("these are your own details"),
    "opens the link in a message": gettext_lazy("to look at your appointment"),
    "whom the team brought in or receives": gettext_lazy("to see whom they help"),
    "talks with this person": gettext_lazy("to talk with you"),
    "reads a report": gettext_lazy("to read your report"),
    "arranges a report": gettext_lazy("to prepare your report"),
    "reads a report together": gettext_lazy("to read your report with you"),
    "prints a report": gettext_lazy("to print your report"),
    "reads their own report": gettext_lazy("these are your own details"),
    "prints their own report": gettext_lazy("these are your own details"),
    "takes a sentence away": gettext_lazy("these are your own details"),
    "adds a step": gettext_lazy("to write down a step with you"),
    "the day's work": gettext_lazy("to see what there is to do today"),
    "makes a plan with this person": gettext_lazy("to make a plan with you"),
    "own plan": gettext_lazy("these are your own details"),
    "puts details right": gettext_lazy("to put your details right"),
    "adds a goal": gettext_lazy("to write down what you want"),
    "says how far they are": gettext_lazy("to write down how far you are"),
    "lets a goal go": gettext_lazy("to change your plan"),
    "takes a goal back": gettext_lazy("to change your plan"),
    "changes a step": gettext_lazy("to change your plan"),
    "says how a step goes": gettext_lazy("to change your plan"),
    "plans to ask how it is going": gettext_lazy("to ask you later how it is going"),
    "says that it was asked": gettext_lazy("to write down that they asked how it is going"),
    "takes a day away": gettext_lazy("to change your plan"),
    "takes over whom nobody helps any more": gettext_lazy("to help you"),
    "erases somebody at their request": gettext_lazy("because you asked to be erased"),
    "keeps their own details": gettext_lazy("these are your own details"),
    "makes a proof that they came": gettext_lazy("these are your own details"),
    **{str(value): label for value, label in AccessReason.choices},
}
FIELDS: dict[str, StrOrPromise] = {
    "first_name": gettext_lazy("first name"),
    "last_name": gettext_lazy("last name"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "birth_year": gettext_lazy("year of birth"),
    "languages": gettext_lazy("languages"),
    "interpreter": gettext_lazy("interpreter"),
    "quiet_room": gettext_lazy("quiet room"),
    "reach": gettext_lazy("how we reach you"),
    "best_time": gettext_lazy("when we reach you"),
    "neighbourhood_id": gettext_lazy("neighbourhood"),
}


@dataclass(frozen=True)
class Line:
    at: datetime
    sentence: str
    # Empty where it speaks for itself
    why: str
    by_themselves: bool
    who: str = ""
    # Of a look, and of nothing else: at what, and how many times
    what: str = ""
    times: int = 1


def looked(participant: Participant, *, by_others: bool = False) -> "QuerySet[Any, Any]":
    """Rows of (at, source, key), newest first, to page through; `told` makes sentences of them."""
    views = AccessRecord.objects.about(participant.pk)
    consents = Consent.objects.filter(participant=participant)
    calls = Call.objects.filter(participant=participant)
    changes = {source: _events(source, participant) for source in (DETAILS, ACCESS, *OTHERS)}
    if by_others:
        mine = Q(pgh_context__kind="link") | Q(pgh_context__user=participant.user_id or 0, pgh_context__kind="user")
        views = views.exclude(kind="link").exclude(user=participant.user_id or 0)
        consents = consents.exclude(witness=None)
        changes = {source: events.exclude(mine) for source, events in changes.items()}
    sources = [(VIEW, views, "at"), (CONSENT, consents, "at"), (CALL, calls, "at")]
    sources += [(source, events, "pgh_created_at") for source, events in changes.items()]
    first, *others = [
        rows.order_by().annotate(when=F(when), source=Value(source), key=Cast("pk", TextField())).values_list("when", "source", "key")
        for source, rows, when in sources
    ]
    rows: QuerySet[Any, Any] = first.union(*others, all=True).order_by("-when", "source", "-key")
    return rows


def told(participant: Participant, rows: Iterable[tuple[datetime, str, str]]) -> list[Line]:
    """A sentence for each row of `looked`, in the same order; looks of one day that are alike share one, with all their times.

    As many queries for one row as for fifty.
    """
    rows = list(rows)
    keys: dict[str, list[str]] = {}
    for _at, source, key in rows:
        keys.setdefault(source, []).append(key)
    tables = {VIEW: AccessRecord.objects.all(), CONSENT: Consent.objects.all(), CALL: Call.objects.select_related("hand_over")}
    tables |= {source: _events(source, participant) for source in (ACCESS, *OTHERS)}
    found: dict[tuple[str, str], Any] = {
        (source, str(record.pk)): record
        for source, table in tables.items()
        if source in keys
        for record in table.filter(pk__in=keys[source])
    }
    changes = _changes(participant) if DETAILS in keys else {}
    people = _People(participant, found.values(), [event for event, _names in changes.values()])
    sentences: dict[str, Callable[[Any, _People], Line]] = {ACCESS: _given, CONSENT: _answered, CALL: _called}
    views = _alike(found[source, key] for _at, source, key in rows if source == VIEW)
    lines = []
    for _at, source, key in rows:
        if source == DETAILS:
            lines.append(_changed(*changes[key], people))
        elif source != VIEW:
            lines.append(sentences.get(source, _other)(found[source, key], people))
        elif key in views:
            lines.append(_viewed(views[key], people))
    return lines


def _alike(records: Iterable[AccessRecord]) -> dict[str, list[AccessRecord]]:
    """By the key of the newest of them, the looks of one day by one person at one thing for one reason."""
    groups: dict[tuple[Any, ...], list[AccessRecord]] = {}
    for record in records:
        same = (localtime(record.at).date(), record.kind, record.user_id, record.employer, record.role, record.what, record.reason)
        groups.setdefault(same, []).append(record)
    return {str(group[0].pk): group for group in groups.values()}


def _events(source: str, participant: Participant) -> "QuerySet[Any, Any]":
    """History about a participant: of their own row, of who has access, or of one of OTHERS."""
    model = {DETAILS: "Participant", ACCESS: "ParticipantAccess"}.get(source, source)
    events: QuerySet[Any, Any] = apps.get_model("participants", f"{model}Event")._default_manager.all()
    if source in BEGUN_ONLY:
        events = events.filter(pgh_label="insert")
    return events.filter(pgh_obj=participant) if source == DETAILS else events.filter(participant=participant)


def _changes(participant: Participant) -> dict[str, tuple[Any, list[str]]]:
    """Each event of the participant's row with the names of what changed in it; none: it is the first."""
    names = [field.attname for field in Participant._meta.get_fields() if hasattr(field, "attname")]
    changes, before = {}, None
    for event in _events(DETAILS, participant).order_by("pgh_id"):
        there = [name for name in names if hasattr(event, name)]
        changed = [name for name in there if before is not None and getattr(before, name) != getattr(event, name)]
        changes[str(event.pk)] = (event, changed)
        before = event
    return changes


class _People:
    """Names of those in the rows of one page, in two queries."""

    def __init__(self, participant: Participant, records: Iterable[Any], events: Iterable[Any]) -> None:
        self.participant = participant
        users, initiatives = set(), set()
        for record in [*records, *events]:
            users |= {getattr(record, name, None) for name in ("user_id", "witness_id", "granted_by_id", "caller_id")}
            users.add((getattr(record, "pgh_context", None) or {}).get("user"))
            initiatives.add(getattr(record, "initiative_id", None))
        self.users = User.objects.in_bulk([each for each in users if each])
        self.initiatives = Initiative.objects.in_bulk([each for each in initiatives if each])
        broken = any(getattr(record, "what", "") == GLASS for record in records)
        self.emergencies = _emergencies(participant) if broken else {}

    def name(self, user_id: int | None, employer: str = "") -> str:
        user = self.users.get(user_id)
        name = (user.name if user else "") or _("Somebody who no longer works here")
        employer = employer or (user.employer if user else "")
        return _("%(name)s of %(employer)s") % {"name": name, "employer": employer} if employer else name

    def who(self, kind: str, user_id: int | None, employer: str = "", role: str = "") -> tuple[str, bool]:
        """How a sentence begins, and whether it is the person themselves."""
        if kind == "link" or (user_id is not None and user_id == self.participant.user_id):
            return _("You"), True
        if not user_id:
            return _("This website itself"), False
        name = self.name(user_id, employer)
        return (_("%(name)s (%(role)s)") % {"name": name, "role": ROLES[role]} if role in ROLES else name), False

    def of_event(self, event: Any) -> tuple[str, bool]:
        context: Mapping[str, Any] = event.pgh_context or {}
        return self.who(context.get("kind", ""), context.get("user"), context.get("employer", ""), context.get("role", ""))


def _time(at: datetime) -> str:
    return date_format(localtime(at), "G.i")


def _viewed(records: list[AccessRecord], people: _People) -> Line:
    record = records[0]
    who, own = people.who(record.kind, record.user_id, record.employer, record.role)
    *earlier, last = dict.fromkeys(_time(each.at) for each in reversed(records))
    times = _("%(times)s and %(last)s") % {"times": ", ".join(earlier), "last": last} if earlier else last
    words = {"who": who, "time": times, "what": WHAT.get(record.what, OTHER)}
    if done := DONE.get(record.what):
        return Line(record.at, str(done) % words, people.emergencies.get(record.at, "") if record.what == GLASS else "", own, who)
    why = REASONS.get(record.reason)
    sentence = _("You looked at %(what)s at %(time)s.") if own else _("%(who)s looked at %(what)s at %(time)s.")
    reason = "" if own else str(why or _(record.reason))
    return Line(record.at, sentence % words, reason, own, who, str(words["what"]), len(records))


def _emergencies(participant: Participant) -> dict[datetime, str]:
    """By when the glass was broken: why, in the words of who did it."""
    broken = [each for each in BrokenGlass.objects.filter(participant=participant) if each.why is not None]
    key = participant.key.unwrap() if broken else None
    return {each.at: str(unseal(each, key, ["why"])["why"]).rstrip(".") for each in broken if key}


def _changed(event: Any, names: list[str], people: _People) -> Line:
    who, own = people.of_event(event)
    words = {"who": who, "time": _time(event.pgh_created_at), "what": ", ".join(str(FIELDS[name]) for name in names if name in FIELDS)}
    if words["what"]:
        sentence = _("You changed at %(time)s: %(what)s.") if own else _("%(who)s changed at %(time)s: %(what)s.")
    elif event.pgh_label == "insert":
        sentence = _("You gave us your details at %(time)s.") if own else _("%(who)s wrote down your details at %(time)s.")
    elif "told_of_erasure_at" in names and event.told_of_erasure_at:
        sentence = _("We told you at %(time)s that your details would be erased.")
    elif "last_contact_at" in names:
        sentence = _("You had contact with us at %(time)s.") if own else _("%(who)s noted at %(time)s that there was contact with you.")
    else:
        sentence = _("You changed your details at %(time)s.") if own else _("%(who)s changed your details at %(time)s.")
    return Line(event.pgh_created_at, sentence % words, "", own, who)


def _other(event: Any, people: _People) -> Line:
    who, own = people.of_event(event)
    words = {"who": who, "time": _time(event.pgh_created_at), "what": OTHERS[event.pgh_tracked_model.__name__]}
    if event.pgh_label == "insert":
        sentence = _("You made this at %(time)s: %(what)s.") if own else _("%(who)s made this at %(time)s: %(what)s.")
    else:
        sentence = _("You changed at %(time)s: %(what)s.") if own else _("%(who)s changed at %(time)s: %(what)s.")
    return Line(event.pgh_created_at, sentence % words, "", own, who)


def _given(event: Any, people: _People) -> Line:
    by, own = people.of_event(event)
    giver = (event.pgh_context or {}).get("user")
    if giver is None and not own and event.granted_by_id:  # the platform did it for them, such as a coordinator who sees nobody
        giver, by = event.granted_by_id, people.name(event.granted_by_id)
    team = people.initiatives.get(event.initiative_id)
    whom = _("The team of %(name)s") % {"name": team.name} if team else people.name(event.user_id)
    words = {"who": whom, "time": _time(event.pgh_created_at), "by": by}
    if event.pgh_label == "insert":
        given = own or (giver is not None and giver == event.user_id)
        sentence = (
            _("%(who)s may see your details from %(time)s.")
            if given
            else _("%(who)s may see your details from %(time)s. Arranged by: %(by)s.")
        )
        return Line(event.pgh_created_at, sentence % words, str(AccessReason(event.reason).label), own)
    sentence = (
        _("From %(time)s, %(who)s can no longer see your details. You chose that.")
        if own
        else _("From %(time)s, %(who)s can no longer see your details.")
    )
    return Line(event.pgh_created_at, sentence % words, "", own)


def _answered(consent: Consent, people: _People) -> Line:
    said = {
        Answer.GIVEN: _("You said yes at %(time)s: %(what)s."),
        Answer.REFUSED: _("You said no at %(time)s: %(what)s."),
        Answer.WITHDRAWN: _("You said ‘no longer’ at %(time)s: %(what)s."),
    }[Answer(consent.answer)]
    sentence = said % {"time": _time(consent.at), "what": Purpose(consent.purpose).label}
    if consent.witness_id:
        sentence += " " + _("%(name)s was there.") % {"name": people.name(consent.witness_id)}
    return Line(consent.at, sentence, "", consent.witness_id is None)


def _called(call: Call, people: _People) -> Line:
    words = {"who": people.name(call.caller_id), "time": _time(call.at), "result": call.get_result_display()}
    asked = call.hand_over
    a_place = asked is not None and (asked.answered_at is None or call.at < asked.answered_at)
    sentence = _("%(who)s called a place about you at %(time)s.") if a_place else _("%(who)s called you at %(time)s: %(result)s.")
    return Line(call.at, sentence % words, "", False)
