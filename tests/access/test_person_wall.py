"""The wall around a person, for every role: by ids that were changed, with Django's filters off, and in SQL alone."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

import participants.urls
from fieldlab.accounts.models import User
from fieldlab.accounts.querysets import NetworkRoleQuerySet
from fieldlab.audit.context import UserActor, person_context
from participants import querysets
from tests.access.persons import Persons, as_if_professional, fingerprint, make_persons, tables
from tests.access.roles import Role
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

# Whose id an address takes: by its first matching beginning, and of what by the name of an argument
BY_PATH = [
    ("deelnemers/", "Participant"),
    ("initiatieven/<slug:slug>/mensen/vraag/", "HandOver"),
    ("initiatieven/<slug:slug>/mensen/", "Participant"),
    ("bellen/", "CallRequest"),
    ("verslag/", "IntakeReport"),
    ("mijn-gegevens/verslag/", "IntakeReport"),
    ("mijn-gegevens/afspraak/", "Appointment"),
    ("mijn-gegevens/toegang/", "ParticipantAccess"),
]
BY_ARGUMENT = {"goal": "Goal", "step": "PlanStep", "asked": "HandOver", "moment": "FollowUp"}
PERMISSIONS = [
    "is_professional", "can_see_people_of", "can_open_participant", "can_erase_participant", "can_erase_with", "in_team",
]  # fmt: skip
# Some roles at a time, as making two whole persons takes longer than what one role asks
GROUPS = [tuple(Role)[number::3] for number in range(3)]
# Whom the professional helps: they themselves and the professional see all; a team whom it receives, and what it needs for that
SEE_ALL, SEE_SOME = {Role.PROFESSIONAL, Role.PARTICIPANT}, {Role.OWNER, Role.EDITOR}
# What a team was asked it answers
ANSWERED = "UPDATE participants_handover "


@pytest.fixture
def persons() -> Persons:
    return make_persons()


def addresses() -> Iterator[tuple[str, str, set[str]]]:
    """Name, route and arguments of each address of the app, but for invitations."""
    for entry in participants.urls.urlpatterns:
        if not entry.name.startswith("professionalinvitation"):
            yield entry.name, str(entry.pattern), set(entry.pattern.converters)


def model_of(route: str, argument: str) -> str:
    if argument != "pk":
        return BY_ARGUMENT[argument]
    return next(model for beginning, model in BY_PATH if route.startswith(beginning))


def urls_with_ids(persons: Persons) -> Iterator[tuple[str, str]]:
    """Each address with the ids of the other person; and with one's own person, and of the rest the other's."""
    for name, route, arguments in addresses():
        ids = re.findall(r"<uuid:(\w+)>", route)
        theirs = {each: persons.theirs[model_of(route, each)] for each in ids}
        for slug in ("ours", "theirs") if "slug" in arguments else ("",):
            rest: dict[str, Any] = {each: 1 for each in ("version", "place") if each in arguments} | ({"slug": slug} if slug else {})
            if ids:
                yield name, reverse(name, kwargs=theirs | rest)
            if len(ids) > 1:
                yield name, reverse(name, kwargs=theirs | rest | {"pk": persons.ours["Participant"]})


def filled(ids: dict[str, Any]) -> dict[str, Any]:
    """What somebody could type: of every form of the app every field, a choice where there are choices, and elsewhere an id."""
    data: dict[str, Any] = {"sure": "yes", "do": "drop", "status": "done", "what": "new", "wat": "afzeggen", "undo": ids["Call"]}
    for module in [each for name, each in sys.modules.items() if name.startswith("participants.forms.")]:
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                data |= {name: _typed(field, name, ids) for name, field in getattr(form, "base_fields", {}).items()}
    return data


def _typed(field: forms.Field, name: str, ids: dict[str, Any]) -> Any:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices = [key for key, _label in field.choices if key]
        return choices[0] if choices else ids["Participant"]
    typed = {forms.BooleanField: "on", forms.DateField: "2031-03-04", forms.TimeField: "10:00", forms.IntegerField: 1}
    return next((value for kind, value in typed.items() if isinstance(field, kind)), ids.get(name.title(), ids["Participant"]))


class Asking:
    """Requests of one role; what one changes is rolled back, after it was seen whether it touched the other person."""

    def __init__(self, persons: Persons, role: Role):
        self.persons, self.role, self.faults = persons, role, []
        self.client = Client() if role == Role.ANONYMOUS else signed_in(persons.world.users[role])
        self.client.raise_request_exception = False
        self.cookies = self.client.cookies.output(header="", sep=";")
        self.before = fingerprint(persons.world.person_elsewhere)

    def __call__(self, method: str, url: str, data: Any = None, said: str = "") -> Any:
        self.client.cookies = SimpleCookie(self.cookies)
        block, where = transaction.atomic(), f"{method} {url} {said}".strip()
        block._from_testcase = True  # person_context wants to be outermost, but for the test's own transaction
        with block:
            try:
                response = self.client.get(url) if method == "GET" else self.client.post(url, data or {})
                if response.status_code < 400:
                    now = fingerprint(self.persons.world.person_elsewhere)
                    changed = [table for table, rows in now.items() if rows != self.before[table]]
                    self.faults += [f"{where}: touches {table} of another" for table in changed]
            finally:
                transaction.set_rollback(True)
        shown = (response.content + str(response.headers).encode()).decode(errors="replace")
        self.faults += [f"{where}: shows {mark}" for mark in self.persons.forbidden(self.role) if mark in shown]
        return response


def refused(response: Any) -> bool:
    """As if it did not exist; or asked who one is."""
    asks = response.headers.get("Location", "").startswith((reverse("own_enter"), "/inloggen", "/account"))
    return response.status_code in (404, 405) or (response.status_code == 302 and asks)


def test_each_of_them_has_a_row_in_every_table(persons):
    assert [name for each in (persons.ours, persons.theirs) for name, pk in each.items() if pk is None] == []
    assert [table for table, rows in fingerprint(persons.world.person_elsewhere).items() if not rows] == []


@pytest.mark.parametrize("roles", GROUPS)
def test_ids_of_another_person_are_not_found(roles, persons):
    faults, data = [], filled(persons.theirs)
    for role in roles:
        ask = Asking(persons, role)
        for name, url in urls_with_ids(persons):
            for method in ("GET", "POST"):
                response = ask(method, url, data)
                if not refused(response):
                    ask.faults.append(f"{method} {url} ({name}): answers {response.status_code}")
        faults += [f"{role}: {fault}" for fault in ask.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def without_filters(persons, monkeypatch):
    """Django asks nobody anything: every list is whole, everybody may do all and is a professional. What is left is PostgreSQL."""
    for queryset in (querysets.ParticipantQuerySet, querysets.AboutParticipantQuerySet, querysets.CallRequestQuerySet):
        for name in ("visible_to", "reachable_by"):
            if hasattr(queryset, name):
                monkeypatch.setattr(queryset, name, lambda self, _user: self.all())
    for module in [each for name, each in sys.modules.items() if name.startswith(("participants.", "initiatives.permissions"))]:
        for name in PERMISSIONS:
            if callable(vars(module).get(name)):
                monkeypatch.setattr(module, name, lambda *_args, **_options: True)
    monkeypatch.setattr(NetworkRoleQuerySet, "current", lambda self: self.all())
    as_if_professional(persons.world)


def lists() -> Iterator[str]:
    """Addresses that take no id: the lists, the agenda, what goes about oneself."""
    for name, _route, arguments in addresses():
        if not arguments:
            yield reverse(name)


@pytest.mark.parametrize("roles", GROUPS)
def test_without_djangos_filters_nothing_of_another_is_shown_or_touched(roles, persons, without_filters):
    faults, data = [], filled(persons.theirs)
    for role in roles:
        ask = Asking(persons, role)
        for name, url in urls_with_ids(persons):
            # For two of them what is typed too: that takes twice as long, and to PostgreSQL the others are no more than these
            for method in ("GET", "POST") if role in (Role.PROFESSIONAL, Role.STRANGER) else ("GET",):
                ask(method, url, data, name)
        for url in lists():
            ask("GET", url)
        faults += [f"{role}: {fault}" for fault in ask.faults]
    assert not faults, "\n".join(faults)


def test_in_sql_alone_nobody_reaches_another(persons):
    faults = []
    for role, user in [*persons.world.users.items(), (Role.ANONYMOUS, None)]:
        for table, column in tables().items():
            for whose, person in (("ours", persons.world.person), ("theirs", persons.world.person_elsewhere)):
                seen = rows_reached(user, f"SELECT 1 FROM {table} WHERE {column} = %s", person.pk)
                if seen and (whose == "theirs" or role not in SEE_ALL | SEE_SOME):
                    faults.append(f"{role} sees {seen} of {whose} in {table}")
                for change in (f"UPDATE {table} SET {column} = {column} WHERE {column} = %s", f"DELETE FROM {table} WHERE {column} = %s"):
                    changed = rows_reached(user, change, person.pk)
                    allowed = SEE_ALL | SEE_SOME if change.startswith(ANSWERED) else SEE_ALL
                    if changed and (whose == "theirs" or role not in allowed):
                        faults.append(f"{role} reaches {changed} of {whose}: {change}")
    assert not faults, "\n".join(faults)
    assert rows_reached(
        persons.world.users[Role.PROFESSIONAL], "SELECT 1 FROM participants_goal WHERE participant_id = %s", persons.world.person.pk
    )


class _Undone(Exception):  # noqa: N818 - how a block ends whose changes are not kept
    pass


def rows_reached(user: User | None, statement: str, person: UUID) -> int:
    """How many rows a statement comes to as this user, and takes back; none where the role has no right to it at all."""
    reached = 0
    with suppress(DatabaseError, _Undone), person_context(UserActor(user)) if user else transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [person])
        reached = cursor.rowcount
        raise _Undone
    return reached
