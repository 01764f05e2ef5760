from django.db import migrations

from fieldlab.lib.rls import LINKED_PARTICIPANT_ID, SYSTEM_ACTS, AddPolicy, AppendOnly, EnableRowLevelSecurity, OwnersFunction, UpdateOnly

READABLE = "(SELECT readable_participants())"
OWN = "(SELECT own_participants())"


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial"), ("audit", "0002_walls")]

    operations = [
        # Tables about persons ask these functions, and never each other: policies that query each other recurse.
        OwnersFunction(
            "own_participants()",
            "SETOF uuid ROWS 1",
            """
            SELECT nullif(current_setting('app.link_id', true), '')::uuid WHERE current_setting('app.actor_kind', true) = 'link'
            UNION ALL
            SELECT id FROM participants_participant WHERE user_id = (SELECT acting_user())
            """,
        ),
        OwnersFunction(
            "readable_participants()",
            "SETOF uuid ROWS 50",
            """
            SELECT own_participants()
            UNION ALL
            SELECT participant_id FROM participants_participantaccess
            WHERE user_id = (SELECT acting_user())
              AND valid_from <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp())
            """,
        ),
        # Whoever adds a participant sets up the rest, until the first access is given; after that, whoever may see them.
        OwnersFunction(
            "may_set_up(participant uuid)",
            "boolean",
            """
            SELECT participant IN (SELECT readable_participants()) OR (
                EXISTS (SELECT FROM participants_participant WHERE id = participant AND created_by_id = (SELECT acting_user()))
                AND NOT EXISTS (SELECT FROM participants_participantaccess WHERE participant_id = participant)
            )
            """,
        ),
        EnableRowLevelSecurity(
            "participants_participant",
            select=f"{SYSTEM_ACTS} OR id IN {READABLE}",
            insert=f"{SYSTEM_ACTS} OR id = {LINKED_PARTICIPANT_ID} OR created_by_id = (SELECT acting_user())",
            update=f"{SYSTEM_ACTS} OR id IN {READABLE}",
        ),
        EnableRowLevelSecurity(
            "participants_participantkey",
            select=f"{SYSTEM_ACTS} OR participant_id IN {READABLE}",
            insert=f"{SYSTEM_ACTS} OR may_set_up(participant_id)",
            update=SYSTEM_ACTS,
            delete=f"{SYSTEM_ACTS} OR participant_id IN {OWN}",
        ),
        EnableRowLevelSecurity(
            "participants_participantaccess",
            select=f"{SYSTEM_ACTS} OR participant_id IN {READABLE}",
            insert=f"{SYSTEM_ACTS} OR (may_set_up(participant_id) AND granted_by_id IS NOT DISTINCT FROM (SELECT acting_user()))",
            update=f"{SYSTEM_ACTS} OR participant_id IN {READABLE}",
        ),
        # To whom, by whom and from when stays as it was given.
        UpdateOnly("participants_participantaccess", "until"),
        # A trigger writes these rows, after the wall of the table they tell about let the change through.
        EnableRowLevelSecurity(
            "participants_participantevent", select=f"{SYSTEM_ACTS} OR pgh_obj_id IN {READABLE}", insert="true"
        ),
        EnableRowLevelSecurity(
            "participants_participantaccessevent", select=f"{SYSTEM_ACTS} OR participant_id IN {READABLE}", insert="true"
        ),
        AppendOnly("participants_participantevent"),
        AppendOnly("participants_participantaccessevent"),
        AddPolicy("audit_accessrecord", "own_log", "select", f"participant_id IN {OWN}"),
    ]
