from django.db import migrations

from fieldlab.lib.rls import SYSTEM_ACTS, AddPolicy, SqlOperation

# History and the log only grow. What erasing takes out of them is one thing: which account was the participant's own.
HISTORY = {
    "participants_participantevent": "pgh_obj_id",
    **{
        f"participants_{table}event": "participant_id"
        for table in ("participantaccess", "brokenglass", "appointment", "intakereport", "planstep", "handover")
    },
}
NAMED = [
    ("participants_participantaccess", "granted_by_id"),
    ("participants_participantaccessevent", "granted_by_id"),
    ("participants_appointment", "booked_by_user_id"),
    ("participants_appointmentevent", "booked_by_user_id"),
    ("participants_planstep", "created_by_id"),
    ("participants_planstepevent", "created_by_id"),
]


class ForgetOwnAccount(SqlOperation):
    """A function of the owner's for the platform while it erases somebody: their own account is no longer named in what stays.

    It finds the account itself, so that nobody else's trace can be wiped with it.
    """

    def forwards(self, app: str) -> list[str]:
        contexts = "".join(
            f"""
            UPDATE {table} SET pgh_context = jsonb_set(pgh_context - 'user' - 'employer', '{{kind}}', '"link"')
            WHERE {whose} = person AND pgh_context ->> 'user' = account::text;
            """
            for table, whose in HISTORY.items()
        )
        names = "".join(f"UPDATE {table} SET {column} = NULL WHERE participant_id = person AND {column} = account;" for table, column in NAMED)
        return [
            f"""
            CREATE FUNCTION forget_own_account(person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = public, pg_temp AS $$
            DECLARE account bigint;
            BEGIN
                IF current_setting('app.actor_kind', true) IS DISTINCT FROM 'system' THEN
                    RAISE EXCEPTION 'only the platform erases' USING ERRCODE = 'insufficient_privilege';
                END IF;
                SELECT user_id INTO account FROM participants_participant WHERE id = person;
                IF account IS NULL THEN RETURN; END IF;
                -- What only grows gives way to its owner, for these lines
                PERFORM set_config('app.migrating', 'on', true);
                PERFORM set_config(
                    'pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only_%'), true
                );
                {contexts}
                {names}
                UPDATE audit_accessrecord SET kind = 'link', user_id = NULL, employer = '', role = ''
                WHERE participant_id = person AND user_id = account;
                PERFORM set_config('app.migrating', '', true);
                PERFORM set_config('pgtrigger.ignore', '{{}}', true);
            END $$
            """,
            "REVOKE ALL ON FUNCTION forget_own_account(uuid) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION forget_own_account(uuid) TO {app}",
        ]

    def backwards(self, app: str) -> list[str]:
        return ["DROP FUNCTION forget_own_account(uuid)"]

    def describe(self) -> str:
        return "Create function forget_own_account(uuid)"


class Migration(migrations.Migration):
    dependencies = [("participants", "0007_appointments_to_tell"), ("audit", "0002_walls")]

    operations = [
        AddPolicy("participants_earlierwish", "erased", "delete", SYSTEM_ACTS),
        ForgetOwnAccount(),
    ]
