"""What the walls cost: a person_context beside a plain transaction, and a look-up behind row-level security beside the bare table."""

from collections.abc import Iterable

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from participants.actions import open_participant
from participants.models import Participant
from tests.benchmarks.measure import Figure, measure
from tests.factories.participants import make_participant, make_professional

CASELOAD = 30


def run() -> Iterable[Figure]:
    professional = make_professional()
    participants = [make_participant(professional) for _ in range(CASELOAD)]
    actor = UserActor(professional, "professional")

    def in_context(ask):
        with person_context(actor):
            ask()

    def in_transaction(ask):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            ask()

    yield measure(
        "person_context, nothing in it",
        lambda: in_context(lambda: None),
        "atomic with one SELECT 1",
        lambda: in_transaction(lambda: None),
        rounds=500,
    )
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=connection.settings_dict["NAME"], autocommit=True) as owner:
        owner.execute("CREATE TABLE bare AS TABLE participants_participant")
        owner.execute("SELECT set_config('app.migrating', 'on', false)")
        owner.execute("INSERT INTO bare SELECT * FROM participants_participant")
        owner.execute("ALTER TABLE bare ADD PRIMARY KEY (id)")
    one = participants[0].pk

    def bare():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM bare WHERE id = %s", [one])
            cursor.fetchall()

    def walled():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM participants_participant WHERE id = %s", [one])
            cursor.fetchall()

    with person_context(actor):
        yield measure("one participant by key, behind policies", walled, "the same table without", bare, rounds=500)
        yield measure(
            f"a caseload of {CASELOAD}, opened",
            lambda: [row.open() for row in Participant.objects.visible_to(professional).select_related("key")],
            "the same rows, sealed",
            lambda: list(Participant.objects.visible_to(professional).select_related("key")),
        )

    def open_one():
        with person_context(actor):
            found = Participant.objects.visible_to(professional).select_related("key").get(pk=one)
            open_participant(participant=found, reason="a benchmark", at=timezone.now())

    def read_and_write_one():
        with transaction.atomic():
            user = User.objects.get(pk=professional.pk)
            user.save(update_fields=["name"])

    yield measure("find, log and open one", open_one, "read and write a plain row", read_and_write_one)
