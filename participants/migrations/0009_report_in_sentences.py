import fieldlab.lib.encryption
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0008_erasing"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakereport",
            name="trail",
            field=fieldlab.lib.encryption.SealedField(null=True, verbose_name="saved when"),
        ),
        migrations.AddField(
            model_name="reportsentence",
            name="question",
            field=models.CharField(blank=True, db_default="", default="", max_length=16, verbose_name="question"),
        ),
    ]
