from django.db import migrations

from fieldlab.lib.rls import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [
        AppendOnly("initiatives_initiativeevent"),
        AppendOnly("initiatives_moderationdecision"),
    ]
