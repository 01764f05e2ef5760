"""One migrated template database a run; each worker gets its own copy of it in a fraction of a second.

With FIELDLAB_KEEP_TEMPLATE set, on services of one's own, the template stays for the next run with the same migrations.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

LOCK = 7_203_411
# Filled by `migrate`, and the same for every test
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
EMPTY = """
    DO $$
    DECLARE
        each regclass;
        is_filled boolean;
        filled regclass[] := ARRAY[]::regclass[];
    BEGIN
        PERFORM set_config('app.migrating', 'on', true);
        FOR each IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ({kept}) LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', each) INTO is_filled;
            IF is_filled THEN
                filled := filled || each;
                EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', each);
                EXECUTE format('DELETE FROM %s', each);
            END IF;
        END LOOP;
        SET CONSTRAINTS ALL IMMEDIATE;
        FOREACH each IN ARRAY filled LOOP
            EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', each);
        END LOOP;
    END $$
"""
ROOT = Path(__file__).resolve().parent.parent
# What a migrated database depends on
SOURCES = ["*/migrations/*.py", "*/*/migrations/*.py", "fieldlab/lib/*.py"]


def template_of(run: str) -> str:
    if not os.environ.get("FIELDLAB_KEEP_TEMPLATE"):
        return f"fieldlab_test_{run}"
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern) if ".venv" not in path.parts)
    return f"fieldlab_template_{hashlib.sha256(b''.join(path.read_bytes() for path in files)).hexdigest()[:16]}"


def _use(name: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


@contextmanager
def test_database(run: str, worker: str) -> Iterator[None]:
    template, name, real = template_of(run), f"fieldlab_test_{run}_{worker}", connection.settings_dict["NAME"]
    with closing(psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True)) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if owner.execute("SELECT FROM pg_database WHERE datname = %s", [template]).fetchone() is None:
            owner.execute(SQL("CREATE DATABASE {}").format(Identifier(template)))
            _use(template)
            try:
                call_command("migrate", verbosity=0)
            except BaseException:
                connection.close()
                _drop(template)  # or the other workers would take half a database for a whole one
                raise
        connection.close()
        owner.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        owner.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        _use(name)
        try:
            yield
        finally:
            _use(real)
            # Without FORCE: it may not end the app's sessions, where plain DROP waits for those that are just going.
            owner.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


def empty() -> None:
    """Away with what a test with transactions of its own left. Of eighty tables few are filled: Django's TRUNCATE of all takes a second."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute(SQL(EMPTY).format(kept=KEPT))


def drop_template(run: str) -> None:
    if not os.environ.get("FIELDLAB_KEEP_TEMPLATE"):
        _drop(template_of(run))


def _drop(template: str) -> None:
    with closing(psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True)) as owner:
        owner.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(template)))
