"""Two database roles behind one Django alias.

The app's role (DATABASE_URL) reads and writes; the owner's role (DATABASE_OWNER_URL) creates and changes tables. Row-level
security binds only roles that are neither owner nor superuser, so the app must never run as either.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

_ROLE = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def owner_connection() -> Iterator[None]:
    """Run the block as the owner's role; other threads stay who they are. Raises ImproperlyConfigured without DATABASE_OWNER_URL.

    The owner waits for a lock no longer than the app does, but a migration may take as long as it takes.
    """
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: this needs the database owner's role.")
    owner: dict[str, Any] = {**dj_database_url.parse(settings.DATABASE_OWNER_URL)}
    owner["OPTIONS"] = {**owner.get("OPTIONS", {}), "application_name": "fieldlab-owner", "options": "-c lock_timeout=5s"}
    app = connection.settings_dict
    connection.close()
    connection.settings_dict = {**app, **{key: owner[key] for key in _ROLE}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = app


def grant_to_app() -> None:
    """Give the app's role what it needs on everything the owner has made and will make; run as the owner, before migrating."""
    name = connection.ops.quote_name
    role = name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        for sql in (
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        ):
            cursor.execute(sql)


def app_role_faults() -> list[str]:
    """What is wrong with the role we are connected as; empty when row-level security binds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper, rolbypassrls,
                   EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(me.oid, relowner, 'usage'))
                   OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(me.oid, datdba, 'usage'))
            FROM pg_roles me WHERE rolname = current_user
            """
        )
        superuser, bypass, owner = cursor.fetchone()
    faults = {"is a superuser": superuser, "bypasses row-level security": bypass, "owns the database or tables in it": owner}
    return [fault for fault, present in faults.items() if present]


def refuse_privileged_role() -> None:
    """Called where web and worker start: ends the process with one line when row-level security would not bind it."""
    try:
        faults = app_role_faults()
    except Error as error:
        sys.exit(f"fieldlab does not start: the database in DATABASE_URL does not answer ({type(error).__name__}).")
    finally:
        connection.close()
    if faults:
        sys.exit(f"fieldlab does not start: the role in DATABASE_URL {' and '.join(faults)}, so row-level security does not bind it.")
