"""Policies must not turn a look-up into a walk through the whole table."""

import json
from time import perf_counter

import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions import open_participant
from participants.models import DETAILS, Details, Participant, ParticipantAccess
from tests.factories.participants import make_participant, make_professional

ROWS = 10_000


@pytest.fixture
def caseload(db):
    """One professional with 30 participants among 10,000."""
    professional, other = make_professional(), make_professional()
    template = make_participant(professional)
    sealed = ", ".join(DETAILS)
    with person_context(SystemActor("a test")), connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO participants_participant (id, code, reached_by, created_at, {sealed})
            SELECT gen_random_uuid(), number, 'friend', now(), {sealed} FROM participants_participant, generate_series(1, %s) number
            """,
            [ROWS],
        )
        cursor.execute(
            """
            INSERT INTO participants_participantaccess (id, participant_id, user_id, reason, valid_from)
            SELECT gen_random_uuid(), id, CASE WHEN code::int < 30 THEN %s ELSE %s END, 'support', now()
            FROM participants_participant WHERE id <> %s
            """,
            [professional.pk, other.pk, template.pk],
        )
        cursor.execute(
            """
            INSERT INTO participants_participantkey (participant_id, wrapped, master)
            SELECT id, wrapped, master FROM participants_participant, participants_participantkey WHERE id <> participant_id
            """
        )
    return professional, template


def plan_of(queryset):
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        [(plan,)] = cursor.fetchall()
    return (plan if isinstance(plan, list) else json.loads(plan))[0]


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def walked(plan):
    return [(node["Relation Name"], node["Actual Rows"]) for node in nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"]


def test_lookups_and_lists_use_their_indexes_behind_the_walls(caseload, django_assert_num_queries):
    professional, participant = caseload
    with person_context(UserActor(professional)):
        visible = Participant.objects.visible_to(professional)
        assert visible.count() == Participant.objects.count() == 30
        for queryset in (
            Participant.objects.filter(pk=participant.pk).order_by(),
            Participant.objects.filter(code=participant.code).order_by(),
            Participant.objects.filter(pk=participant.pk).select_related("key").order_by(),
            ParticipantAccess.objects.filter(participant=participant).order_by(),
            visible,
            visible.filter(pk=participant.pk),
            visible.select_related("key"),
        ):
            plan = plan_of(queryset)
            assert [table for table, _rows in walked(plan) if table.startswith("participants_")] == [], json.dumps(plan, indent=1)
            print(f"{plan['Execution Time']:.2f} ms {str(queryset.query)[:90]}")

    with django_assert_num_queries(6), person_context(UserActor(professional, "professional")):
        # savepoint, context, read, log, and in a test case: context back, release
        started = perf_counter()
        found = Participant.objects.visible_to(professional).select_related("key").get(pk=participant.pk)
        assert open_participant(participant=found, reason="a test", at=timezone.now()) == Details(first_name="Samira")
        print(f"{(perf_counter() - started) * 1000:.1f} ms to find, log and open one of {ROWS}")
