from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('learner_profile_plugin', '0003_statements_into_items'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='profile',
            name='about',
        ),
        migrations.RemoveField(
            model_name='profile',
            name='headline',
        ),
        migrations.DeleteModel(
            name='Link',
        ),
        migrations.DeleteModel(
            name='SectionAudience',
        ),
        migrations.DeleteModel(
            name='WorkExperience',
        ),
    ]
