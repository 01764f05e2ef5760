"""Free times for fifty professionals over six weeks; two hundred who want one time, and two hundred who want one each.

Bookings go through the real HTTP server with all of its doors: session, person context, locks, history, access log and the rows of two
messages. The floor is what the database alone does for one: a row in a transaction, with the exclusion constraints. How long it takes
depends on what else the machine does; the statements and the processor time of one booking do so hardly, and are measured apart.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier, Thread
from time import perf_counter, process_time
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import psycopg
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.opening import ZONE
from participants.actions.free_times import timetable
from participants.models import Appointment, Availability, Participant, Professional, TalkRoom
from participants.slots import occupied
from tests.benchmarks import _web
from tests.benchmarks.measure import Figure, measure
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.talks import make_hours, make_room
from tests.servers.worker import database_url

PROFESSIONALS, PEOPLE, AT_ONCE, ALONE = 50, 200, 20, 40
ALL_DAY = {"week": [[day, 480, 1080] for day in range(7)]}
OFFICE = {"week": [[day, 540, 1020] for day in range(5)]}


def run() -> Iterable[Figure]:
    rooms = [make_room() for _each in range(PROFESSIONALS)]
    professionals = [make_hours(make_professional(), room, ALL_DAY, most_per_day=12, buffer_minutes=0, lead_hours=0) for room in rooms]
    sessions = people(professionals[0].user)
    yield from alone(sessions, professionals, rooms)
    forget()
    with tempfile.TemporaryDirectory(prefix="fieldlab-benchmark-") as folder, _web.processes(Path(folder)) as processes:
        environment = {"DATABASE_URL": database_url(), "DATABASE_POOL_SIZE": "4", "LOG_LEVEL": "WARNING"}
        ours = _web.granian(processes, "ours", "fieldlab.wsgi", environment)
        yield from on_one_slot(ours, sessions, professionals, rooms)
        forget()
        yield from on_different_slots(ours, sessions, professionals, rooms)
    Availability.objects.update(opening_hours=OFFICE)
    Professional.objects.update(buffer_minutes=15)
    yield from free_times()


def free_times() -> Iterator[Figure]:
    at = timezone.now()
    table = timetable(kind="first")
    found = table.free(at=at)

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM taken_times(%s, %s)", [at, at + timedelta(weeks=6)])
            cursor.fetchall()

    def whole() -> None:
        timetable(kind="first").free(at=at)

    note = f"{len(found):,} free times of {PROFESSIONALS} professionals with weeks of 40 hours, {count()} talks agreed"
    yield measure("free times, reckoned", lambda: table.free(at=at), "reading what is taken", floor, rounds=30, note=note)
    yield measure("free times, with who and where", whole, "reading what is taken", floor, rounds=30)


def people(helper) -> list[str]:
    """Participants with an account; their sessions, and a token against forgery of each."""
    sessions = []
    for number in range(PEOPLE):
        participant = make_participant(helper, reach="email", email=f"somebody{number}@demo.example")
        user = UserFactory()
        give_own_account(participant, user)
        client = Client()
        client.force_login(user)
        with override_settings(ALLOWED_HOSTS=["*"]):
            page = client.get(reverse("own")).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        sessions.append(f"{cookies}|{token[1]}")
    return sessions


def slot(number: int) -> tuple[int, datetime]:
    """Of one professional each, at ten times of a day from next week on."""
    day = timezone.localdate() + timedelta(days=7 + number // (PROFESSIONALS * 10))
    return number % PROFESSIONALS, datetime(day.year, day.month, day.day, 8 + number // PROFESSIONALS % 10, tzinfo=ZONE)


def alone(sessions: list[str], professionals: list[Professional], rooms: list[TalkRoom]) -> Iterator[Figure]:
    """One after the other, in this process: what a booking asks of the processor and of the database, whatever else runs here."""
    client = Client()  # one, as each loads all middleware anew

    def book(number: int, wants: int | None = None) -> None:
        whom, begins = slot(number if wants is None else wants)
        wanted = f"{int(begins.timestamp())}-{professionals[whom].pk}-{rooms[whom].pk}"
        headers = {"cookie": sessions[number].rpartition("|")[0]}
        answer = client.post(reverse("book"), {"keuze": wanted, "interpreter": ""}, headers=headers)
        assert answer.status_code == (302 if wants is None else 409), answer.status_code

    with override_settings(ALLOWED_HOSTS=["*"]):
        for number in range(ALONE):  # what a process reads once is read
            book(number)
        statements = _statements(lambda: book(ALONE))
        ours = _processor_time(book, range(ALONE + 1, 2 * ALONE + 1))
        # Without an appointment yet, and all for the first one's time
        statements_late = _statements(lambda: book(2 * ALONE + 1, 0))
        late = _processor_time(lambda number: book(number, 0), range(2 * ALONE + 1, 3 * ALONE + 1))
    with person_context(SystemActor("a benchmark")):
        made = list(Appointment.objects.all())
    forget()

    def row(number: int) -> None:
        with person_context(SystemActor("a benchmark")):
            made[number].save(force_insert=True)

    for number in range(ALONE):
        row(number)
    floor = _processor_time(row, range(ALONE, 2 * ALONE))
    note = "processor time of Python; {} statements, and the row 4"
    yield Figure("one booking through the page", ours, "its row through Django", floor, ALONE, note.format(statements))
    yield Figure("one who comes second", late, "a row through Django", floor, ALONE, note.format(statements_late))


def _statements(act: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
        return len(asked)


def _processor_time(act: Callable[[int], None], numbers: range) -> float:
    """Milliseconds of each, on average: the clock of the processor is too coarse for one."""
    began = process_time()
    for number in numbers:
        act(number)
    return 1000 * (process_time() - began) / len(numbers)


def on_one_slot(ours: str, sessions: list[str], professionals: list[Professional], rooms: list[TalkRoom]) -> Iterator[Figure]:
    whom, begins = slot(0)
    wanted = [f"{int(begins.timestamp())}-{professionals[whom].pk}-{rooms[whom].pk}"] * PEOPLE
    answers, seconds = at_once(ours, sessions, wanted)
    statuses = [status for status, _taken in answers]
    agreed, kept = statuses.count(302), count()
    assert (agreed, kept) == (1, 1), f"{agreed} were told yes, {kept} are kept"
    assert statuses.count(409) == PEOPLE - 1, sorted(set(statuses))
    forget()
    floor = raw(lambda _number: (rooms[whom], professionals[whom], begins))
    yield Figure("200 on one slot, over HTTP", 1000 * seconds, "a lock and the constraint alone", 1000 * floor, PEOPLE, told(answers, 1))


def on_different_slots(ours: str, sessions: list[str], professionals: list[Professional], rooms: list[TalkRoom]) -> Iterator[Figure]:
    wanted = []
    for number in range(PEOPLE):
        whom, begins = slot(number)
        wanted.append(f"{int(begins.timestamp())}-{professionals[whom].pk}-{rooms[whom].pk}")
    answers, seconds = at_once(ours, sessions, wanted)
    assert [status for status, _taken in answers] == [302] * PEOPLE
    assert count() == PEOPLE
    forget()

    def row(number: int) -> tuple[TalkRoom, Professional, datetime]:
        whom, begins = slot(number)
        return rooms[whom], professionals[whom], begins

    yield Figure(
        "200 on different slots, over HTTP", 1000 * seconds, "locks and inserts in raw SQL", 1000 * raw(row), PEOPLE, told(answers, PEOPLE)
    )


def told(answers: list[tuple[int, float]], agreed: int) -> str:
    times = [1000 * taken for _status, taken in answers]
    slowest = quantiles(times, n=20)[18]
    load = f"load of this machine {os.getloadavg()[0]:.1f}"
    return f"{agreed} agreed; an answer in {median(times):.0f} ms, p95 {slowest:.0f} ms, {AT_ONCE} at once, {load}"


def at_once(ours: str, sessions: list[str], wanted: list[str]) -> tuple[list[tuple[int, float]], float]:
    """(status, seconds) of each, and how long all of them took."""
    answers: list[tuple[int, float]] = [(0, 0.0)] * len(sessions)
    start = Barrier(AT_ONCE + 1)
    _web.warm(f"{ours}{reverse('book')}", {"Cookie": sessions[0].rpartition("|")[0]})

    def ask(first: int) -> None:
        kept_open = HTTPConnection("localhost", urlsplit(ours).port, timeout=60)
        start.wait()
        for number in range(first, len(sessions), AT_ONCE):
            began = perf_counter()
            answers[number] = _post(kept_open, sessions[number], wanted[number]), perf_counter() - began
        kept_open.close()

    return answers, _timed(start, ask)


def _timed(start: Barrier, ask: Callable[[int], None]) -> float:
    threads = [Thread(target=ask, args=(first,)) for first in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    start.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    return perf_counter() - began


def _post(ours: HTTPConnection, session: str, wanted: str) -> int:
    cookies, _bar, token = session.rpartition("|")
    data = urlencode({"keuze": wanted, "interpreter": "", "csrfmiddlewaretoken": token})
    headers = {"Cookie": cookies, "Referer": f"http://localhost:{ours.port}", "Content-Type": "application/x-www-form-urlencoded"}
    ours.request("POST", reverse("book"), data, headers)
    answer = ours.getresponse()
    answer.read()
    return answer.status


def raw(row: Callable[[int], tuple[TalkRoom, Professional, datetime]]) -> float:
    """As many bookings by as many connections: one lock and one INSERT each, in a transaction of its own; who comes second is refused."""
    with person_context(SystemActor("a benchmark")):
        ids = list(Participant.objects.values_list("pk", flat=True)[:PEOPLE])
    start = Barrier(AT_ONCE + 1)
    sql = """
        INSERT INTO participants_appointment (id, participant_id, professional_id, kind, place_id, room_id, begins, ends, occupied, status,
            interpreter, interpreter_language, booked_by, booked_at, sequence, cancelled_by)
        VALUES (%s, %s, %s, 'first', %s, %s, %s, %s, tstzrange(%s, %s), 'booked', 'not_needed', '', 'participant', now(), 0, '')
    """

    def ask(first: int) -> None:
        with psycopg.connect(database_url()) as raw_connection:
            start.wait()
            for number in range(first, PEOPLE, AT_ONCE):
                room, professional, begins = row(number)
                ends = begins + timedelta(hours=1)
                values = [uuid4(), ids[number], professional.pk, room.place_id, room.pk, begins, ends, *occupied(begins, 60, 0)]
                with suppress(psycopg.errors.ExclusionViolation), raw_connection.transaction():
                    raw_connection.execute("SELECT set_config('app.actor_kind', 'system', true)")
                    # Without it twenty who meet in the constraint wait for each other in rings, and PostgreSQL ends one a second
                    raw_connection.execute("SELECT FROM participants_professional WHERE id = %s FOR NO KEY UPDATE", [professional.pk])
                    raw_connection.execute(sql, values)

    return _timed(start, ask)


def count() -> int:
    with person_context(SystemActor("a benchmark")):
        return Appointment.objects.agreed().count()


def forget() -> None:
    with person_context(SystemActor("a benchmark")):
        Appointment.objects.all().delete()
