import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0009_report_in_sentences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="consenttext",
            name="marked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="marked by",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consenttext",
            trigger=pgtrigger.compiler.Trigger(
                name="check_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."checked_at" IS NOT NULL)',
                    func="\n                    RAISE EXCEPTION 'who checked a text stays'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_text_check_stays';\n                ",
                    hash="adf4a3fa6d029c8fe46352483f2988a8654bf76f",
                    operation='UPDATE OF "checked_by", "checked_at", "marked_by_id"',
                    pgid="pgtrigger_check_stays_51a51",
                    table="participants_consenttext",
                    when="BEFORE",
                ),
            ),
        ),
    ]
