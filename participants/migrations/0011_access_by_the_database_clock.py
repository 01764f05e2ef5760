import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0010_checked_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='followup',
            name='about',
            field=models.CharField(choices=[('progress', 'how it is going'), ('erasure', 'their details are going to be erased'), ('opened', 'their details were opened in an emergency')], db_default='progress', default='progress', max_length=8, verbose_name='about'),
        ),
        migrations.AlterField(
            model_name='participantaccess',
            name='valid_from',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='from'),
        ),
        migrations.AlterField(
            model_name='participantaccessevent',
            name='valid_from',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='from'),
        ),
    ]
