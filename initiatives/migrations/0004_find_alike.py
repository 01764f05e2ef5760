import django.contrib.postgres.indexes
import initiatives.models.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes on a table that is in use."""

    atomic = False

    dependencies = [('initiatives', '0003_inventory')]

    operations = [
        AddIndexConcurrently(
            model_name='initiative',
            index=django.contrib.postgres.indexes.GistIndex(django.contrib.postgres.indexes.OpClass(initiatives.models.search.Plain('name'), name='gist_trgm_ops'), name='initiative_name_alike'),
        ),
        AddIndexConcurrently(
            model_name='initiative',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='initiative_phone'),
        ),
        AddIndexConcurrently(
            model_name='initiative',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='initiative_email'),
        ),
        AddIndexConcurrently(
            model_name='initiative',
            index=models.Index(condition=models.Q(('website', ''), _negated=True), fields=['website'], name='initiative_website'),
        ),
    ]
