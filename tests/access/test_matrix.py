"""Every address × every role × every method, from the URL resolver, against the table in matrix.py."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from fieldlab.lib.phones import display
from tests.access.matrix import ALLAUTH_PUBLIC, LOGIN, MATRIX, Row
from tests.access.roles import HIDDEN, HIDDEN_ELSEWHERE, HIDDEN_PERSON, HIDDEN_PHONE, SEE_HIDDEN, SEE_PERSON, Role, make_world
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

READ, OTHER = ("GET", "HEAD"), ("PUT", "PATCH", "DELETE", "OPTIONS")
# Which methods an address takes at all does not hang on the role: three of them ask, and whoever is not signed in.
ASK_OTHER = {Role.ANONYMOUS, Role.PROFESSIONAL, Role.COORDINATOR, Role.DECIDER}
SENT = {200, 302, 303, 400, 409, 422}  # a form that is taken, or handed back
SAMPLE = {"int": 2_000_000_000, "slug": "x", "string": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def patterns(*, allauth: bool, resolver=None, inside=False, above=None) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Name and sample arguments of our own addresses, or of those below an include of allauth's."""
    for entry in (resolver or get_resolver()).url_patterns:
        arguments = {**(above or {}), **_sample(entry.pattern)}
        if not isinstance(entry, URLPattern):
            here = inside or getattr(entry.urlconf_module, "__name__", "").startswith("allauth.")
            yield from patterns(allauth=allauth, resolver=entry, inside=here, above=arguments)
        elif inside is allauth:
            yield entry.name, arguments


def _sample(pattern) -> dict[str, Any]:
    kinds = {name: type(converter).__name__.removesuffix("Converter").lower() for name, converter in pattern.converters.items()}
    return {**dict.fromkeys(pattern.regex.groupindex, 1), **{name: SAMPLE[kind] for name, kind in kinds.items()}}


@pytest.fixture
def world():
    return make_world()


def test_every_address_has_a_row():
    rows, addresses = {row.name for row in MATRIX}, {name for name, _ in patterns(allauth=False)}
    assert None not in addresses, "an address without a name"
    assert sorted(addresses - rows) == [], "add a row to tests/access/matrix.py"
    assert sorted(rows - addresses) == [], "rows of addresses that are gone"


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_do(role, world):
    ask = Asking(world, role)
    faults = []
    for row in MATRIX:
        url = row.url(world)
        for method in (*READ, "POST", *(OTHER if role in ASK_OTHER else ())):
            response = ask(method, url)
            if wrong := _wrong(row, role, method, response):
                faults.append(f"{method} {url} ({row.name}): {wrong}")
            if role not in SEE_HIDDEN and HIDDEN.encode() in response.content:
                faults.append(f"{method} {url} ({row.name}): shows an unpublished entry of another district")
            if shown := _person_shown(role, response):
                faults.append(f"{method} {url} ({row.name}): shows {shown}")
    assert not faults, f"{role}:\n" + "\n".join(faults)


def _person_shown(role: Role, response) -> str:
    """Whose details stand in this answer, against the rules; empty when nobody's do."""
    if HIDDEN_ELSEWHERE.encode() in response.content:
        return "a participant of somebody else"
    marks = (HIDDEN_PERSON, HIDDEN_PHONE, display(HIDDEN_PHONE))
    return "a participant" if role not in SEE_PERSON and any(mark.encode() in response.content for mark in marks) else ""


def _wrong(row: Row, role: Role, method: str, response) -> str:
    """What is wrong with this answer; empty when it is as the table says."""
    status = response.status_code
    if status >= 500:
        return f"fails with {status}"
    to_login = status == LOGIN and response.headers["Location"].startswith(reverse(row.asks))
    allowed = {*READ} if role in row.get else set()
    allowed |= {"POST"} if role in row.post else set()
    if method in allowed:
        good = row.opens == status if method in READ else status in SENT
        return "" if good and not to_login else f"answers {status}, should be open"
    if role == Role.ANONYMOUS and not allowed and row.signed_out == LOGIN:
        return "" if to_login or status == 405 else f"answers {status}, should ask to sign in"
    refusals = {405, row.signed_out if role == Role.ANONYMOUS else row.refused, 404}
    if method == "OPTIONS" and status == 200 and not response.content:
        return ""
    return "" if status in refusals or (to_login and role == Role.ANONYMOUS) else f"answers {status}, should be refused"


class Asking:
    """Requests of one role, each on the world as it was made: what a request changes is rolled back."""

    def __init__(self, world, role):
        self.client = Client() if role == Role.ANONYMOUS else signed_in(world.users[role])
        self.client.raise_request_exception = False
        self.cookies = self.client.cookies.output(header="", sep=";")

    def __call__(self, method, url):
        self.client.cookies = SimpleCookie(self.cookies)
        block = transaction.atomic()
        block._from_testcase = True  # person_context wants to be outermost, but for the test's own transaction
        with block:
            try:
                return self.client.generic(method, url)
            finally:
                transaction.set_rollback(True)


def test_a_stranger_id_is_not_found(world):
    """Objects that do not exist answer as those of others do: with 404, and never with a fault."""
    ask = Asking(world, Role.COORDINATOR)
    faults = {}
    for name, arguments in patterns(allauth=False):
        if arguments:
            url = reverse(name, kwargs=arguments)
            answers = [ask(method, url) for method in ("GET", "POST")]
            # Whoever is no participant is asked for a code, whatever the id
            status = [answer.status_code for answer in answers if not answer.headers.get("Location", "").startswith(reverse("own_enter"))]
            if not set(status) <= {404, 405, 410}:
                faults[url] = status
    assert faults == {}


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.PLAIN, Role.COORDINATOR])
def test_the_pages_of_allauth(role, world):
    """They never fail, and ask for a sign-in unless they are what one signs in or up with."""
    ask = Asking(world, role)
    faults = {}
    for name, arguments in patterns(allauth=True):
        if not name:
            continue  # old addresses that send on
        url = reverse(name, kwargs=arguments)
        for method in ("GET", "POST"):
            response = ask(method, url)
            to_login = response.status_code == LOGIN and response.headers["Location"].startswith(reverse("account_login"))
            refused = to_login or response.status_code == 405
            if response.status_code >= 500 or (role == Role.ANONYMOUS and name not in ALLAUTH_PUBLIC and not refused):
                faults[f"{method} {name}"] = response.status_code
    assert faults == {}
