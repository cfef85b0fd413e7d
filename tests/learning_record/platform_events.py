"""Events as the platform sends them: through its own signals, with its own data classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning import signals
from openedx_events.learning.data import (
    CertificateData,
    CourseData,
    CourseEnrollmentData,
    CoursePassingStatusData,
    PersistentCourseGradeData,
    UserData,
    UserPersonalData,
)

SIGNALS = {
    "CERTIFICATE_CREATED": (signals.CERTIFICATE_CREATED, "certificate", CertificateData),
    "CERTIFICATE_CHANGED": (signals.CERTIFICATE_CHANGED, "certificate", CertificateData),
    "CERTIFICATE_REVOKED": (signals.CERTIFICATE_REVOKED, "certificate", CertificateData),
    "COURSE_PASSING_STATUS_UPDATED": (
        signals.COURSE_PASSING_STATUS_UPDATED,
        "course_passing_status",
        CoursePassingStatusData,
    ),
    "PERSISTENT_GRADE_SUMMARY_CHANGED": (signals.PERSISTENT_GRADE_SUMMARY_CHANGED, "grade", PersistentCourseGradeData),
    "COURSE_ENROLLMENT_CREATED": (signals.COURSE_ENROLLMENT_CREATED, "enrollment", CourseEnrollmentData),
    "COURSE_ENROLLMENT_CHANGED": (signals.COURSE_ENROLLMENT_CHANGED, "enrollment", CourseEnrollmentData),
    "COURSE_UNENROLLMENT_COMPLETED": (signals.COURSE_UNENROLLMENT_COMPLETED, "enrollment", CourseEnrollmentData),
}


@dataclass(frozen=True)
class Event:
    """An event that may be sent any number of times, late or early."""

    name: str
    at: datetime
    payload: Mapping[str, Any]

    def send(self) -> list[tuple[Any, Any]]:
        """Send it, and return which receivers got it and what they answered."""
        sent: list[tuple[Any, Any]] = SIGNALS[self.name][0].send_event(time=self.at, **self.payload)
        return sent


def certificate(
    name: str, user: User, key: CourseKey, *, at: datetime, status: str = "downloadable", grade: str = "0.87"
) -> Event:
    data = CertificateData(
        user=_user(user),
        course=CourseData(course_key=key),
        mode="honor",
        grade=grade,
        current_status=status,
        download_url="",
        name="Ada Lovelace",
    )
    return Event(name, at, {"certificate": data})


def grade(
    user: User, key: CourseKey, *, at: datetime, percent: float = 0.87, passed_at: datetime | None = None
) -> Event:
    data = PersistentCourseGradeData(
        user_id=user.pk,
        course=CourseData(course_key=key),
        course_edited_timestamp=at,
        course_version="",
        grading_policy_hash="",
        percent_grade=percent,
        letter_grade="Pass" if passed_at else "",
        passed_timestamp=passed_at,
    )
    return Event("PERSISTENT_GRADE_SUMMARY_CHANGED", at, {"grade": data})


def passing(user: User, key: CourseKey, *, at: datetime, is_passing: bool = True) -> Event:
    data = CoursePassingStatusData(is_passing=is_passing, course=CourseData(course_key=key), user=_user(user))
    return Event("COURSE_PASSING_STATUS_UPDATED", at, {"course_passing_status": data})


def enrolment(
    name: str, user: User, key: CourseKey, *, at: datetime, is_active: bool = True, created_at: datetime | None = None
) -> Event:
    data = CourseEnrollmentData(
        user=_user(user),
        course=CourseData(course_key=key),
        mode="honor",
        is_active=is_active,
        creation_date=created_at or at,
    )
    return Event(name, at, {"enrollment": data})


def one_of_each(user: User, key: CourseKey, at: datetime) -> dict[str, Event]:
    """Return an ordinary event of every signal that the learning record is made from."""
    return {
        "CERTIFICATE_CREATED": certificate("CERTIFICATE_CREATED", user, key, at=at),
        "CERTIFICATE_CHANGED": certificate("CERTIFICATE_CHANGED", user, key, at=at, status="notpassing"),
        "CERTIFICATE_REVOKED": certificate("CERTIFICATE_REVOKED", user, key, at=at, status="unavailable", grade=""),
        "COURSE_PASSING_STATUS_UPDATED": passing(user, key, at=at),
        "PERSISTENT_GRADE_SUMMARY_CHANGED": grade(user, key, at=at, passed_at=at),
        "COURSE_ENROLLMENT_CREATED": enrolment("COURSE_ENROLLMENT_CREATED", user, key, at=at),
        "COURSE_ENROLLMENT_CHANGED": enrolment("COURSE_ENROLLMENT_CHANGED", user, key, at=at),
        "COURSE_UNENROLLMENT_COMPLETED": enrolment("COURSE_UNENROLLMENT_COMPLETED", user, key, at=at, is_active=False),
    }


def _user(user: User) -> UserData:
    pii = UserPersonalData(username=user.username, email=user.email, name="Ada Lovelace")
    return UserData(id=user.pk, is_active=True, pii=pii)
