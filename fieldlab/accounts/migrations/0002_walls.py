from django.db import migrations

from fieldlab.lib.rls import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        AppendOnly("accounts_userevent"),
        AppendOnly("accounts_employmentchange"),
    ]
