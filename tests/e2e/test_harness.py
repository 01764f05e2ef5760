"""The rails of the browser tests themselves: what must fail does fail."""

import pytest

from fieldlab.celery import app
from tests.e2e.browser import axe, sign_in
from tests.factories.accounts import UserFactory
from tests.servers.worker import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_axe_fails_on_an_image_without_a_text(desk):
    desk.set_content("<!doctype html><html lang=nl><title>t</title><main><h1>t</h1><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(desk)


def test_what_the_content_policy_blocks_is_an_error(desk, browser_errors):
    desk.goto("/")
    with desk.expect_console_message(lambda message: "Content Security Policy" in message.text):
        desk.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.bad = 1'}))")
    desk.evaluate("""new Promise((failed) => {
      document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="window.bad = 1">');
      document.body.lastElementChild.addEventListener("error", () => failed());
    })""")
    assert desk.evaluate("window.bad") is None
    assert any("Content Security Policy" in error for error in browser_errors.left())
    browser_errors.allow("Content Security Policy|404")


def test_a_worker_takes_tasks_from_the_real_queue(worker):
    until(lambda: bool(app.control.ping(timeout=0.5)), what="the worker to answer")


def test_signed_in_with_a_second_factor(desk):
    sign_in(desk, UserFactory(coordinator=True))
    assert desk.goto("/mensen/").status == 200
    assert desk.url.endswith("/mensen/")
