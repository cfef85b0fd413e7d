"""Turns the index of the learning days: a day is looked for together with those around it, in all courses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The new index first: MySQL wants one that begins with the learner at any time."""

    dependencies = [
        ("learner_profile_plugin", "0007_warehouse"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="learningday",
            constraint=models.UniqueConstraint(fields=("user", "day", "course_key"), name="lpp_one_row_a_day"),
        ),
        migrations.RemoveConstraint(model_name="learningday", name="lpp_one_row_per_day"),
        migrations.AlterField(
            model_name="learningday",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
