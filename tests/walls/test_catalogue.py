"""What PostgreSQL itself says about the walls, so that a new table cannot be forgotten."""

import re

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from fieldlab.lib.database import app_role_faults

# Tables of `participants` that are not about participants, each with the reason.
OPEN = {
    "participants_professional": "who works here; participants read whom they will meet",
    "participants_professional_areas": "where they work",
    "participants_professionalinvitation": "who is invited to work here",
    "participants_consenttext": "what is asked; everybody may read it",
    "participants_talkplace": "where talks are held",
    "participants_talkroom": "where talks are held",
    "participants_availability": "when a professional talks",
    "participants_absence": "when a professional does not",
    "participants_calendarfeed": "a professional's own calendar address",
}
WALLED = {
    "participants_participant",
    "participants_participantkey",
    "participants_participantaccess",
    "participants_participantevent",
    "participants_participantaccessevent",
    "audit_accessrecord",
}


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def about_persons():
    """Tables of the app, and tables that point at a participant, whichever app they are of."""
    models = apps.get_models(include_auto_created=True)
    participant = apps.get_model("participants", "Participant")
    named = {model._meta.db_table for model in models if model._meta.app_label == "participants"}
    pointing = {
        model._meta.db_table
        for model in models
        for field in model._meta.concrete_fields
        if field.related_model is participant or field.name == "participant_id"
    }
    return named | pointing


@pytest.mark.django_db
def test_every_table_about_persons_is_forced_behind_policies():
    walled = {
        table
        for (table,) in rows(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity
              AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polcmd = 'r' AND polroles = ARRAY[%s::regrole::oid])
            """,
            settings.DATABASE_APP_ROLE,
        )
    }
    assert about_persons() - walled == set(OPEN)
    assert walled >= WALLED


@pytest.mark.django_db
def test_no_policy_is_open_to_everybody_or_asks_another_tables_policy():
    owner = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_OWNER_URL)["user"]
    for table, policy, roles, condition in rows(
        "SELECT tablename, policyname, roles, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies"
    ):
        assert roles in ([settings.DATABASE_APP_ROLE], [owner]), (table, policy)
        assert not re.search(r"(?<!DISTINCT)\sFROM\s", condition), (table, policy, condition)
        assert (policy == "owner_migrating") == (roles == [owner])


@pytest.mark.django_db
def test_the_app_is_no_owner_and_views_ask_as_their_reader():
    assert app_role_faults() == []
    views = rows("SELECT relname, reloptions FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace")
    assert [view for view, options in views if "security_invoker=true" not in (options or [])] == []


@pytest.mark.django_db
def test_the_owners_functions_are_few_and_fixed_to_one_search_path():
    functions = rows(
        "SELECT proname, proconfig, proacl::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname"
    )
    assert [name for name, _config, _rights in functions] == [
        "acting_teams",
        "acting_user",
        "forget_language",
        "forget_own_account",
        "may_set_up",
        "own_participants",
        "reachable_participants",
        "reachable_requests",
        "readable_participants",
        "taken_times",
        "through_the_glass",
    ]
    for name, config, rights in functions:
        assert config == ["search_path=public, pg_temp"], name
        assert not re.search("[{,]=", rights), f"{name} may be called by everybody"


@pytest.mark.django_db
def test_history_and_the_access_log_only_grow():
    histories = {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    for table in (histories & about_persons()) | {"audit_accessrecord"}:
        [(update, delete, truncate)] = rows(
            "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE')",
            table, table, table,
        )  # fmt: skip
        assert (update, delete, truncate) == (False, False, False), table
        assert rows("SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'only_grows'", table), table


@pytest.mark.django_db
def test_every_history_is_append_only_and_carries_its_own_context():
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") and model._meta.managed and not model._meta.proxy:
            triggers = rows("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", model._meta.db_table)
            assert any("append_only" in name for (name,) in triggers), model
            assert model._meta.get_field("pgh_context").get_internal_type() == "JSONField", model


@pytest.mark.django_db
def test_every_column_about_a_person_is_accounted_for():
    """A new plain column on Participant must be thought about: seal it, or say here why it tells nobody who it is."""
    plain = {field.name for field in apps.get_model("participants", "Participant")._meta.fields if type(field).__name__ != "SealedField"}
    when = {"created_at", "last_contact_at", "told_of_erasure_at", "erased_at"}
    assert plain == {"id", "code", "neighbourhood", "reached_by", "user", "created_by", *when}
    kept = {field.name for field in apps.get_model("participants", "ParticipantEvent")._meta.fields if not field.name.startswith("pgh_")}
    assert not kept & {"code", "user", "created_by"}
