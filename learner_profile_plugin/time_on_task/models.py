"""
The tables of evidence. Nothing derived is stored here: seconds follow from ``rule``.

DO NOT change or delete evidence other than by uniting it with more, or with the learner it is of.
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

    class Meta:
        """One row for each learner, course run and day."""

        app_label = "learner_profile_plugin"
        verbose_name = "learning day"
        constraints = [models.UniqueConstraint(fields=["user", "course_key", "day"], name="lpp_one_row_per_day")]


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
