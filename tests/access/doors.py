"""What comes out of the house about a person: everything an answer tells, and every file that is made, with whom it is for."""

import html
import io
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.logs import JsonFormatter
from fieldlab.lib.phones import display
from participants.actions.calendar import make_feed
from participants.models import Appointment, AppointmentStatus
from participants.notifications.hand_overs import link_of, readers_of
from participants.notifications.links import appointment_address
from tests.access.persons import OF_ELSEWHERE, OF_PERSON, OF_REQUESTS, SECRET, Persons
from tests.access.roles import EVERYBODY, HIDDEN_PERSON, HIDDEN_PHONE, Role
from tests.initiatives.paper import Paper

PROFESSIONALS, PARTICIPANTS = frozenset({Role.PROFESSIONAL}), frozenset({Role.PARTICIPANT})
PHONES = (HIDDEN_PHONE, display(HIDDEN_PHONE))


@contextmanager
def undone() -> Iterator[None]:
    """What happens in it is rolled back."""
    block = transaction.atomic()
    block._from_testcase = True  # person_context wants to be outermost, but for the test's own transaction
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


def marks(persons: Persons) -> tuple[str, ...]:
    """All that tells who either of them is, whoever asks."""
    return (*OF_ELSEWHERE, *OF_PERSON, *OF_REQUESTS, persons.theirs_code, persons.world.person.code)


def found(text: str, sought: Iterable[str]) -> list[str]:
    """Which of these stand in it, in capitals or small letters."""
    text = text.casefold()
    return [each for each in sought if each.casefold() in text]


def told(response: Any) -> str:
    """Everything that an answer says to whoever reads it: headers, and what stands on a page, in a file and on paper."""
    return f"{response.headers} {response.cookies.output()} {read(response.content, response.headers.get('Content-Type', ''))}"


def read(content: bytes, kind: str) -> str:
    if kind.startswith("application/pdf"):
        paper = Paper(content)
        return f"{paper.text} {paper.pages[0].pdf.get_metadata_dict()}"
    words = content.decode()
    if kind.startswith("text/calendar"):
        words = words.replace("\r\n ", "")
    elif kind.startswith("application/json"):
        words = json.dumps(json.loads(words), ensure_ascii=False)
    elif kind.startswith("text/html"):
        words = html.unescape(words)
    return " ".join(words.split())


@dataclass(frozen=True)
class Export:
    """A file, or a page with all of it. `holds` stands in it; of what the person is known by, `lacks` does not, also for `roles`."""

    name: str
    roles: frozenset[Role]
    url: str
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    # Sent by POST, with this
    data: dict[str, Any] | None = None


def exports(persons: Persons) -> list[Export]:
    """Every file there is, and of whom: a file that is not here fails a test. Whom the professional helps came to a talk."""
    world, pk = persons.world, persons.world.person.pk
    with person_context(SystemActor("a test")):
        Appointment.objects.filter(pk=world.appointment.pk).update(status=AppointmentStatus.CAME)
    feed = make_feed(professional=world.users[Role.PROFESSIONAL].professional, at=timezone.now())
    whole, nobody = (HIDDEN_PERSON, SECRET, display(HIDDEN_PHONE)), (*OF_PERSON, world.person.code)
    shown = {"talks": [world.appointment.pk], "show": ["place", "professional", "time"]}
    return [
        Export("own_copy", PARTICIPANTS, reverse("own_copy"), whole),
        Export("own_copy_pdf", PARTICIPANTS, reverse("own_copy_pdf"), whole),
        Export("own_copy_json", PARTICIPANTS, reverse("own_copy_json"), (HIDDEN_PERSON, SECRET, HIDDEN_PHONE)),
        Export("own_attendance", PARTICIPANTS, reverse("own_attendance"), ("Stadsloket",), nobody, shown),
        Export("own_report_print", PARTICIPANTS, reverse("own_report_print", args=[world.report.pk]), (HIDDEN_PERSON,), PHONES),
        Export("own_plan_print", PARTICIPANTS, reverse("own_plan_print"), (HIDDEN_PERSON, SECRET), PHONES),
        Export("report_print", PROFESSIONALS, reverse("report_print", args=[world.report.pk]), (HIDDEN_PERSON,), PHONES),
        Export("plan_print", PROFESSIONALS, reverse("plan_print", args=[pk]), (HIDDEN_PERSON, SECRET), PHONES),
        Export("participant_card", PROFESSIONALS, reverse("participant_card", args=[pk]), ("Stadsloket",), nobody, {"do": "print"}),
        Export("calendar_feed", EVERYBODY, reverse("calendar_feed", args=[feed]), ("BEGIN:VEVENT", "Stadsloket"), nobody),
    ]


def is_file(response: Any) -> bool:
    return response.status_code == 200 and not response.headers.get("Content-Type", "").startswith("text/html")


def links(persons: Persons) -> list[str]:
    """The personal links that went out in messages, each with its token."""

    asked = persons.hand_over
    with person_context(SystemActor("a test")):
        talks = Appointment.objects.filter(participant=persons.world.person, status=AppointmentStatus.BOOKED)
        sent = [*map(appointment_address, talks), *(link_of(asked, reader.key) for reader in readers_of(asked.initiative))]
    return [re.sub(r"^https?://[^/]+", "", each) for each in sent]


# --- The same answer as for what is not there


def nonsense(typed: str) -> str:
    """As long and of the same kind, and nobody's: letters for letters, figures for figures."""
    return re.sub(r"[a-z]", "k", re.sub(r"[A-Z]", "K", re.sub(r"(?<!\+)\d", lambda digit: str((int(digit[0]) + 5) % 10), typed)))


def without_itself(response: Any, *typed: str) -> tuple[int, int, str, str]:
    """Status, length, address it sends on to and body, but for what was typed and what differs from answer to answer."""
    body = re.sub(r'(nonce|csrfmiddlewaretoken" value)="[^"]*"', "", response.content.decode())
    sends = response.headers.get("Location", "")
    for each in typed:
        for written in {each, html.escape(each), quote(each), quote_plus(each)}:
            body, sends = body.replace(written, "…"), sends.replace(written, "…")
    return response.status_code, len(response.content), sends, body


# --- Logs


@contextmanager
def logged() -> Iterator[Callable[[], str]]:
    """All that is written meanwhile: of our own loggers everything, of others what a server writes, without what tells one line apart."""
    stream, root = io.StringIO(), logging.getLogger()
    ours = [logging.getLogger(name) for name in ("fieldlab", "initiatives", "participants", "workshops", "challenge")]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    before = root.handlers, [(each, each.level) for each in (root, *ours)]
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for each in ours:
        each.setLevel(logging.DEBUG)

    def written() -> str:
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        return "\n".join(str({name: value for name, value in line.items() if name not in ("time", "request_id", "ms")}) for line in lines)

    try:
        yield written
    finally:
        root.handlers = before[0]
        for each, level in before[1]:
            each.setLevel(level)
