"""
What the LMS keeps, cut down to what the plugin can come to ask for.

Names and shapes follow the LMS's own tables (student, certificates, grades, completion), so that the stand-in for
``compat`` has to do the same work as the real one: text grades, integer user ids, keys that are parsed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField
from opaque_keys.edx.keys import CourseKey, UsageKey

if TYPE_CHECKING:
    # Opaque key fields do not say what they hold: what is set may be text, what is read is a key.
    CourseKeyColumn = models.Field[CourseKey | str, CourseKey]
    UsageKeyColumn = models.Field[UsageKey | str, UsageKey]


def _course_key(**options: Any) -> CourseKeyColumn:
    column: CourseKeyColumn = CourseKeyField(max_length=255, **options)
    return column


def _usage_key(**options: Any) -> UsageKeyColumn:
    column: UsageKeyColumn = UsageKeyField(max_length=255, **options)
    return column


class UserProfile(models.Model):
    """What a person told the platform at registration and on the account page."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    name = models.CharField(max_length=255, blank=True)
    year_of_birth = models.IntegerField(null=True, blank=True)
    level_of_education = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    linkedin_url = models.CharField(max_length=255, blank=True)
    x_url = models.CharField(max_length=255, blank=True)
    facebook_url = models.CharField(max_length=255, blank=True)
    photo = models.CharField(max_length=100, blank=True, help_text="Static file of the picture; empty where none.")

    def __str__(self) -> str:
        return self.name or self.user.username

    def requires_parental_consent(self) -> bool:
        """Answer as the platform does: a person whose age it does not know counts as one below the limit."""
        if self.year_of_birth is None:
            return True
        return timezone.now().year - self.year_of_birth <= settings.PARENTAL_CONSENT_AGE_LIMIT


class Course(models.Model):
    """A course run, as the LMS's course overview has it."""

    id: CourseKeyColumn = _course_key(primary_key=True)
    display_name = models.CharField(max_length=200)
    display_org = models.CharField(max_length=100, help_text="The organisation as shown to people.")
    subject = models.CharField(max_length=40, blank=True, help_text="What the picture of the course shows.")
    short_description = models.TextField(blank=True)
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True)
    lowest_passing_grade = models.FloatField(default=0.6)
    certificate_available_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("display_name",)

    def __str__(self) -> str:
        return self.display_name

    def shows_certificates(self) -> bool:
        """Tell whether the course lets its certificates be seen by now."""
        return self.certificate_available_date is None or self.certificate_available_date <= timezone.now()


class Unit(models.Model):
    """One page of a course (a vertical) with the one block in it that a learner works with."""

    class Kind(models.TextChoices):
        """What a learner does in the unit; also the type of the block that the unit holds."""

        HTML = "html"
        VIDEO = "video"
        PROBLEM = "problem"

    usage_key: UsageKeyColumn = _usage_key(primary_key=True)
    course_key: CourseKeyColumn = _course_key(db_index=True)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    content: models.JSONField[Any, Any] = models.JSONField(default=dict)
    duration = models.PositiveIntegerField(default=0, help_text="Seconds of the video.")

    class Meta:
        ordering = ("course_key", "position")

    def __str__(self) -> str:
        return self.title

    @property
    def block_key(self) -> UsageKey:
        """The block inside the unit: what completion and problem events speak of."""
        return self.usage_key.course_key.make_usage_key(self.kind, self.usage_key.block_id)

    @property
    def minutes(self) -> int:
        """The length of the video in minutes, at least one."""
        return max(round(self.duration / 60), 1)

    @property
    def clock(self) -> str:
        """The length of the video as a player shows it."""
        return f"{self.duration // 60}:{self.duration % 60:02}"


class CourseEnrollment(models.Model):
    """A learner's enrolment in a run; it stays, inactive, when the learner leaves."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrollments")
    course_key: CourseKeyColumn = _course_key(db_index=True)
    mode = models.CharField(max_length=100, default="honor")
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "course_key"), name="one_enrollment_a_run"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_key}"


class GeneratedCertificate(models.Model):
    """A course certificate. Saved only through ``demo.lms.actions.certificates``, which tells the plugins."""

    DOWNLOADABLE = "downloadable"
    NOT_PASSING = "notpassing"
    UNAVAILABLE = "unavailable"
    PASSING_STATUSES = (DOWNLOADABLE, "generating")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="certificates")
    course_key: CourseKeyColumn = _course_key(db_index=True)
    status = models.CharField(max_length=32, default=UNAVAILABLE)
    mode = models.CharField(max_length=32, default="honor")
    name = models.CharField(max_length=255, blank=True)
    grade = models.CharField(max_length=5, blank=True)
    verify_uuid = models.CharField(max_length=32, blank=True, db_index=True)
    download_url = models.CharField(max_length=128, blank=True)
    created_date = models.DateTimeField(default=timezone.now)
    modified_date = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "course_key"), name="one_certificate_a_run"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_key}: {self.status}"


class PersistentCourseGrade(models.Model):
    """The grade of a learner in a run, and the moment at which it first was a passing one."""

    user_id = models.IntegerField()
    course_key: CourseKeyColumn = _course_key(db_index=True)
    percent_grade = models.FloatField()
    letter_grade = models.CharField(max_length=255, blank=True)
    passed_timestamp = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user_id", "course_key"), name="one_grade_a_run"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_key}: {self.percent_grade:.0%}"


class CourseAccessRole(models.Model):
    """A role, such as ``staff``, of a person in a run."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="course_roles")
    org = models.CharField(max_length=64, blank=True)
    course_key: CourseKeyColumn = _course_key(db_index=True)
    role = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "course_key", "role"), name="one_role_a_run"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} of {self.course_key}"


class UnitCompletion(models.Model):
    """A unit that a learner finished; ``earned`` is 0 or 1 for a problem, None for what has no score."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unit_completions")
    course_key: CourseKeyColumn = _course_key(db_index=True)
    usage_key: UsageKeyColumn = _usage_key()
    earned = models.FloatField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=20, blank=True)
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "usage_key"), name="one_completion_a_unit"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.usage_key}"


class SampleStep(models.Model):
    """A step of the seeding that is done, so that seeding again changes nothing and can take up where it stopped."""

    name = models.CharField(max_length=100, primary_key=True)
    value = models.CharField(max_length=100, blank=True)
    done_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
