"""The tables of the stand-in LMS."""

import django.db.models.deletion
import django.utils.timezone
import opaque_keys.edx.django.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes every table at once: the demo has no past."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", opaque_keys.edx.django.models.CourseKeyField(max_length=255, primary_key=True, serialize=False)),
                ("display_name", models.CharField(max_length=200)),
                ("display_org", models.CharField(help_text="The organisation as shown to people.", max_length=100)),
                (
                    "subject",
                    models.CharField(blank=True, help_text="What the picture of the course shows.", max_length=40),
                ),
                ("short_description", models.TextField(blank=True)),
                ("start", models.DateTimeField(blank=True, null=True)),
                ("end", models.DateTimeField(blank=True, null=True)),
                ("lowest_passing_grade", models.FloatField(default=0.6)),
                ("certificate_available_date", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("display_name",),
            },
        ),
        migrations.CreateModel(
            name="CourseAccessRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("org", models.CharField(blank=True, max_length=64)),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("role", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="CourseEnrollment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("mode", models.CharField(default="honor", max_length=100)),
                ("is_active", models.BooleanField(default=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="GeneratedCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("status", models.CharField(default="unavailable", max_length=32)),
                ("mode", models.CharField(default="honor", max_length=32)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("grade", models.CharField(blank=True, max_length=5)),
                ("verify_uuid", models.CharField(blank=True, db_index=True, max_length=32)),
                ("download_url", models.CharField(blank=True, max_length=128)),
                ("created_date", models.DateTimeField(default=django.utils.timezone.now)),
                ("modified_date", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="PersistentCourseGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.IntegerField()),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("percent_grade", models.FloatField()),
                ("letter_grade", models.CharField(blank=True, max_length=255)),
                ("passed_timestamp", models.DateTimeField(blank=True, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("modified", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SampleStep",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("value", models.CharField(blank=True, max_length=100)),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "usage_key",
                    opaque_keys.edx.django.models.UsageKeyField(max_length=255, primary_key=True, serialize=False),
                ),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("html", "Html"), ("video", "Video"), ("problem", "Problem")], max_length=10
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("content", models.JSONField(default=dict)),
                ("duration", models.PositiveIntegerField(default=0, help_text="Seconds of the video.")),
            ],
            options={
                "ordering": ("course_key", "position"),
            },
        ),
        migrations.CreateModel(
            name="UserProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=255)),
                ("year_of_birth", models.IntegerField(blank=True, null=True)),
                ("level_of_education", models.CharField(blank=True, max_length=6)),
                ("language", models.CharField(blank=True, max_length=16)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("linkedin_url", models.CharField(blank=True, max_length=255)),
                ("x_url", models.CharField(blank=True, max_length=255)),
                ("facebook_url", models.CharField(blank=True, max_length=255)),
                (
                    "photo",
                    models.CharField(
                        blank=True, help_text="Static file of the picture; empty where none.", max_length=100
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profile", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitCompletion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course_key", opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ("usage_key", opaque_keys.edx.django.models.UsageKeyField(max_length=255)),
                ("earned", models.FloatField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("answer", models.CharField(blank=True, max_length=20)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("modified", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_completions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="persistentcoursegrade",
            constraint=models.UniqueConstraint(fields=("user_id", "course_key"), name="one_grade_a_run"),
        ),
        migrations.AddField(
            model_name="generatedcertificate",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="certificates", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="courseenrollment",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="enrollments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="courseaccessrole",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="course_roles", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="unitcompletion",
            constraint=models.UniqueConstraint(fields=("user", "usage_key"), name="one_completion_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="generatedcertificate",
            constraint=models.UniqueConstraint(fields=("user", "course_key"), name="one_certificate_a_run"),
        ),
        migrations.AddConstraint(
            model_name="courseenrollment",
            constraint=models.UniqueConstraint(fields=("user", "course_key"), name="one_enrollment_a_run"),
        ),
        migrations.AddConstraint(
            model_name="courseaccessrole",
            constraint=models.UniqueConstraint(fields=("user", "course_key", "role"), name="one_role_a_run"),
        ),
    ]
