"""
The tables of evidence, and those of totals, which follow from it by ``rule``.

DO NOT change or delete evidence other than by uniting it with more, or with the learner it is of.
Totals can be deleted at any time.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField


class EvidenceOfDay(models.Model):
    """
    Evidence of one learner in one course run on one UTC day, in the form of ``codec``.

    .. no_pii: Abstract; the tables are described below.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = CourseKeyField(max_length=255)
    day = models.PositiveIntegerField(help_text="Days since 1970-01-01 (UTC).")
    evidence = models.BinaryField()

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"{self._meta.verbose_name} of user {self.user_id} in {self.course_key} on day {self.day}"


class LearningDay(EvidenceOfDay):
    """
    All that is united of a day so far.

    .. pii: When a person was active in a course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    # No index of its own: the one of the constraint begins with it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        """One row for each learner, course run and day. Days come first: those around a day are read with it."""

        app_label = "learner_profile_plugin"
        verbose_name = "learning day"
        constraints = [models.UniqueConstraint(fields=["user", "day", "course_key"], name="lpp_one_row_a_day")]


class PendingEvidence(EvidenceOfDay):
    """
    Evidence that was accepted and is not yet united with its day. Rows are only added and removed.

    .. pii: When a person was active in a course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    class Meta:
        """Read by learner; no other index, since every event of a learner writes one row."""

        app_label = "learner_profile_plugin"
        verbose_name = "pending evidence"
        verbose_name_plural = "pending evidence"


class LearnerTotal(models.Model):
    """
    How long a learner was learning over all courses, by the days that are united so far.

    .. pii: How long a person was active.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    seconds = models.PositiveBigIntegerField(default=0)
    rule_version = models.PositiveSmallIntegerField(
        default=0, help_text="The version of the rule by which it follows from the days; 0 if it does not."
    )
    changes = models.PositiveBigIntegerField(
        default=0, help_text="Grows with every change, and begins with the milliseconds of the clock."
    )

    class Meta:
        """One row for each learner, taken by whoever changes the learner's days."""

        app_label = "learner_profile_plugin"
        verbose_name = "total of a learner"
        verbose_name_plural = "totals of learners"

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"{self._meta.verbose_name}: user {self.user_id}"


class CourseTotal(models.Model):
    """
    How long a learner was learning in a course run; it holds where the learner's total does.

    .. pii: How long a person was active in a course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = CourseKeyField(max_length=255)
    seconds = models.PositiveBigIntegerField()

    class Meta:
        """Read by learner, and by course in order of time."""

        app_label = "learner_profile_plugin"
        verbose_name = "total in a course"
        verbose_name_plural = "totals in courses"
        indexes = [models.Index(fields=["course_key", "seconds"], name="lpp_course_by_time")]

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"{self._meta.verbose_name}: user {self.user_id} in {self.course_key}"


class ImportedLog(models.Model):
    """
    How far a tracking log was imported. Everything before that is in the learners' days.

    .. no_pii:
    """

    key = models.CharField(
        max_length=64, unique=True, help_text="A digest of the file, and of what was left out of it."
    )
    path = models.TextField()
    offset = models.PositiveBigIntegerField(default=0, help_text="A byte of what the file holds unpacked.")
    number = models.PositiveBigIntegerField(default=1, help_text="The number of the line that begins there.")
    mark = models.CharField(max_length=64, blank=True, help_text="A digest of what stands before that.")
    size = models.PositiveBigIntegerField(null=True, help_text="Bytes of the file, if it was read to its end.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each file."""

        app_label = "learner_profile_plugin"
        verbose_name = "imported log"

    def __str__(self) -> str:
        """Name the file and how far it was read."""
        return f"{self.path} up to byte {self.offset}"
