"""The database goes away under a real web server and comes back: what people see meanwhile, and that nothing saved is lost."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from participants.models import Appointment
from tests.benchmarks import _web
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.talks import make_hours, make_room, weekday
from tests.initiatives.test_register_pages import WHO
from tests.outbox.test_database_crash import own_database
from tests.servers.worker import until
from tests.sign_in import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

# The pool of the web server waits 10 seconds for a connection before it gives up
PATIENCE_SECONDS = 25
BROKEN = "Er ging hier iets stuk"
BEGIN, WHO_STEP, WHERE_STEP = "/initiatieven/nieuw/", "/initiatieven/nieuw/wie/", "/initiatieven/nieuw/waar/"


@contextmanager
def web_server(folder: Path, urls: dict[str, str]) -> Iterator[str]:
    """granian as the demo runs it, with its pool; its address."""
    environment = {**urls, "DATABASE_POOL_SIZE": "4", "DATABASE_APPLICATION_NAME": "fieldlab-web"}
    with _web.processes(folder) as processes:
        yield _web.granian(processes, "web", "fieldlab.wsgi", environment)
        processes.check()  # the same process from beginning to end


def browser_at(address: str, **options: Any) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=PATIENCE_SECONDS, headers={"Accept-Language": "nl"}, **options)


@contextmanager
def away(owner_url: str, victim: psycopg.Connection) -> Iterator[None]:
    """The database crashes, as `crash` does it, and lets nobody in until the end of the block: its door is out of reach meanwhile."""
    (door,) = Path(unquote(urlsplit(owner_url).netloc.rpartition("@")[2])).glob(".s.PGSQL.*[0-9]")
    aside = door.with_name("aside")
    with suppress(psycopg.OperationalError), psycopg.connect(owner_url) as witness:
        door.rename(aside)
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        # It is down once it has ended a session that did nothing.
        until(lambda: not witness.execute("SELECT 1"), what="the other sessions to end")
    connection.close()
    try:
        yield
    finally:
        aside.rename(door)
        until(lambda: answers(owner_url), what="the database to be back")


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url):
        return True
    return False


def fields(page: httpx.Response) -> dict[str, str]:
    """What a form sends along unseen."""
    hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|key|keuze)" value="([^"]+)"', page.text))
    assert "csrfmiddlewaretoken" in hidden, page.text
    return hidden


def begin(browser: httpx.Client) -> dict[str, str]:
    """Somebody has begun and sees the first step; what its form sends along."""
    token = fields(browser.get(BEGIN))["csrfmiddlewaretoken"]
    begun = browser.post(BEGIN, data={"csrfmiddlewaretoken": token, "new": "1"})
    assert begun.headers["Location"] == WHO_STEP
    return fields(browser.get(WHO_STEP))


def assert_clear(page: httpx.Response) -> None:
    """Our own page, in words, and nothing of what went wrong inside."""
    assert page.status_code in (500, 503)
    assert BROKEN in page.text
    for inside in ("Traceback", "psycopg", "OperationalError", "PGSQL", "django"):
        assert inside not in page.text


def wanted_time() -> tuple[dict[str, str], str]:
    """Somebody with an account who wants a talk: the cookies of their session, and the page on which they confirm it."""
    room, user = make_room(), UserFactory()
    professional = make_hours(make_professional(), room, lead_hours=0)
    give_own_account(make_participant(professional.user), user)
    cookies = {name: morsel.value for name, morsel in signed_in(user).cookies.items()}
    return cookies, f"{reverse('book')}?keuze={int(weekday(3, 9).timestamp())}-{professional.pk}-{room.pk}"


def test_while_the_database_is_away_people_read_so_and_afterwards_go_on(tmp_path_factory):
    with own_database(tmp_path_factory.mktemp("away")) as urls, ExitStack() as running:
        address = running.enter_context(web_server(tmp_path_factory.mktemp("web"), urls))
        browser = running.enter_context(browser_at(address))
        cookies, confirming = wanted_time()
        participant = running.enter_context(browser_at(address, cookies=cookies))
        booking = fields(participant.get(confirming))
        saved = {**begin(browser), **WHO}
        assert browser.post(WHO_STEP, data=saved).headers["Location"] == WHERE_STEP
        changed = {**saved, "summary": "We sew and mend."}
        owner = urls["DATABASE_OWNER_URL"]
        with closing(psycopg.connect(owner)) as victim, ThreadPoolExecutor() as meanwhile:
            # Whoever writes waits for this one, so the crash comes in the middle of what is sent
            victim.execute("LOCK TABLE initiatives_initiative, participants_appointment IN SHARE MODE")
            sent = [meanwhile.submit(browser.post, WHO_STEP, data=changed), meanwhile.submit(participant.post, confirming, data=booking)]
            until(lambda: waiting(owner) == len(sent), what="both forms to be in the middle")
            with away(owner, victim):
                sent.append(meanwhile.submit(browser.get, WHO_STEP))
                assert browser.get("/healthz").status_code == 200, "the process itself is well"
                for each in sent:
                    assert_clear(each.result())
        page = browser.get(WHO_STEP)
        assert page.status_code == 200
        assert WHO["name"] in page.text
        assert WHO["summary"] in page.text, "what was saved is there"
        assert changed["summary"] not in page.text, "and what failed is not"
        assert browser.post(WHO_STEP, data=changed).headers["Location"] == WHERE_STEP, "the same form once more"
        draft = Initiative.objects.get()
        assert (draft.name, draft.summary) == (WHO["name"], changed["summary"])
        assert told_of_talks() == [], "neither a talk nor a message about one"
        for _press in range(2):
            assert participant.post(confirming, data=booking).status_code == 302
        (agreed,) = told_of_talks()
        assert agreed == (weekday(3, 9), 1), "once, and the professional hears of it once"


def waiting(url: str) -> int:
    with psycopg.connect(url) as onlooker:
        return onlooker.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]


def told_of_talks() -> list[tuple[datetime, int]]:
    """When each agreed talk begins, and how many messages there are about it."""
    with person_context(SystemActor("a test")):
        talks = Appointment.objects.agreed().values_list("begins", "pk")
        messages = OutboxMessage.objects.filter(key__contains="appointment:")
        return [(begins, messages.filter(key__contains=str(pk)).count()) for begins, pk in talks] or list(messages)
