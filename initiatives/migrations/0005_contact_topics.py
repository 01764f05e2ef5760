import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Topics become choices. What was typed as a sentence stays readable as a note; the choices are made anew."""

    dependencies = [('initiatives', '0004_find_alike')]

    operations = [
        migrations.RunSQL("UPDATE initiatives_areacontact SET note = topics", migrations.RunSQL.noop),
        migrations.RemoveField(model_name='areacontact', name='topics'),
        migrations.AddField(
            model_name='areacontact',
            name='topics',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('space', 'A room or a piece of ground'), ('permits', 'Permits'), ('money', "Money for a residents' plan"), ('street', 'Street, green and litter'), ('enterprise', 'Beginning a business'), ('taking_part', 'Work and taking part'), ('together', 'Plans of several neighbours together'), ('safety', 'Feeling safe')], max_length=24), blank=True, db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('space', 'A room or a piece of ground'), ('permits', 'Permits'), ('money', "Money for a residents' plan"), ('street', 'Street, green and litter'), ('enterprise', 'Beginning a business'), ('taking_part', 'Work and taking part'), ('together', 'Plans of several neighbours together'), ('safety', 'Feeling safe')], max_length=24), size=None)), default=list, size=None, verbose_name='what for'),
        ),
        migrations.AddConstraint(
            model_name='areacontact',
            constraint=models.CheckConstraint(condition=models.Q(('topics__contained_by', ['space', 'permits', 'money', 'street', 'enterprise', 'taking_part', 'together', 'safety'])), name='area_contact_topics_known', violation_error_message='One of these choices does not exist.'),
        ),
    ]
