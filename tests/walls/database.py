"""The test database seen by its owner, and by a superuser's eyes as far as the owner's go."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection


@contextmanager
def owner(*, migrating: bool = False) -> Iterator[psycopg.Connection]:
    """A connection of the owner's; tests that use it need transaction=True, to see what the app committed."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=connection.settings_dict["NAME"], autocommit=True) as owned:
        if migrating:
            owned.execute("SELECT set_config('app.migrating', 'on', false)")
        yield owned


def every_value() -> Iterator[tuple[str, str, bytes]]:
    """Table, column and value of everything that can hold words, in every table, history included."""
    with owner(migrating=True) as owned:
        columns = owned.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
              AND data_type IN ('text', 'character varying', 'character', 'bytea', 'jsonb', 'json', 'ARRAY')
            """
        ).fetchall()
        for table, column in columns:
            for (value,) in owned.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
                yield table, column, value if isinstance(value, bytes) else str(value).encode()
