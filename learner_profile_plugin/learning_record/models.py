"""
The table of the learning record: one row for each learner and course run; and how far backfills came.

DO NOT write these columns but through ``api.record`` and ``bulk.Page``. Each kind of fact (enrolment, certificate,
grade, passing) has its own group of columns with the moment it is as of and its rank at that
moment; a group only ever moves forward. That makes the row independent of the order and of the
repetition in which the platform's events arrive.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField


class LearningRecord(models.Model):
    """
    What the platform recorded of one learner in one course run.

    .. pii: The name on a certificate, and the facts of what a person learned.
    .. pii_types: name, other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = CourseKeyField(max_length=255)

    enrolment_as_of = models.DateTimeField(null=True, editable=False)
    enrolment_rank = models.CharField(max_length=17, default="", editable=False)
    enrolment_mode = models.CharField(max_length=100, default="")
    enrolment_is_active = models.BooleanField(null=True)
    enrolment_created_at = models.DateTimeField(null=True)

    certificate_as_of = models.DateTimeField(null=True, editable=False)
    certificate_rank = models.CharField(max_length=17, default="", editable=False)
    certificate_status = models.CharField(max_length=32, default="")
    certificate_mode = models.CharField(max_length=100, default="")
    certificate_name = models.CharField(max_length=255, default="")
    certificate_grade = models.CharField(max_length=32, default="")
    certificate_url = models.CharField(max_length=1000, default="")
    certificate_issued_at = models.DateTimeField(null=True)
    certificate_is_shown = models.BooleanField(null=True)
    certificate_shown_from = models.DateTimeField(null=True)

    grade_as_of = models.DateTimeField(null=True, editable=False)
    grade_rank = models.CharField(max_length=17, default="", editable=False)
    grade_percent = models.FloatField(null=True)
    grade_letter = models.CharField(max_length=255, default="")
    grade_passed_at = models.DateTimeField(null=True)

    passing_as_of = models.DateTimeField(null=True, editable=False)
    passing_rank = models.CharField(max_length=17, default="", editable=False)
    passing_is_passing = models.BooleanField(null=True)

    class Meta:
        """One row for each learner and course run."""

        app_label = "learner_profile_plugin"
        verbose_name = "learning record"
        constraints = [models.UniqueConstraint(fields=["user", "course_key"], name="lpp_one_record_per_course")]

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"learning record of user {self.user_id} in {self.course_key}"


class BackfillPosition(models.Model):
    """
    How far a backfill that is not done yet has come. Everything before that is in the records.

    .. no_pii:
    """

    scope = models.CharField(max_length=64, blank=True, help_text="A digest of the courses; empty for all of them.")
    source = models.CharField(max_length=64)
    row_id = models.PositiveBigIntegerField(help_text="The last row that is dealt with.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each of what a backfill reads."""

        app_label = "learner_profile_plugin"
        verbose_name = "position of a backfill"
        verbose_name_plural = "positions of backfills"
        constraints = [models.UniqueConstraint(fields=["scope", "source"], name="lpp_one_position_each")]

    def __str__(self) -> str:
        """Say what was read and how far."""
        return f"{self.source} up to row {self.row_id}"
