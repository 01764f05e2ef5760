"""What browser tests share: `sign_in(page, user)`, `follow(link)`, `axe(page)`, `fits(page)`, the two widths."""

import re

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.sign_in import signed_in

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}


class BrowserErrors:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def watch(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on(
            "response",
            lambda answer: self.found.append(f"{answer.status}: {answer.url}") if answer.status >= 500 else None,
        )

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"console: {message.text} ({message.location.get('url')})")

    def left(self) -> list[str]:
        return [error for error in self.found if not any(re.search(pattern, error) for pattern in self.allowed)]


def sign_in(page: Page, user) -> None:
    """The session that a person has after the sign-in page, with its second factor where one is wanted."""
    key = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": "localhost", "path": "/"}])


def follow(link: Locator) -> None:
    """Clicks on what leads to another page, a button of a form too, and waits until that page has loaded."""
    with link.page.expect_navigation():
        link.click()


def settled(page: Page) -> None:
    """It has loaded, and what htmx asked for has its place."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def fits(page: Page) -> None:
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


def axe(page: Page) -> None:
    """Fails with a readable list when axe-core finds a violation on the page as it stands."""
    settled(page)
    violations = Axe().run(page).response["violations"]
    lines = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n" + "\n".join(f"    {node['html']}" for node in rule["nodes"])
        for rule in violations
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)
