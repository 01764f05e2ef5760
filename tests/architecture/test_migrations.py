"""Migrations are complete, and safe to apply while the site is in use."""

from io import StringIO

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

pytestmark = pytest.mark.django_db
APPS = ["initiatives", "participants", "workshops", "challenge", "areas", "accounts", "audit", "outbox", "figures", "lib"]
# Each with the reason why it may.
UNSAFE = ["0005_contact_topics"]  # drops a column that nobody but the demo had filled: no city ran this yet


def test_no_model_changed_without_a_migration():
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output)
    except SystemExit:
        pytest.fail(output.getvalue())


@pytest.mark.django_db(transaction=True)  # an index that is made beside the work of others knows no transaction
def test_no_migration_locks_or_loses(monkeypatch, capsys):
    """django-migration-linter on the SQL of every migration that changes a table somebody may be using."""
    linter = MigrationLinter(include_apps=APPS, no_cache=True, ignore_initial_migrations=True, ignore_name=UNSAFE)
    linter.lint_all_migrations()
    assert not linter.has_errors, capsys.readouterr().out


def test_the_linter_does_find_faults():
    errors, _ignored, _warnings = analyse_sql_statements(PostgresqlAnalyser, ["ALTER TABLE a DROP COLUMN b"])
    assert errors
