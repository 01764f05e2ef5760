"""Everything about a person as they read it: headings, and below each what stands there in plain words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fieldlab.areas.models import Area
from fieldlab.lib.phones import display
from initiatives.models import Initiative, Language
from participants import guide
from participants.actions.copies import Everything, text_of
from participants.actions.looked import looked, told
from participants.actions.plan_overview import FAR
from participants.models import ConsentText, Professional, Reach, TalkPlace, TalkRoom

# On a page; on paper and in the data stands all of it
LOOKS_ON_A_PAGE = 20


@dataclass(frozen=True)
class Entry:
    """One thing: what it is, and facts about it (label and words); paragraphs stand below."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    # In which the paragraphs were written, and the title, where that is not the language of the page
    language: str = ""
    title_language: str = ""


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    entries: list[Entry]
    none: str
    # Said below what stands there
    note: str = ""


def sections(everything: Everything, *, names: Iterable[str] | None = None, most_looks: int | None = None) -> list[Section]:
    """In the order in which they are read; `names` leaves the others out."""
    wanted = list(names) if names is not None else list(_SECTIONS)
    made = []
    for name in wanted:
        title, none, entries = _SECTIONS[name]
        note = ""
        if name == "looked":
            made_entries = _looked(everything, most_looks)
            if most_looks is not None and len(everything.looks) > most_looks:
                note = _("These are the last ones. On paper stand all of them.")
        else:
            made_entries = entries(everything)
        made.append(Section(name, str(title), made_entries, str(none), note))
    return made


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return date_format(localtime(moment) if isinstance(moment, datetime) else moment, "j F Y")


def _time(moment: datetime) -> str:
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {"day": date_format(local, "l j F Y"), "time": date_format(local, "H.i")}


def _facts(*pairs: tuple[StrOrPromise, Any]) -> list[tuple[str, str]]:
    """Only what is known."""
    return [(_first_capital(str(label)), str(words)) for label, words in pairs if words not in (None, "", [])]


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _yes_no(value: Any) -> str:
    return _("yes") if value else _("no")


def _details(everything: Everything) -> list[Entry]:
    participant = everything.participant
    details = participant.open()
    area = everything.named(Area, participant.neighbourhood_id)
    facts = _facts(
        (_("First name"), details.first_name),
        (_("Last name"), details.last_name),
        (_("Telephone number"), display(details.phone)),
        (_("E-mail address"), details.email),
        (_("Year in which you were born"), details.birth_year),
        (_("Languages"), ", ".join(str(Language(code).label) for code in details.languages)),
        (_("Interpreter"), _yes_no(details.interpreter)),
        (_("A quiet room"), _yes_no(details.quiet_room)),
        (_("How we reach you"), Reach(details.reach).label),
        (_("When we reach you"), details.best_time),
        (_("Neighbourhood"), area.name if area else ""),
        (_("How you found us"), participant.get_reached_by_display()),
        (_("Your sign on paper, instead of your name"), participant.code),
        (_("Known here since"), _day(participant.created_at)),
        (_("Last contact"), _day(participant.last_contact_at)),
        (_("Your account"), participant.user.email if participant.user else ""),
    )
    return [Entry("", facts)]


def _consents(everything: Everything) -> list[Entry]:
    entries = []
    for consent in everything.rows["consents"]:
        text = everything.named(ConsentText, consent.text_id)
        facts = _facts(
            (_("Your answer"), consent.get_answer_display()),
            (_("When"), _time(consent.at)),
            (_("Who was there"), everything.user(consent.witness_id)),
            (_("Read to you by an interpreter in"), _language(consent.interpreted_in)),
        )
        title = text.title if text else consent.get_purpose_display()
        entries.append(Entry(title, facts, text.paragraphs, text.language, text.language) if text else Entry(title, facts))
    return entries


def _language(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code


def _accesses(everything: Everything) -> list[Entry]:
    entries = []
    for access in everything.rows["accesses"]:
        team = everything.named(Initiative, access.initiative_id)
        who = _("The team of %(name)s") % {"name": team.name} if team else everything.user(access.user_id)
        facts = _facts(
            (_("Why"), access.get_reason_display()),
            (_("From"), _time(access.valid_from)),
            (_("Until"), _time(access.until) if access.until else _("you say stop")),
            (_("Arranged by"), everything.user(access.granted_by_id)),
        )
        entries.append(Entry(who, facts))
    return entries


def _appointments(everything: Everything) -> list[Entry]:
    entries = []
    for talk in everything.rows["appointments"]:
        place, room = everything.named(TalkPlace, talk.place_id), everything.named(TalkRoom, talk.room_id)
        professional = everything.named(Professional, talk.professional_id)
        interpreter = f"{talk.get_interpreter_display()}: {talk.get_interpreter_language_display()}" if talk.interpreter_language else ""
        facts = _facts(
            (_("What"), talk.get_kind_display()),
            (_("Where"), ", ".join(filter(None, [place.name, place.address, room.name if room else ""])) if place else ""),
            (_("With whom"), everything.user(professional.user_id) or professional.user.name if professional else ""),
            (_("How it went"), talk.get_status_display()),
            (_("Interpreter"), interpreter),
            (_("Booked by"), talk.get_booked_by_display()),
            (_("Booked on"), _time(talk.booked_at)),
        )
        entries.append(Entry(_first_capital(_time(talk.begins)), facts))
    entries += [
        Entry(_("You would like to come earlier"), _facts((_("Since"), _time(wish.since)), (_("Until"), _day(wish.ended_at))))
        for wish in everything.rows["earlier_wishes"]
    ]
    return entries


def _reports(everything: Everything) -> list[Entry]:
    entries = []
    for report in everything.rows["reports"]:
        written = _facts((_("Begun on"), _time(report.begun_at)), (_("Written by"), everything.user(report.writer_id)))
        answers = everything.told(report, "guide") or {}
        said = [words for name, answer in answers.items() for words in _answered(name, answer)]
        versions = [each for each in everything.rows["report_versions"] if each.report_id == report.pk]
        drafts = [each for each in everything.rows["report_sentences"] if each.report_id == report.pk]
        entries.append(Entry(_("Report of %(day)s") % {"day": _day(report.begun_at)}, written, said))
        for version in versions:
            approved = _facts(
                (_("Approved by you on"), _time(version.approved_at)), (_("Read with"), everything.user(version.read_with_id))
            )
            title = _("What you approved, version %(number)d") % {"number": version.number}
            entries.append(Entry(title, approved, spoken(everything.told(version, "sentences"))))
        sentences = [_sentence(everything, each) for each in drafts]
        if any(sentences):
            entries.append(Entry(_("Sentences that were read together"), [], [each for each in sentences if each]))
    return entries


def _sentence(everything: Everything, sentence: Any) -> str:
    words = everything.told(sentence, "words") or ""
    instead = everything.told(sentence, "instead")
    verdict = f" ({sentence.get_verdict_display()})" if sentence.verdict and words else ""
    return f"{words}{verdict}" + (f" → {instead}" if instead else "")


def _answered(name: str, answer: Any) -> list[str]:
    """As the guide says it; what was kept in another shape word by word, so that nothing is left out."""
    try:
        return guide.sentences(name, guide.checked(name, answer))
    except guide.GuideError:
        return spoken(answer)


def spoken(value: Any) -> list[str]:
    """Whatever words stand in what was typed, each in a line of its own: lists and answers with pictures and a scale too."""
    if value is None or value == "" or isinstance(value, bool):
        return []
    if isinstance(value, dict):
        return [words for each in value.values() for words in spoken(each)]
    if isinstance(value, list):
        return [words for each in value for words in spoken(each)]
    return [str(value)]


def _plan(everything: Everything) -> list[Entry]:
    entries = []
    for goal in everything.rows["goals"]:
        marks = [each for each in everything.rows["goal_marks"] if each.goal_id == goal.pk]
        facts = [(_day(mark.at), str(FAR[mark.far])) for mark in marks]
        dropped = _facts((_("Let go on"), _day(goal.dropped_at)))
        entries.append(Entry(everything.told(goal, "words") or "", [*facts, *dropped]))
    for step in everything.rows["plan_steps"]:
        entries.append(_step(everything, step))
        entries += [_hand_over(everything, each) for each in everything.rows["hand_overs"] if each.step_id == step.pk]
    entries += [
        Entry(
            _("How is it going?"),
            _facts((_("When"), _day(each.on)), (_("Who asks"), everything.user(each.professional_id)), (_("Done on"), _day(each.done_at))),
        )
        for each in everything.rows["follow_ups"]
    ]
    return entries


def _step(everything: Everything, step: Any) -> Entry:
    place = everything.named(Initiative, step.initiative_id)
    facts = _facts(
        (_("Where"), place.name if place else ""),
        (_("Who"), step.get_done_by_display()),
        (_("When"), _day(step.due_on)),
        (_("Why"), everything.told(step, "why")),
        (_("How it goes"), step.get_status_display()),
    )
    return Entry(_first_capital(step.get_kind_display()), facts)


def _hand_over(everything: Everything, asked: Any) -> Entry:
    place = everything.named(Initiative, asked.initiative_id)
    facts = _facts(
        (_("What for"), everything.told(asked, "what")),
        (_("You would come on"), _time(asked.comes_at)),
        (_("Answer"), asked.get_state_display()),
        (_("Answered on"), _day(asked.answered_at)),
        (_("Another day"), " ".join(spoken(everything.told(asked, "other_day")))),
        (_("You said yes on"), _day(asked.participant_agreed_at)),
        (_("Asked by"), everything.user(asked.professional_id)),
    )
    return Entry(_("Asked of %(place)s") % {"place": place.name if place else ""}, facts)


def _calls(everything: Everything) -> list[Entry]:
    return [
        Entry(
            _first_capital(_time(call.at)),
            _facts((_("Who called"), everything.user(call.caller_id)), (_("Result"), call.get_result_display())),
        )
        for call in everything.rows["calls"]
    ]


def _codes(everything: Everything) -> list[Entry]:
    return [
        Entry(
            _("Card of %(day)s") % {"day": _day(code.issued_at)},
            _facts(
                (_("Made by"), everything.user(code.issued_by_id)),
                (_("Works until"), _day(code.revoked_at or code.expires_at)),
                (_("Last used"), _day(code.used_at)),
            ),
        )
        for code in everything.rows["codes"]
    ]


def _glass(everything: Everything) -> list[Entry]:
    return [
        Entry(
            everything.user(glass.coordinator_id),
            _facts((_("When"), _time(glass.at)), (_("Until"), _time(glass.until)), (_("Why"), everything.told(glass, "why"))),
        )
        for glass in everything.rows["opened_in_emergency"]
    ]


def _looked(everything: Everything, most: int | None) -> list[Entry]:
    """As on the page "who looked"; the same words."""
    lines = told(everything.participant, looked(everything.participant)[:most])
    days: dict[str, list[str]] = {}
    for line in lines:
        why = " " + _("Why: %(why)s.") % {"why": line.why} if line.why else ""
        days.setdefault(_first_capital(date_format(localtime(line.at), "l j F Y")), []).append(f"{line.sentence}{why}")
    return [Entry(day, [], sentences) for day, sentences in days.items()]


def _messages(everything: Everything) -> list[Entry]:
    entries = []
    for message in everything.messages:
        subject, text = text_of(message, everything.participant)
        went = _time(message.sent_at) if message.sent_at else _("not sent")
        facts = _facts((_("How"), message.get_channel_display()), (_("Sent"), went))
        entries.append(
            Entry(
                title=subject or _first_capital(_time(message.created_at)),
                facts=facts,
                paragraphs=[line for line in text.splitlines() if line.strip()],
                language=message.language,
                title_language=message.language if subject else "",
            )
        )
    return entries


_NOTHING = gettext_lazy("Nothing.")
_SECTIONS: dict[str, tuple[StrOrPromise, StrOrPromise, Callable[[Everything], list[Entry]]]] = {
    "details": (gettext_lazy("Who are you?"), _NOTHING, _details),
    "consents": (gettext_lazy("What did you say yes or no to?"), gettext_lazy("Nothing was asked yet."), _consents),
    "accesses": (gettext_lazy("Who may see your details?"), gettext_lazy("Nobody. Only you."), _accesses),
    "appointments": (gettext_lazy("What appointments were there?"), gettext_lazy("None."), _appointments),
    "reports": (gettext_lazy("What was written down of our talks?"), _NOTHING, _reports),
    "plan": (gettext_lazy("What is your plan?"), gettext_lazy("There is no plan yet."), _plan),
    "calls": (gettext_lazy("When did somebody call you?"), gettext_lazy("Never."), _calls),
    "codes": (gettext_lazy("What cards did you get?"), gettext_lazy("None."), _codes),
    "glass": (gettext_lazy("Did somebody look in an emergency?"), gettext_lazy("No, never."), _glass),
    "messages": (gettext_lazy("What messages did you get?"), gettext_lazy("None."), _messages),
    "looked": (gettext_lazy("Who looked at my details?"), gettext_lazy("Nobody looked at your details yet."), lambda _everything: []),
}
