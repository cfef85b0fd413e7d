"""Grades: worked out from the problems answered, and announced at each working out."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import (
    CourseData,
    CoursePassingStatusData,
    PersistentCourseGradeData,
    UserData,
    UserPersonalData,
)
from openedx_events.learning.signals import COURSE_PASSING_STATUS_UPDATED, PERSISTENT_GRADE_SUMMARY_CHANGED

from demo.lms.models import Course, PersistentCourseGrade, Unit, UnitCompletion
from demo.lms.tracking.emission import emit_for_course

POLICY_HASH = "VJVzKNMEQRe4sbRkN1nMUBMWV3E="


def recompute(user: User, course_key: CourseKey, *, at: datetime | None = None) -> PersistentCourseGrade:
    """Work the grade out again from the problems that the learner answered."""
    problems = Unit.objects.filter(course_key=course_key, kind=Unit.Kind.PROBLEM).count()
    right = UnitCompletion.objects.filter(user=user, course_key=course_key, earned=1).count()
    return record(user, course_key, right / problems if problems else 0.0, at=at)


def record(user: User, course_key: CourseKey, percent: float, *, at: datetime | None = None) -> PersistentCourseGrade:
    """
    Save a grade and announce it, changed or not.

    The moment of passing is set once and stays, even when a later grade is below the threshold: so does the platform.
    """
    moment = at or timezone.now()
    is_passing = percent >= Course.objects.get(id=course_key).lowest_passing_grade
    grade, created = PersistentCourseGrade.objects.update_or_create(
        user_id=user.pk,
        course_key=course_key,
        defaults={"percent_grade": percent, "letter_grade": "Pass" if is_passing else "", "modified": moment},
    )
    if created:
        grade.created = moment
    if is_passing and grade.passed_timestamp is None:
        grade.passed_timestamp = moment
    grade.save()
    _announce(user, grade, is_passing=is_passing, moment=moment)
    if at is None:
        _track(user, grade, is_passing=is_passing)
    return grade


def _announce(user: User, grade: PersistentCourseGrade, *, is_passing: bool, moment: datetime) -> None:
    PERSISTENT_GRADE_SUMMARY_CHANGED.send_event(
        time=moment,
        grade=PersistentCourseGradeData(
            user_id=user.pk,
            course=CourseData(course_key=grade.course_key),
            course_edited_timestamp=grade.created,
            course_version="",
            grading_policy_hash=POLICY_HASH,
            percent_grade=grade.percent_grade,
            letter_grade=grade.letter_grade,
            passed_timestamp=grade.passed_timestamp,
        ),
    )
    COURSE_PASSING_STATUS_UPDATED.send_event(
        time=moment,
        course_passing_status=CoursePassingStatusData(
            is_passing=is_passing,
            user=UserData(
                # Not the profile's full name: here the platform asks Django's user for its name.
                pii=UserPersonalData(username=user.username, email=user.email, name=user.get_full_name()),
                id=user.pk,
                is_active=user.is_active,
            ),
            course=CourseData(course_key=grade.course_key),
        ),
    )


def _track(user: User, grade: PersistentCourseGrade, *, is_passing: bool) -> None:
    course_id = str(grade.course_key)
    data = {
        "user_id": str(user.pk),
        "course_id": course_id,
        "percent_grade": grade.percent_grade,
        "letter_grade": grade.letter_grade,
    }
    emit_for_course("edx.grades.course.grade_calculated", data, grade.course_key)
    change = "now_passed" if is_passing else "now_failed"
    emit_for_course(f"edx.course.grade.{change}", {"user_id": str(user.pk), "course_id": course_id}, grade.course_key)
