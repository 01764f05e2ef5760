"""What is written about a person on the way: in logs, and in every mail and text message, its key, its subject and its headers."""

import re
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.core import mail
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants import tasks
from participants.actions import booking, hand_over_answers, hand_over_state, hand_overs
from participants.actions.calendar import make_feed
from participants.actions.people import change_details
from participants.models import (
    AccessReason,
    Appointment,
    BookedBy,
    BrokenGlass,
    EarlierWish,
    HandOver,
    Participant,
    ParticipantAccess,
    Professional,
    Reach,
)
from participants.notifications import appointments as notify
from participants.notifications import rights as notify_rights
from participants.notifications.reach import prefix
from tests.access.doors import found, links, logged, marks, read, undone
from tests.access.persons import OF_PERSON, SECRET, Persons
from tests.access.roles import HIDDEN_ELSEWHERE, HIDDEN_PERSON, HIDDEN_PHONE, Role
from tests.access.test_person_wall import addresses, filled, model_of
from tests.factories.outbox import deliver
from tests.factories.participants import make_professional
from tests.factories.plans import make_hand_over, make_step
from tests.factories.talks import make_hours, make_room
from tests.sign_in import signed_in

EMAIL = f"{SECRET}@demo.example".lower()
YEAR = re.compile(r"\b1980\b")
INTERPRETERS, COLLEAGUE = "tolken@demo.example", "collega@demo.example"
# Of everything that is told: each kind of message of this app, by its key without ids
KINDS = {
    "to:appointment:booked", "to:appointment:moved", "to:appointment:cancelled", "to:appointment:offer", "to:appointment:missed",
    "to:appointment:reminder", "to:hand-over:agree", "to:hand-over:stands", "to:glass", "to:erasure",
    "appointment:booked:professional", "appointment:moved:professional", "appointment:cancelled:professional",
    "appointment:interpreter-asked", "appointment:interpreter-cancelled", "left:appointment",
    "hand-over:asked", "hand-over:reminder", "hand-over:off", "hand-over:told-yes", "hand-over:told-other_day", "hand-over:told-no_room",
    "hand-over:told-withdrawn",
    "glass", "keep", "call-request",
}  # fmt: skip


def system() -> Any:
    return person_context(SystemActor("a test"))


def typed() -> dict[str, str]:
    """Of every field that takes words: words of the person."""
    said = {"email": EMAIL, "phone": HIDDEN_PHONE, "first_name": HIDDEN_PERSON, "birth_year": "1980"}
    for module in [each for name, each in sys.modules.items() if name.startswith("participants.forms.")]:
        for form in vars(module).values():
            for name, field in getattr(form, "base_fields", {}).items() if isinstance(form, type) else ():
                if type(field) is forms.CharField:
                    said.setdefault(name, SECRET)
    return said


# --- Logs


def test_no_line_in_a_log_tells_of_a_person(persons):
    """Every page, by whoever may see it and whoever may not, read and sent with their words; the jobs, and what was not delivered."""
    world, said = persons.world, filled(persons.ours) | typed()
    feed = reverse("calendar_feed", args=[make_feed(professional=world.users[Role.PROFESSIONAL].professional, at=timezone.now())])
    opened = [*links(persons), feed]
    pages = [reverse(name, kwargs=_arguments(route, names, persons)) for name, route, names in addresses() if "token" not in names]
    own = [url for url in pages if url.startswith(("/mijn-gegevens/", reverse("book")))]
    team = [url for url in pages if url.startswith("/initiatieven/")]
    work = [url for url in pages if url not in own + team]
    asked = 0
    with logged() as written:
        for user, urls in (
            (world.users[Role.PROFESSIONAL], work),
            (world.person_elsewhere.created_by, [url for url in work if re.search("[0-9a-f]{8}-", url)]),
            (world.users[Role.PARTICIPANT], own),
            (world.users[Role.OWNER], team),
            (None, opened),
        ):
            client = signed_in(user, raise_request_exception=False) if user else Client(raise_request_exception=False)
            for url in urls:
                with undone():
                    client.get(url, {"naam": HIDDEN_PERSON}, headers={"referer": f"http://testserver/{SECRET}"})
                with undone():
                    client.post(url, said)
                asked += 2
        for task in (tasks.remind_of_talks, tasks.keep_hand_overs, tasks.pass_on_offers, tasks.forget_requests, tasks.keep_no_longer):
            task()
        OutboxMessage.objects.filter(pk__in=OutboxMessage.objects.unfinished().filter(channel="email")[:1]).update(to=f"{SECRET} @")
        deliver()
        lines = written()
    assert lines.count("'route':") == asked
    assert asked > 150
    assert "'status': 500" not in lines
    assert all(reason in lines for reason in ("not an e-mail address", "no SMS gateway is set up")), "what is not delivered is told"
    ids = {str(pk) for rows in (persons.ours, persons.theirs) for pk in rows.values()}
    tokens = {each.strip("/").split("/")[-1].removesuffix(".ics") for each in opened}
    assert found(lines, [*marks(persons), EMAIL, *ids, *tokens]) == []
    assert not YEAR.search(lines)


def _arguments(route: str, names: set[str], persons: Persons) -> dict[str, Any]:
    ids = {each: persons.ours[model_of(route, each)] for each in re.findall(r"<uuid:(\w+)>", route)}
    whole = {"slug": "ours", "version": 1, "place": 1, "pk": 1}
    return {each: ids.get(each, whole.get(each)) for each in names}


# --- Messages


def everything_told(persons: Persons) -> None:
    """Every kind of message about the person whom the professional helps goes out: to them, each way, and to all who hear of them."""
    world, helps, at = persons.world, persons.world.users[Role.PROFESSIONAL], timezone.now()
    # In these their words were planted, or they are of nobody
    OutboxMessage.objects.filter(Q(key__contains=":test:") | Q(key__startswith="test-")).delete()
    colleague = make_hours(make_professional(email=COLLEAGUE), make_room())
    _sent()
    with system():
        talk = Appointment.objects.get(pk=world.appointment.pk)
        booking.ask_for_interpreter(appointment=talk, language="ti", at=at)
        for reach in (Reach.EMAIL, Reach.SMS, Reach.INITIATIVE, Reach.CALL):
            person = _reached_by(persons, reach)
            talk = Appointment.objects.select_related("professional__user", "room").get(pk=talk.pk)
            _moved(talk, talk.professional, helps)
            talk = Appointment.objects.select_related("participant__key", "place", "room", "professional__user").get(pk=talk.pk)
            for tell in (notify.tell_booked, notify.remind, notify.tell_missed):
                _sent()
                tell(appointment=talk, at=at)
            notify.tell_offer(wish=_offered(person, talk), at=at)
            _sent()
            notify_rights.tell_of_erasure(person, on=at + timedelta(days=30 + len(reach)), at=at)
        notify_rights.ask_to_tell_of_erasure(person, helps, helps=True, on=at + timedelta(days=30), at=at)
        notify_rights.ask_to_tell_of_erasure(person, world.users[Role.COORDINATOR], helps=False, on=at + timedelta(days=30), at=at)
        _reached_by(persons, Reach.EMAIL)
        _asked_of_places(persons)
        _sent()
        _moved(Appointment.objects.select_related("professional__user", "room").get(pk=talk.pk), colleague, helps)
        _sent()
        booking.cancel(appointment=Appointment.objects.get(pk=talk.pk), by=BookedBy.PROFESSIONAL, at=at)


def _sent() -> None:
    """What has gone is not taken back."""
    OutboxMessage.objects.unfinished().update(sent_at=timezone.now())


def _moved(talk: Appointment, professional: Professional, actor: User) -> None:
    booking.move(
        appointment=talk, professional=professional, room=talk.room, begins=talk.begins + timedelta(hours=1), by=BookedBy.PROFESSIONAL,
        at=timezone.now(), outside_hours=True,
    )  # fmt: skip


def _reached_by(persons: Persons, reach: Reach) -> Participant:
    person = Participant.objects.select_related("key").get(pk=persons.world.person.pk)
    person = change_details(participant=person, details=replace(person.open(), reach=reach, email=EMAIL), neighbourhood=None)
    team = {"participant": person, "initiative": persons.world.published, "reason": AccessReason.BROUGHT_IN}
    ParticipantAccess.objects.get_or_create(**team, defaults={"valid_from": timezone.now()})
    return person


def _offered(person: Participant, talk: Appointment) -> EarlierWish:
    at, begins = timezone.now(), talk.begins - timedelta(hours=20)
    wish = EarlierWish.objects.select_related("offered__participant").get(participant=person)
    if wish.offered is None:
        wish.offered = Appointment.objects.create(
            participant=person, professional=talk.professional, kind=talk.kind, room=talk.room, place=talk.place, begins=begins,
            ends=begins + timedelta(hours=1), occupied=(begins, begins + timedelta(hours=1)), status="held",
            held_until=at + timedelta(hours=20), booked_by="participant", booked_at=at,
        )  # fmt: skip
        wish.save()
    return wish


def _asked_of_places(persons: Persons) -> None:
    """Asked with and without the participant there, reminded, answered in each way, settled on another day, agreed and taken back."""
    world, helps, at = persons.world, persons.world.users[Role.PROFESSIONAL], timezone.now()
    for said in ("yes", "other_day", "no_room", "withdrawn"):
        step = make_step(world.person, helps, initiative=world.published, why=SECRET)
        asked = make_hand_over(step, helps, participant_agrees=said == "yes")
        _sent()
        asked = HandOver.objects.select_related("participant__key", "initiative", "professional").get(pk=asked.pk)
        if said == "withdrawn":
            hand_overs.remind_due(at=asked.asked_at + (asked.answer_by - asked.asked_at) * 0.9)
            hand_overs.withdraw(hand_over=asked, at=at)
            continue
        asked = hand_over_answers.answer(hand_over=asked, answer=said, revision=asked.revision, at=at, words=SECRET)
        if said == "other_day":
            _sent()
            comes = asked.comes_at + timedelta(days=1)
            hand_overs.settle(hand_over=asked, comes_at=comes, professional=helps, participant_agrees=False, at=at)


def kind_of(message: OutboxMessage) -> str:
    """Its key without whom, which and when."""
    words = [part for part in re.split("[:]", re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", message.key)) if part]
    words = [re.sub(r"^(call-request|told-[a-z_]+)-.*", r"\1", word) for word in words]
    return ":".join(word for word in words if not re.fullmatch(r"[\d-]+|user-\d+|address|phone", word))


def test_a_message_tells_its_reader_only_what_is_for_them(persons, settings):
    settings.INTERPRETER_EMAIL = INTERPRETERS
    everything_told(persons)
    sent, sought = list(OutboxMessage.objects.exclude(text="").order_by("pk")), {*marks(persons), EMAIL}
    assert {kind_of(each) for each in sent} == KINDS
    faults = []
    for each in sent:
        kind, (subject, body) = kind_of(each), _named(persons, each)
        read_out = f"{each.text} {read(each.html.encode(), 'text/html')} {read(each.calendar.encode(), 'text/calendar')}"
        faults += [f"{kind} in its key: {mark}" for mark in found(each.key, [*sought, "@"])]
        faults += [] if re.fullmatch(r"[a-z0-9:_-]+", each.key) else [f"{kind}: an odd key {each.key}"]
        faults += [f"{kind} in its subject: {mark}" for mark in found(each.subject, sought - subject)]
        faults += [f"{kind} to {each.to} tells {mark}" for mark in found(read_out.replace(f"mailto:{each.to}", ""), sought - body)]
        faults += [f"{kind} tells a year of birth"] if YEAR.search(read_out) else []
        faults += [] if each.to in _readers(persons, each, kind) else [f"{kind} goes to {each.to}"]
        if each.channel == "sms" and re.search(r"https?:|www|/", each.text):
            faults.append(f"{kind} by SMS has a link")
    assert not faults, "\n".join(faults)
    assert {each.channel for each in sent if each.key.startswith(prefix(persons.world.person))} == {"email", "sms"}
    _over_the_line(sought)


def _over_the_line(sought: set[str]) -> None:
    """Headers and names of files, as a mail server and its log have them, and ours."""
    OutboxMessage.objects.exclude(text="").update(sent_at=None)
    with logged() as written:
        deliver()
    assert len(mail.outbox) > len(KINDS)
    for each in mail.outbox:
        message = each.message()
        outside = [f"{name}: {value}" for part in message.walk() for name, value in part.items() if name not in ("To", "Subject")]
        assert found(" ".join(outside), sought) == []
        assert {part.get_filename() for part in message.walk()} <= {None, "afspraak.ics"}
    assert "no SMS gateway" in written()
    assert found(written(), sought) == []


def _named(persons: Persons, message: OutboxMessage) -> tuple[set[str], set[str]]:
    """What may stand in subject and body: for a place a first name and what for, for who works here and a team a code on paper."""
    kind, codes = kind_of(message), {persons.world.person.code, persons.theirs_code}
    if kind.startswith(("hand-over:asked", "hand-over:reminder")):
        with system():
            asked = hand_over_state.read(HandOver.objects.select_related("participant__key").get(pk=message.key.split(":")[1]))
        return set(), {asked.first_name, asked.what}
    if kind in ("glass", "keep"):
        return codes, codes
    return set(), codes if message.to in _team(persons) else set()


def _team(persons: Persons) -> set[str]:
    return {persons.world.users[role].email for role in (Role.OWNER, Role.EDITOR)}


def _readers(persons: Persons, message: OutboxMessage, kind: str) -> set[str]:
    """Whom it may go to. Never to whoever decides on benefits, who is of this team and a coordinator too."""
    world, team = persons.world, _team(persons)
    if message.key.startswith(prefix(world.person)):
        # Who cannot be reached otherwise is told that they will be erased where they sign in
        account = {world.users[Role.PARTICIPANT].email} if kind == "to:erasure" else set()
        return {EMAIL, HIDDEN_PHONE, *account, *(team if kind != "to:glass" else ())}
    if kind.startswith("to:"):
        return {f"{HIDDEN_ELSEWHERE}@demo.example".lower()}
    if kind.startswith("appointment:interpreter"):
        return {INTERPRETERS}
    if kind == "call-request":
        return team
    with system():
        about = _about(message)
        helping = {world.users[Role.PROFESSIONAL].email, COLLEAGUE} if about == world.person else {world.person_elsewhere.created_by.email}
        if kind in ("glass", "keep"):
            coordinators = User.objects.filter(is_coordinator=True, decides_on_benefits=False)
            return {*helping - {COLLEAGUE}, *coordinators.values_list("email", flat=True)}
        if kind.startswith("hand-over") and "told" not in kind:
            place = HandOver.objects.select_related("initiative").get(pk=message.key.split(":")[1]).initiative
            return {place.email, *(team if place == world.published else ())}
    return helping


def _about(message: OutboxMessage) -> Participant:
    """Of which person its key is: by the row that it names."""
    kind, key = message.key.removeprefix("left:").split(":")[:2]
    model = {"appointment": Appointment, "hand-over": HandOver, "glass": BrokenGlass, "keep": Participant}[kind]
    row = model.objects.get(pk=key)
    return row if isinstance(row, Participant) else row.participant


def test_nothing_of_a_message_is_left_when_somebody_is_erased(persons, settings):
    """Whoever it went to, and also what still had to go: that never goes."""
    settings.INTERPRETER_EMAIL = INTERPRETERS
    everything_told(persons)
    person = persons.world.person
    about = OutboxMessage.objects.exclude(key__startswith=prefix(persons.world.person_elsewhere))
    assert found(_whole(about), [*OF_PERSON[:1], person.code, EMAIL]) == [HIDDEN_PERSON, person.code, EMAIL]
    about.filter(failed_at=None, emptied_at=None).update(sent_at=None)
    client = signed_in(persons.world.users[Role.PARTICIPANT])
    assert client.post(reverse("own_erase")).status_code == 302
    assert found(_whole(about), [*OF_PERSON, person.code, EMAIL]) == []
    deliver()
    assert mail.outbox, "the professional hears that a talk is off"
    parts = [part for each in mail.outbox for part in each.message().walk()]
    gone = " ".join(f"{part.items()} {part.get_payload(decode=True) or b''!r}" for part in parts)
    assert "afspraak.ics" in gone
    assert found(gone, [*OF_PERSON, person.code, EMAIL, str(person.pk)]) == []


def _whole(messages: Any) -> str:
    columns = ("key", "to", "subject", "text", "html", "calendar", "last_error")
    return " ".join(" ".join(row) for row in messages.values_list(*columns))
