"""What leaves the house about a person: files, calendars, searches, faults and headers, for every role."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab import settings as written_settings
from fieldlab.audit.context import SystemActor, person_context
from participants.actions.calendar import make_feed, withdraw_feed
from participants.actions.people import change_details
from participants.models import Appointment, CalendarFeed, Details, Participant
from tests.access.doors import PHONES, exports, found, is_file, links, logged, marks, nonsense, told, without_itself
from tests.access.matrix import PARTICIPANTS
from tests.access.persons import OF_ELSEWHERE, PHONE_ELSEWHERE, SECRET
from tests.access.roles import HIDDEN_ELSEWHERE, HIDDEN_PERSON, HIDDEN_PHONE, INVITATIONS, Role, token
from tests.access.test_person_wall import refused
from tests.sign_in import signed_in

# Whoever opens a page is one of these
READERS = (Role.ANONYMOUS, Role.PROFESSIONAL, Role.PARTICIPANT, Role.OWNER, Role.STRANGER, Role.COORDINATOR)
# Pages that say the same to everybody
ABOUT_NOBODY = {"drop_in", "own_erased"}


# --- Files


def test_a_file_holds_what_is_theirs_and_nobody_else_gets_it(persons):
    """On paper too: what a PDF says is read, which no search through its bytes does."""
    faults, files = [], exports(persons)
    for role in Role:
        client = Client() if role == Role.ANONYMOUS else signed_in(persons.world.users[role])
        for each in files:
            answer = client.get(each.url) if each.data is None else client.post(each.url, each.data)
            where, said = f"{role}: {each.name}", told(answer)
            faults += [f"{where} shows {mark}" for mark in found(said, persons.forbidden(role))]
            if role not in each.roles:
                faults += [] if refused(answer) else [f"{where} answers {answer.status_code}"]
                continue
            faults += [] if answer.status_code == 200 else [f"{where} answers {answer.status_code}"]
            faults += [f"{where} lacks {mark}" for mark in each.holds if not found(said, [mark])]
            faults += [f"{where} shows {mark}" for mark in found(said, each.lacks)]
    assert not faults, "\n".join(faults)


def test_what_is_public_knows_nobody(persons):
    """Neither what programs read of the map nor its sheets, by whomever they are asked."""
    world, view = persons.world, {"beeld": "4.8,52.3,5.0,52.5", "zoom": "14"}
    asked: list[tuple[str, dict[str, str]]] = [
        (reverse("map_points"), {}), (reverse("map_viewport"), view), (reverse("map_place", args=[world.published.pk]), {}),
        (reverse("initiative", args=["ours"]), {}), (reverse("area_sheet", args=[world.area.code]), {}), (reverse("map_sheet"), {}),
        (reverse("sitemap", args=["initiatieven"]), {}), (reverse("area_boundaries"), {}), (reverse("area", args=[world.area.code]), {}),
    ]  # fmt: skip
    for client in (Client(), signed_in(world.users[Role.PROFESSIONAL])):
        for url, data in asked:
            answer = client.get(url, data, follow=True)
            assert answer.status_code == 200, url
            assert found(told(answer), marks(persons)) == [], url


# --- What browsers and caches keep


def test_every_page_is_kept_by_nobody_and_every_file_is_known(persons):
    """No copy stays in a browser or a cache, no tag tells that something changed, and no other site is told the address."""
    known, faults = {each.name for each in exports(persons)}, []
    opened = [row for row in PARTICIPANTS if row.get and row.opens == 200 and row.name != "appointment_link"]
    for role in READERS:
        mine = [row for row in opened if role == next((each for each in READERS if each in row.get), None)]
        pages = [(row.name, row.url(persons.world)) for row in mine]
        client = Client() if role == Role.ANONYMOUS else signed_in(persons.world.users[role])
        pages += [("link", each) for each in links(persons)] if role == Role.ANONYMOUS else []
        for name, url in pages:
            answer = client.get(url, headers={"accept-encoding": "gzip"})
            faults += [f"{role}: {name} {wrong}" for wrong in _kept(name, answer)]
            if is_file(answer) and name not in known:
                faults.append(f"{role}: {name} is a file: tell in tests/access/doors.py whose")
        opened = [row for row in opened if row not in mine]
    assert not faults, "\n".join(faults)
    assert not opened, "pages that nobody of READERS opens"


def _kept(name: str, answer: Any) -> list[str]:
    kept, wrong = set(answer.headers.get("Cache-Control", "").split(", ")), []
    if answer.status_code != 200:
        wrong.append(f"answers {answer.status_code}")
    if name not in ABOUT_NOBODY and not {"private", "no-store"} <= kept:
        wrong.append(f"is kept: {kept}")
    if name not in ABOUT_NOBODY and "Content-Encoding" in answer.headers:
        wrong.append("tells by its length what is in it")
    wrong += [f"tells {each}" for each in ("ETag", "Last-Modified") if each in answer.headers]
    if answer.headers.get("Referrer-Policy") != "same-origin":
        wrong.append("tells other sites its address")
    return wrong


# --- Calendars


def test_a_calendar_tells_when_and_where_and_changes_with_nothing_else(persons, client):
    feed = next(each.url for each in exports(persons) if each.name == "calendar_feed")
    before = client.get(feed)
    lines = [re.split("[:;]", line)[0] for line in before.content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[-1].splitlines()]
    assert set(lines) - {"", "END"} == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "TRANSP", "CLASS",
    }  # fmt: skip
    assert set(re.findall(r"SUMMARY:(.*)\r", before.content.decode())) == {"Afspraak"}
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(participant=persons.world.person).update(kind="plan", interpreter="asked", interpreter_language="ti")
        person = Participant.objects.select_related("key").get(pk=persons.world.person.pk)
        change_details(participant=person, details=Details(first_name="Anders"), neighbourhood=None)
    after = client.get(feed)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert client.get(feed, headers={"if-none-match": before["ETag"]}).status_code == 304


def test_a_token_opens_what_it_was_made_for_and_nothing_else(persons, client):
    elsewhere = persons.world.person_elsewhere.created_by.professional
    gone = make_feed(professional=elsewhere, at=timezone.now())
    withdraw_feed(professional=elsewhere, at=timezone.now())
    feed = make_feed(professional=persons.world.users[Role.PROFESSIONAL].professional, at=timezone.now())
    talk, asked = (links(persons)[number].strip("/").split("/")[-1] for number in (0, -1))
    assert [client.get(reverse(name, args=[each])).status_code for name, each in (
        ("calendar_feed", feed), ("appointment_link", talk), ("hand_over_answer", asked),
    )] == [200] * 3  # fmt: skip
    kept = CalendarFeed.objects.values_list("digest", flat=True)
    others = [gone, *kept, persons.theirs_code, str(elsewhere.pk), *(token(model) for model in INVITATIONS)]
    for name, own in (("calendar_feed", feed), ("appointment_link", talk), ("hand_over_answer", asked)):
        for each in [*others, own[:-1], *({feed, talk, asked} - {own})]:
            for client_of in (client, signed_in(persons.world.users[Role.PROFESSIONAL])):
                answer = client_of.get(reverse(name, args=[each]))
                assert answer.status_code == (404 if name == "calendar_feed" else 410), f"{name} {each}"
                assert found(told(answer).replace(each, ""), persons.forbidden(Role.ANONYMOUS)) == []


# --- Searching


def test_searching_for_somebody_else_answers_as_for_nobody(persons):
    """A name, number, code or key of a person whom one does not see, at whatever takes words: as what does not exist."""
    world, faults = persons.world, []
    theirs = [HIDDEN_ELSEWHERE, PHONE_ELSEWHERE, f"{HIDDEN_ELSEWHERE}@demo.example".lower(), persons.theirs_code]
    either = [*theirs, HIDDEN_PERSON, SECRET, HIDDEN_PHONE]
    glass = {"emergency": "danger", "why": "Iemand is in gevaar."}
    view = {"beeld": "4.8,52.3,5.0,52.5", "zoom": "14"}
    searches: list[tuple[Role, str, str, dict[str, str], list[str]]] = [
        (Role.PROFESSIONAL, reverse("participants"), "POST naam", {}, [*theirs, str(world.person_elsewhere.pk)]),
        (Role.OWNER, reverse("team_people", args=["ours"]), "naam", {}, theirs),
        (Role.COORDINATOR, reverse("people"), "POST q", {}, either),
        (Role.COORDINATOR, reverse("break_glass"), "POST code", glass, [HIDDEN_ELSEWHERE, PHONE_ELSEWHERE, HIDDEN_PERSON, HIDDEN_PHONE]),
        (Role.ANONYMOUS, reverse("own_enter"), "POST code", {"answer": "1980"}, either),
        (Role.ANONYMOUS, reverse("map"), "q", {}, either),
        (Role.PROFESSIONAL, reverse("map"), "q", {}, theirs),
        (Role.PROFESSIONAL, reverse("map_viewport"), "q", view, either),
        (Role.PROFESSIONAL, reverse("drop_in"), "postcode", {}, [persons.theirs_code]),
        (Role.PROFESSIONAL, reverse("address_suggestions"), "q", {}, [HIDDEN_ELSEWHERE]),
    ]
    for role, url, field, more, sought in searches:
        client = Client() if role == Role.ANONYMOUS else signed_in(world.users[role])
        for each in sought:
            answers = []
            for typed in (each, nonsense(each)):
                cache.clear()
                data = {**more, field.removeprefix("POST "): typed}
                answers.append(without_itself(client.post(url, data) if field.startswith("POST") else client.get(url, data), typed))
            if answers[0] != answers[1]:
                faults.append(f"{role}: {url} {field} {each}: {_difference(*answers)}")
    assert not faults, "\n".join(faults)
    own = signed_in(world.users[Role.PROFESSIONAL]).post(reverse("participants"), {"naam": HIDDEN_PERSON.lower()})
    assert str(world.person.pk) in own.content.decode(), "one's own people are found"


def _difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> Any:
    lines = zip(one[3].splitlines(), other[3].splitlines(), strict=False)
    return one[:3], other[:3], next(((a.strip(), b.strip()) for a, b in lines if a != b), "")


def test_whoever_is_somebody_elses_is_as_whoever_is_not_there(persons):
    """By their key, on pages and in forms: the same words as of a key that is nobody's, and nothing of theirs."""
    theirs, nobody, faults = str(persons.world.person_elsewhere.pk), str(uuid4()), []
    taker = persons.world.person_elsewhere.created_by.professional.pk
    asked: list[tuple[str, dict[str, str] | None]] = [
        *((reverse(name, args=[theirs]), None) for name in ("participant", "plan", "plan_print", "glass_open", "participant_card")),
        (reverse("participant_card", args=[theirs]), {"do": "print"}),
        (reverse("call_result"), {"about": f"mens:{theirs}", "result": "spoken"}),
        (reverse("caseload_hand_over"), {"people": theirs, "taker": str(taker), "how": "good"}),
        (reverse("caseload_hand_over") + f"?wie={theirs}", None),
        (reverse("call_for_book", args=["ours", theirs]), None),
    ]
    for role in (Role.PROFESSIONAL, Role.OWNER, Role.COORDINATOR, Role.PARTICIPANT, Role.DECIDER):
        client = signed_in(persons.world.users[role])
        for url, data in asked:
            answers = []
            for key in (theirs, nobody):
                there = url.replace(theirs, key)
                typed = {name: value.replace(theirs, key) for name, value in data.items()} if data else None
                answer = client.get(there) if typed is None else client.post(there, typed)
                faults += [f"{role}: {url} shows {mark}" for mark in found(told(answer), persons.forbidden(role))]
                answers.append(without_itself(answer, there, key))
            if answers[0] != answers[1]:
                faults.append(f"{role}: {url}: {_difference(*answers)}")
    assert not faults, "\n".join(faults)


# --- Pages that say that something went wrong


def test_no_fault_repeats_what_was_sent(persons):
    """Refused for a reason of form, or taken by somebody else: nothing of what was typed, and nothing of who has it."""
    world, user = persons.world, persons.world.users[Role.PROFESSIONAL]
    sent = {"first_name": HIDDEN_PERSON, "last_name": SECRET, "phone": HIDDEN_PHONE, "naam": SECRET}
    strict, new = signed_in(user, enforce_csrf_checks=True, raise_request_exception=False), reverse("participant_new")
    many = sent | {f"{SECRET}{number}": SECRET for number in range(600)}
    taken = world.appointment_elsewhere
    with person_context(SystemActor("a test")):
        chosen = f"{int(taken.begins.timestamp())}-{taken.professional_id}-{taken.room_id}"
    answers = {
        "403": strict.post(new, sent, headers={"user-agent": SECRET, "referer": f"http://testserver/{SECRET}"}),
        "400": signed_in(user, raise_request_exception=False).post(new, many),
        "400 ": Client(raise_request_exception=False).get("/", headers={"host": f"{SECRET}.example"}),
        "404": signed_in(user).post("/is-er-niet/", sent),
        "404 ": signed_in(user).get(f"/{SECRET}/?naam={SECRET}"),
        "405": signed_in(user).post(reverse("day"), sent),
        "409": signed_in(user).post(
            reverse("appointment_new", args=[world.person.pk]), {"keuze": chosen, "interpreter": "", "wie": "allen"}
        ),
    }
    assert {name.strip(): answer.status_code for name, answer in answers.items()} == {each.strip(): int(each) for each in answers}
    for name, answer in answers.items():
        # Who books somebody's talk reads for whom
        sought = (SECRET, *OF_ELSEWHERE, *PHONES) if name == "409" else (HIDDEN_PERSON, SECRET, *OF_ELSEWHERE, *PHONES)
        assert found(told(answer), [*sought, "traceback", "exception"]) == [], name


def test_a_page_that_breaks_on_somebodys_words_shows_and_logs_none(persons, mailoutbox):
    """What cannot be read stands in the exception's own message, and in nothing that anybody reads."""
    person = persons.world.person
    with person_context(SystemActor("a test")):
        row = Participant.objects.select_related("key").get(pk=person.pk)
        change_details(participant=row, details=replace(row.open(), languages=(SECRET,)), neighbourhood=None)
    for role, url in (
        (Role.PROFESSIONAL, reverse("participant", args=[person.pk])),
        (Role.PARTICIPANT, reverse("own_copy")),
        (Role.PARTICIPANT, reverse("own_copy_pdf")),
    ):
        with pytest.raises(ValueError, match=SECRET):
            signed_in(persons.world.users[role]).get(url)
        client = signed_in(persons.world.users[role], raise_request_exception=False)
        with logged() as written:
            answer = client.get(url)
        assert answer.status_code == 500
        assert found(told(answer), [*marks(persons), str(person.pk), "traceback", "ValueError"]) == []
        assert "builtins.ValueError" in written()
        assert found(written(), [*marks(persons), str(person.pk)]) == []
    assert mailoutbox == []
    assert written_settings.DEBUG is False, "the pages of Django itself show what every variable holds; a test run never has them"
