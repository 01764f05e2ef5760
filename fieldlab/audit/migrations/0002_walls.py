from django.db import migrations

from fieldlab.lib.rls import (
    ACTING_KIND,
    ACTING_USER_ID,
    LINKED_PARTICIPANT_ID,
    SYSTEM_ACTS,
    AppendOnly,
    EnableRowLevelSecurity,
    OwnersFunction,
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        # Whoever decides or advises on benefits acts for no person, whatever other roles they hold.
        OwnersFunction(
            "acting_user()",
            "bigint",
            """
            SELECT id FROM accounts_user
            WHERE current_setting('app.actor_kind', true) = 'user'
              AND id = nullif(current_setting('app.user_id', true), '')::bigint
              AND is_active AND NOT decides_on_benefits
            """,
        ),
        EnableRowLevelSecurity(
            "audit_accessrecord",
            select=f"{SYSTEM_ACTS} OR user_id = (SELECT acting_user()) OR participant_id = {LINKED_PARTICIPANT_ID}",
            insert=f"kind = {ACTING_KIND} AND user_id IS NOT DISTINCT FROM {ACTING_USER_ID}",
        ),
        AppendOnly("audit_accessrecord"),
    ]
