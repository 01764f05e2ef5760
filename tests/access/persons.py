"""A whole person on each side of the wall, with a row in every table: whom the professional helps, and whom nobody here may ever see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.phones import display
from participants.actions.glass import break_glass
from participants.actions.people import change_details
from participants.models import Details, HandOver, Participant, Professional, Reach
from tests.access.roles import HIDDEN_ELSEWHERE, HIDDEN_PERSON, HIDDEN_PHONE, Role, World, make_world
from tests.factories.accounts import UserFactory
from tests.factories.participants import ask_for_call
from tests.factories.plans import make_hand_over, make_step
from tests.factories.rights import add_rows

# In every text about the person whom the professional helps, but for the first name
SECRET = "Diepgeheim4862"
PHONE_ELSEWHERE = "+31200005173"
# First names of who asked the team of `ours` to call, and of whom that team typed the number
ASKED_TEAM, BROUGHT = "Gevraagd7744", "Gebracht7745"

OF_ELSEWHERE = (HIDDEN_ELSEWHERE, PHONE_ELSEWHERE, display(PHONE_ELSEWHERE))
OF_PERSON = (HIDDEN_PERSON, SECRET, HIDDEN_PHONE, display(HIDDEN_PHONE))
OF_REQUESTS = (ASKED_TEAM, BROUGHT)
TEAM_OF_OURS = {Role.OWNER, Role.EDITOR}


@dataclass
class Persons:
    world: World
    # A row of each of their tables, by the name of the model; CallRequest is one of their district, before they took part
    ours: dict[str, UUID]
    theirs: dict[str, UUID]
    # Asked of the team of `world.published`
    hand_over: HandOver
    theirs_code: str

    def forbidden(self, role: Role) -> tuple[str, ...]:
        """What may stand in no answer to this role, whatever it asks."""
        if role in (Role.PROFESSIONAL, Role.PARTICIPANT):
            return (*OF_ELSEWHERE, self.theirs_code)
        if role in TEAM_OF_OURS:  # reads the first name of whom it was asked to receive
            return (*OF_ELSEWHERE, self.theirs_code, *OF_PERSON[1:])
        return (*OF_ELSEWHERE, self.theirs_code, *OF_PERSON, *OF_REQUESTS)


def make_persons() -> Persons:
    world = make_world()
    professional, elsewhere = world.users[Role.PROFESSIONAL], world.person_elsewhere.created_by
    for user, area in ((professional, world.area), (elsewhere, world.published_elsewhere.area)):
        user.professional.areas.add(area.parent.parent)
    _fill(world.person, professional, HIDDEN_PERSON, SECRET, HIDDEN_PHONE)
    _fill(world.person_elsewhere, elsewhere, HIDDEN_ELSEWHERE, HIDDEN_ELSEWHERE, PHONE_ELSEWHERE)
    step = make_step(world.person, professional, initiative=world.published, why=SECRET)
    ask_for_call(area=world.area, initiative=world.published, first_name=ASKED_TEAM)
    ask_for_call(area=world.area, brought_by=world.published, actor=world.users[Role.OWNER], first_name=BROUGHT)
    there = world.published_elsewhere.area
    wish = ask_for_call(area=there, first_name=HIDDEN_ELSEWHERE, phone=PHONE_ELSEWHERE)
    return Persons(
        world,
        ours=rows_of(world.person) | {"CallRequest": world.wish},
        theirs=rows_of(world.person_elsewhere) | {"CallRequest": wish},
        hand_over=make_hand_over(step, professional),
        theirs_code=world.person_elsewhere.code,
    )


def _fill(person: Participant, professional: User, name: str, words: str, phone: str) -> None:
    details = Details(
        first_name=name, last_name=words, phone=phone, email=f"{words}@demo.example".lower(), birth_year=1980, languages=("ti",),
        interpreter=True, reach=Reach.EMAIL, best_time=words,
    )  # fmt: skip
    with person_context(UserActor(professional, "professional")):
        change_details(participant=person, details=details, neighbourhood=None)
    with person_context(SystemActor("a test")):
        person = Participant.objects.select_related("key").get(pk=person.pk)
    add_rows(person, professional, words)
    break_glass(coordinator=UserFactory(coordinator=True, name="Coen"), code=person.code, why=f"Gevaar. {words}", at=timezone.now())


def tables() -> dict[str, str]:
    """Each table with rows of participants, and the column that says whose: with history, and the log of who looked."""
    found = {"participants_participant": "id", "audit_accessrecord": "participant_id"}
    for model in apps.get_app_config("participants").get_models(include_auto_created=True):
        columns = {field.attname: field for field in model._meta.concrete_fields}
        if "participant_id" in columns:
            found[model._meta.db_table] = "participant_id"
        elif getattr(model, "pgh_tracked_model", None) is Participant:
            found[model._meta.db_table] = "pgh_obj_id"
    return found


def rows_of(person: Participant) -> dict[str, UUID]:
    """One row of each model, the last that was made where it has an order; a test fails when a table has none."""
    found: dict[str, Any] = {"Participant": person.pk}
    with person_context(SystemActor("a test")):
        for model in apps.get_app_config("participants").get_models():
            if any(field.attname == "participant_id" for field in model._meta.concrete_fields) and not hasattr(model, "pgh_tracked_model"):
                found[model.__name__] = model._default_manager.filter(participant=person).values_list("pk", flat=True).first()
    return found


def fingerprint(person: Participant) -> dict[str, str]:
    """Of all rows about somebody, by table: what may not change, and who may not be logged as having looked."""
    parts = [
        f"SELECT '{table}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t WHERE {column} = %(person)s"
        for table, column in tables().items()
    ]
    with person_context(SystemActor("a test")), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"person": person.pk})
        return dict(cursor.fetchall())


def as_if_professional(world: World) -> None:
    """Everybody was one once: that opens the pages when nothing asks whether they still are, and no row in the database."""
    at = timezone.now()
    for user in world.users.values():
        Professional.objects.get_or_create(user=user, defaults={"since": at, "ended_at": at})
