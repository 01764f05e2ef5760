"""A real browser on a real server: `phone`, `desk` and `no_js` are pages, `worker` is a Celery worker with beat.

Every test fails on errors in the browser's console (among them whatever the content security policy blocks), on uncaught script
errors and on answers of 500 and up; `browser_errors.allow("422")` names what a test provokes on purpose.
"""

import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in this thread

import pytest
from django.db import connection
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright

from tests.e2e import chromium
from tests.e2e.browser import DESK, PHONE, BrowserErrors
from tests.servers.pdok import pdok
from tests.servers.worker import celery_worker

PATIENCE_MS = 30_000  # a busy machine is no failure, and only a failure waits this long
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser():
    assert chromium.PATH, chromium.MISSING
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.ARGUMENTS)
        yield browser
        browser.close()
        # While Playwright runs its loop here Django keeps a connection for it apart, which nobody finds once the loop is gone
        connection.close()


@pytest.fixture
def browser_errors():
    errors = BrowserErrors()
    yield errors
    assert errors.left() == []


@pytest.fixture
def new_page(browser, live_server, browser_errors):
    """Makes pages in a browser of their own: no cookies shared; addresses are relative to the live server."""
    contexts = []

    def make(viewport: dict[str, int], **options):
        # localhost, not 127.0.0.1: passkeys want a name
        context = browser.new_context(
            base_url=live_server.url.replace("127.0.0.1", "localhost"),
            viewport=viewport,
            reduced_motion="reduce",
            locale="nl-NL",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        browser_errors.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_page):
    return new_page(PHONE, has_touch=True)


@pytest.fixture
def desk(new_page):
    return new_page(DESK)


@pytest.fixture
def no_js(new_page):
    return new_page(PHONE, java_script_enabled=False)


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def page(request, new_page):
    """The same test at both widths."""
    return new_page(request.param)


@pytest.fixture
def address_service():
    """PDOK answers, however busy this machine is."""
    with pdok() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url, PDOK_TIMEOUT_SECONDS=PATIENCE_MS / 1000):
        yield


@pytest.fixture
def worker(transactional_db):
    """A real worker with beat on this test's database and Redis."""
    with celery_worker() as process:
        yield process
