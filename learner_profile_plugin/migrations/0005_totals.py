import django.db.models.deletion
import opaque_keys.edx.django.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('learner_profile_plugin', '0004_drop_old_statements'),
    ]

    operations = [
        migrations.CreateModel(
            name='LearnerTotal',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seconds', models.PositiveBigIntegerField(default=0)),
                ('rule_version', models.PositiveSmallIntegerField(default=0, help_text='The version of the rule by which it follows from the days; 0 if it does not.')),
                ('changes', models.PositiveBigIntegerField(default=0, help_text='How often it changed.')),
            ],
            options={
                'verbose_name': 'total of a learner',
                'verbose_name_plural': 'totals of learners',
            },
        ),
        migrations.CreateModel(
            name='CourseTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course_key', opaque_keys.edx.django.models.CourseKeyField(max_length=255)),
                ('seconds', models.PositiveBigIntegerField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'total in a course',
                'verbose_name_plural': 'totals in courses',
                'indexes': [models.Index(fields=['course_key', 'seconds'], name='lpp_course_by_time')],
            },
        ),
    ]
