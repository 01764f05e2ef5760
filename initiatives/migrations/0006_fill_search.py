from django.db import migrations

# The update itself makes their search entries, by the trigger on it.
FILL = "UPDATE initiatives_initiative SET checked_revision = revision WHERE published_at IS NOT NULL"


class Migration(migrations.Migration):
    """What was published before there was a search: it was read once, by whoever published it."""

    dependencies = [("initiatives", "0005_contact_topics")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
