"""Migration operations for the walls in the database: row-level security and tables that only grow.

Policies read who acts from the transaction's settings, which only fieldlab.audit.context.person_context sets. They hold for the
app's role; a forced owner sees nothing but while migrating (the migrate command says so), or inside the owner's own
functions, which let a policy ask about another table without asking that table's policy.
"""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

# In brackets with SELECT, so that PostgreSQL asks once a query and not once a row
SYSTEM_ACTS = "(SELECT current_setting('app.actor_kind', true)) = 'system'"
ACTING_KIND = "(SELECT nullif(current_setting('app.actor_kind', true), ''))"
ACTING_USER_ID = "(SELECT nullif(current_setting('app.user_id', true), '')::bigint)"
LINKED_PARTICIPANT_ID = "(SELECT nullif(current_setting('app.link_id', true), '')::uuid)"
OWNER_MAY = "(SELECT current_setting('app.migrating', true)) = 'on' OR session_user <> current_user"


def start_migrating() -> None:
    """Let the owner's migrations see every row on this connection; without it they silently change none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.migrating', 'on', false)")


class SqlOperation(Operation):
    """SQL that can be undone, and leaves Django's picture of the models as it is."""

    reversible = True
    reduces_to_sql = True

    def forwards(self, app: str) -> list[str]:
        raise NotImplementedError

    def backwards(self, app: str) -> list[str]:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes for the models."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        for sql in self.forwards(schema_editor.quote_name(settings.DATABASE_APP_ROLE)):
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any) -> None:
        for sql in self.backwards(schema_editor.quote_name(settings.DATABASE_APP_ROLE)):
            schema_editor.execute(sql, params=None)


class AddPolicy(SqlOperation):
    """One more way for the app's role to reach rows of a walled table. `command` is select, insert, update or delete."""

    def __init__(self, table: str, name: str, command: str, condition: str) -> None:
        self.table, self.name, self.command, self.condition = table, name, command, condition

    def forwards(self, app: str) -> list[str]:
        using = "" if self.command == "insert" else f" USING ({self.condition})"
        check = f" WITH CHECK ({self.condition})" if self.command in ("insert", "update") else ""
        return [f'CREATE POLICY "{self.name}" ON "{self.table}" FOR {self.command.upper()} TO {app}{using}{check}']

    def backwards(self, app: str) -> list[str]:
        return [f'DROP POLICY "{self.name}" ON "{self.table}"']

    def describe(self) -> str:
        return f"Let {self.command} pass the wall of {self.table}: {self.name}"


class EnableRowLevelSecurity(SqlOperation):
    """Wall off a table. Each argument is the SQL condition under which the app's role may do that; left out means never."""

    def __init__(self, table: str, *, select: str = "", insert: str = "", update: str = "", delete: str = "") -> None:
        self.table, self.select, self.insert, self.update, self.delete = table, select, insert, update, delete

    def _policies(self) -> list[AddPolicy]:
        conditions = {"select": self.select, "insert": self.insert, "update": self.update, "delete": self.delete}
        return [AddPolicy(self.table, f"app_{command}", command, sql) for command, sql in conditions.items() if sql]

    def forwards(self, app: str) -> list[str]:
        return [
            f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY "owner_migrating" ON "{self.table}" TO CURRENT_USER USING ({OWNER_MAY}) WITH CHECK ({OWNER_MAY})',
            *(sql for policy in self._policies() for sql in policy.forwards(app)),
        ]

    def backwards(self, app: str) -> list[str]:
        return [
            *(sql for policy in reversed(self._policies()) for sql in policy.backwards(app)),
            f'DROP POLICY "owner_migrating" ON "{self.table}"',
            f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY',
        ]

    def describe(self) -> str:
        return f"Enable and force row-level security on {self.table}"


class AppendOnly(SqlOperation):
    """A table that only grows: the app's role loses the right to change it, and a trigger stops whoever is given it back.

    Only the owner, while migrating, may change what is there.
    """

    FUNCTION = """
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('app.migrating', true) = 'on' AND pg_has_role(
                (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE'
            ) THEN
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self, app: str) -> list[str]:
        return [
            self.FUNCTION,
            f'REVOKE UPDATE, DELETE, TRUNCATE ON "{self.table}" FROM {app}',
            f'CREATE TRIGGER "only_grows" BEFORE UPDATE OR DELETE ON "{self.table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        ]

    def backwards(self, app: str) -> list[str]:
        return [f'DROP TRIGGER "only_grows" ON "{self.table}"', f'GRANT UPDATE, DELETE ON "{self.table}" TO {app}']

    def describe(self) -> str:
        return f"Let {self.table} only grow"


class UpdateOnly(SqlOperation):
    """The app's role may change these columns of a table and no others; its policies still say of which rows."""

    def __init__(self, table: str, *columns: str) -> None:
        self.table, self.columns = table, columns

    def forwards(self, app: str) -> list[str]:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return [f'REVOKE UPDATE ON "{self.table}" FROM {app}', f'GRANT UPDATE ({columns}) ON "{self.table}" TO {app}']

    def backwards(self, app: str) -> list[str]:
        return [f'GRANT UPDATE ON "{self.table}" TO {app}']

    def describe(self) -> str:
        return f"Let only {', '.join(self.columns)} of {self.table} change"


class OwnersFunction(SqlOperation):
    """An SQL function that runs as the owner, past the walls. It must look only at the transaction's context and its arguments.

    `before` is the body that it replaces, where an earlier migration made it: policies go on asking the same function.
    """

    def __init__(self, signature: str, returns: str, body: str, *, before: str = "") -> None:
        self.signature, self.returns, self.body, self.before = signature, returns, body, before

    @property
    def _name(self) -> str:
        name, _, arguments = self.signature.partition("(")
        types = [argument.split()[-1] for argument in arguments.removesuffix(")").split(",") if argument.strip()]
        return f"{name}({', '.join(types)})"

    def _create(self, body: str) -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {self.signature} RETURNS {self.returns} LANGUAGE sql STABLE SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $${body}$$"
        )

    def forwards(self, app: str) -> list[str]:
        return [
            self._create(self.body),
            f"REVOKE ALL ON FUNCTION {self._name} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {self._name} TO {app}",
        ]

    def backwards(self, app: str) -> list[str]:
        return [self._create(self.before) if self.before else f"DROP FUNCTION {self._name}"]

    def describe(self) -> str:
        return f"Create function {self._name}"
