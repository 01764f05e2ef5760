"""The database goes away under a real web server and comes back: what people see meanwhile, and that nothing saved is lost."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import psycopg
import pytest
from django.db import connection

from initiatives.models import Initiative
from tests.benchmarks import _web
from tests.initiatives.test_register_pages import WHO
from tests.outbox.test_database_crash import own_database
from tests.servers.worker import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

# The pool of the web server waits 10 seconds for a connection before it gives up
PATIENCE_SECONDS = 25
BROKEN = "Er ging hier iets stuk"
BEGIN, WHO_STEP, WHERE_STEP = "/initiatieven/nieuw/", "/initiatieven/nieuw/wie/", "/initiatieven/nieuw/waar/"


@contextmanager
def web_server(folder: Path, urls: dict[str, str]) -> Iterator[httpx.Client]:
    """granian as the demo runs it, with its pool, and a browser of somebody who registers."""
    environment = {**urls, "DATABASE_POOL_SIZE": "4", "DATABASE_APPLICATION_NAME": "fieldlab-web"}
    with _web.processes(folder) as processes:
        address = _web.granian(processes, "web", "fieldlab.wsgi", environment)
        with httpx.Client(base_url=address, timeout=PATIENCE_SECONDS, headers={"Accept-Language": "nl"}) as browser:
            yield browser
        processes.check()  # the same process from beginning to end


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
    hidden = re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|key)" value="([^"]+)"', page.text)
    assert "csrfmiddlewaretoken" in dict(hidden), page.text
    return dict(hidden)


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


def test_while_the_database_is_away_people_read_so_and_afterwards_go_on(tmp_path_factory):
    with own_database(tmp_path_factory.mktemp("away")) as urls, web_server(tmp_path_factory.mktemp("web"), urls) as browser:
        saved = {**begin(browser), **WHO}
        assert browser.post(WHO_STEP, data=saved).headers["Location"] == WHERE_STEP
        changed = {**saved, "summary": "We sew and mend."}
        with closing(psycopg.connect(urls["DATABASE_OWNER_URL"])) as victim, ThreadPoolExecutor() as meanwhile:
            # Whoever writes waits for this one, so the crash comes in the middle of what is sent
            victim.execute("LOCK TABLE initiatives_initiative IN SHARE MODE")
            sent = meanwhile.submit(browser.post, WHO_STEP, data=changed)
            until(lambda: somebody_waits(urls["DATABASE_OWNER_URL"]), what="the form to be in the middle")
            with away(urls["DATABASE_OWNER_URL"], victim):
                asked = meanwhile.submit(browser.get, WHO_STEP)
                assert browser.get("/healthz").status_code == 200, "the process itself is well"
                assert_clear(sent.result())
                assert_clear(asked.result())
        page = browser.get(WHO_STEP)
        assert page.status_code == 200
        assert WHO["name"] in page.text
        assert WHO["summary"] in page.text, "what was saved is there"
        assert changed["summary"] not in page.text, "and what failed is not"
        assert browser.post(WHO_STEP, data=changed).headers["Location"] == WHERE_STEP, "the same form once more"
        draft = Initiative.objects.get()
        assert (draft.name, draft.summary) == (WHO["name"], changed["summary"])


def somebody_waits(url: str) -> bool:
    with psycopg.connect(url) as onlooker:
        return onlooker.execute("SELECT FROM pg_locks WHERE NOT granted").fetchone() is not None
