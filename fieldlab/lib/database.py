"""Two database roles behind one Django alias.

The app's role (DATABASE_URL) reads and writes; the owner's role (DATABASE_OWNER_URL) creates and changes tables. Row-level
security binds only roles that are neither owner nor superuser, so the app must never run as either.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT")


def _use(credentials: dict[str, Any]) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(credentials)


@contextmanager
def owner_connection() -> Iterator[None]:
    """Run the block as the owner's role. Raises ImproperlyConfigured without DATABASE_OWNER_URL."""
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: this needs the database owner's role.")
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    app = {key: connection.settings_dict[key] for key in _CREDENTIALS}
    _use({key: owner[key] for key in _CREDENTIALS})
    try:
        yield
    finally:
        _use(app)


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
                   EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = pg_roles.oid)
            FROM pg_roles WHERE rolname = current_user
            """
        )
        superuser, bypass, owner = cursor.fetchone()
    faults = {"is a superuser": superuser, "bypasses row-level security": bypass, "owns tables": owner}
    return [fault for fault, present in faults.items() if present]
