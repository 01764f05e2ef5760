from django.db import migrations

from participants.texts import lay_down


def add_texts(apps, schema_editor):
    lay_down(apps.get_model("participants", "ConsentText"))


class Migration(migrations.Migration):
    dependencies = [("participants", "0005_first_talk_walls")]

    # What was used to ask for consent stays, also when this is undone.
    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop, elidable=False)]
