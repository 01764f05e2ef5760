import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from fieldlab.lib.rls import OwnersFunction, SqlOperation

# Whoever only looks in an emergency, reads: nothing that stays is made or changed through the glass
WRITTEN = {
    "participants_participant": ("id", ("UPDATE",)),
    "participants_participantaccess": ("participant_id", ("INSERT", "UPDATE")),
    "participants_personalcode": ("participant_id", ("INSERT", "UPDATE")),
    "participants_consent": ("participant_id", ("INSERT",)),
}


class OnlyRead(SqlOperation):
    """A policy that narrows what the others allow: not for whom one sees through the glass alone."""

    def __init__(self, table: str, column: str, command: str) -> None:
        self.table, self.column, self.command = table, column, command

    def forwards(self, app: str) -> list[str]:
        condition = f"({self.column} IN (SELECT through_the_glass())) IS NOT TRUE"
        using = "" if self.command == "INSERT" else f" USING ({condition})"
        return [
            f'CREATE POLICY "not_through_the_glass_{self.command.lower()}" ON "{self.table}" AS RESTRICTIVE FOR {self.command} TO {app}'
            f"{using} WITH CHECK ({condition})"
        ]

    def backwards(self, app: str) -> list[str]:
        return [f'DROP POLICY "not_through_the_glass_{self.command.lower()}" ON "{self.table}"']

    def describe(self) -> str:
        return f"Let nothing of {self.table} be written through the glass"


class ForgetLanguage(SqlOperation):
    """A function of the owner's for the platform while it erases somebody: which language they speak stands in nothing that stays."""

    def forwards(self, app: str) -> list[str]:
        return [
            """
            CREATE FUNCTION forget_language(person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = public, pg_temp AS $$
            BEGIN
                IF current_setting('app.actor_kind', true) IS DISTINCT FROM 'system' THEN
                    RAISE EXCEPTION 'only the platform erases' USING ERRCODE = 'insufficient_privilege';
                END IF;
                -- What only grows gives way to its owner, for these lines
                PERFORM set_config('app.migrating', 'on', true);
                PERFORM set_config(
                    'pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only_%'), true
                );
                UPDATE participants_appointmentevent SET interpreter = 'not_needed', interpreter_language = '', booked_for_id = NULL
                WHERE participant_id = person;
                UPDATE participants_intakereportversion SET interpreted_in = '' WHERE participant_id = person;
                UPDATE participants_consent AS given SET interpreted_in = '', text_id = coalesce(
                    (SELECT dutch.id FROM participants_consenttext AS dutch JOIN participants_consenttext AS shown USING (purpose, version)
                     WHERE shown.id = given.text_id AND dutch.language = 'nl'), text_id
                ) WHERE participant_id = person;
                PERFORM set_config('app.migrating', '', true);
                PERFORM set_config('pgtrigger.ignore', '{}', true);
            END $$
            """,
            "REVOKE ALL ON FUNCTION forget_language(uuid) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION forget_language(uuid) TO {app}",
        ]

    def backwards(self, app: str) -> list[str]:
        return ["DROP FUNCTION forget_language(uuid)"]

    def describe(self) -> str:
        return "Create function forget_language(uuid)"


class Migration(migrations.Migration):
    dependencies = [("participants", "0011_access_by_the_database_clock")]

    operations = [
        OwnersFunction(
            "through_the_glass()",
            "SETOF uuid ROWS 1",
            """
            SELECT participant_id FROM participants_participantaccess
            WHERE user_id = (SELECT acting_user())
              AND valid_from <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp())
            GROUP BY participant_id HAVING bool_and(reason = 'break_glass')
            """,
        ),
        *(OnlyRead(table, column, command) for table, (column, commands) in WRITTEN.items() for command in commands),
        ForgetLanguage(),
        pgtrigger.migrations.RemoveTrigger(
            model_name='participantaccess',
            name='ended_stays_ended',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participantaccess',
            trigger=pgtrigger.compiler.Trigger(name='ended_stays_ended', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until))', func="\n                    RAISE EXCEPTION 'access that has an end is not opened again or made longer'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_access_ended_stays_ended';\n                ", hash='cd3df2ecb1b6947802e5b20662ebca6b88d59eff', operation='UPDATE OF "until"', pgid='pgtrigger_ended_stays_ended_4b166', table='participants_participantaccess', when='BEFORE')),
        ),
    ]
