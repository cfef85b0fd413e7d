"""Enrolments: made, changed, ended, and made again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import CourseData, CourseEnrollmentData
from openedx_events.learning.signals import (
    COURSE_ENROLLMENT_CHANGED,
    COURSE_ENROLLMENT_CREATED,
    COURSE_UNENROLLMENT_COMPLETED,
)

from demo.lms.actions.people import user_data
from demo.lms.models import Course, CourseEnrollment
from demo.lms.tracking.emission import emit_for_course

DEFAULT_MODE = "honor"


def enrol(
    user: User, course_key: CourseKey, *, mode: str = DEFAULT_MODE, at: datetime | None = None
) -> CourseEnrollment:
    """
    Enrol a person in a run, also one who left it or never did.

    The platform sends CREATED at the end of every call, so a re-enrolment sends it again.
    """
    enrollment, _ = CourseEnrollment.objects.get_or_create(
        user=user,
        course_key=course_key,
        defaults={"mode": DEFAULT_MODE, "is_active": False, "created": at or timezone.now()},
    )
    _update(enrollment, mode=mode, is_active=True, at=at)
    COURSE_ENROLLMENT_CREATED.send_event(time=_time(at), enrollment=_data(enrollment))
    return enrollment


def change_mode(user: User, course_key: CourseKey, mode: str, *, at: datetime | None = None) -> CourseEnrollment:
    """Move a learner to another track, e.g. from ``audit`` to ``verified``."""
    enrollment = CourseEnrollment.objects.get(user=user, course_key=course_key)
    _update(enrollment, mode=mode, is_active=None, at=at)
    return enrollment


def unenrol(user: User, course_key: CourseKey, *, at: datetime | None = None) -> CourseEnrollment:
    """End an enrolment; the row stays, as it does on the platform."""
    enrollment = CourseEnrollment.objects.get(user=user, course_key=course_key)
    _update(enrollment, mode=None, is_active=False, at=at)
    return enrollment


def _update(enrollment: CourseEnrollment, *, mode: str | None, is_active: bool | None, at: datetime | None) -> None:
    activation_changed = is_active is not None and enrollment.is_active != is_active
    mode_changed = mode is not None and enrollment.mode != mode
    if is_active is not None:
        enrollment.is_active = is_active
    if mode is not None:
        enrollment.mode = mode
    if activation_changed or mode_changed:
        enrollment.save()
        COURSE_ENROLLMENT_CHANGED.send_event(time=_time(at), enrollment=_data(enrollment))
    if activation_changed:
        _track("activated" if enrollment.is_active else "deactivated", enrollment, at)
        if not enrollment.is_active:
            COURSE_UNENROLLMENT_COMPLETED.send_event(time=_time(at), enrollment=_data(enrollment))
    if mode_changed:
        _track("mode_changed", enrollment, at)


def _track(change: str, enrollment: CourseEnrollment, at: datetime | None) -> None:
    if at is None:
        data = {
            "user_id": enrollment.user_id,
            "course_id": str(enrollment.course_key),
            "mode": enrollment.mode,
        }
        emit_for_course(f"edx.course.enrollment.{change}", data, enrollment.course_key)


def _time(at: datetime | None) -> datetime:
    return at or timezone.now()


def _data(enrollment: CourseEnrollment) -> CourseEnrollmentData:
    course = Course.objects.filter(id=enrollment.course_key).first()
    return CourseEnrollmentData(
        user=user_data(enrollment.user),
        course=CourseData(
            course_key=enrollment.course_key,
            display_name=course.display_name if course else "",
        ),
        mode=enrollment.mode,
        is_active=enrollment.is_active,
        creation_date=enrollment.created,
    )
