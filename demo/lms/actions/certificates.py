"""Certificates: each save tells the plugins, a passing one twice."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import CertificateData, CourseData
from openedx_events.learning.signals import CERTIFICATE_CHANGED, CERTIFICATE_CREATED, CERTIFICATE_REVOKED

from demo.lms.actions.people import user_data
from demo.lms.models import CourseEnrollment, GeneratedCertificate, PersistentCourseGrade
from demo.lms.tracking.emission import emit_for_course


def issue(
    user: User, course_key: CourseKey, *, grade: str | None = None, at: datetime | None = None
) -> GeneratedCertificate:
    """Make a certificate, or make a revoked one valid again; the address of an earlier one is kept."""
    certificate = GeneratedCertificate.objects.filter(user=user, course_key=course_key).first()
    if certificate is None:
        certificate = GeneratedCertificate(
            user=user,
            course_key=course_key,
            verify_uuid=_new_uuid(user, course_key),
            created_date=at or timezone.now(),
        )
    certificate.status = GeneratedCertificate.DOWNLOADABLE
    certificate.mode = _mode(user, course_key)
    certificate.name = user_data(user).pii.name
    certificate.grade = _grade_text(user, course_key) if grade is None else grade
    save(certificate, at=at)
    if at is None:
        _track("created", certificate)
    return certificate


def save(certificate: GeneratedCertificate, *, at: datetime | None = None) -> None:
    """Save as the platform's model does: CHANGED always, and CREATED at every save of a passing status."""
    certificate.modified_date = at or timezone.now()
    certificate.save()
    CERTIFICATE_CHANGED.send_event(time=certificate.modified_date, certificate=_data(certificate))
    if certificate.status in GeneratedCertificate.PASSING_STATUSES:
        CERTIFICATE_CREATED.send_event(time=certificate.modified_date, certificate=_data(certificate))


def invalidate(certificate: GeneratedCertificate, *, at: datetime | None = None) -> None:
    """Take a certificate back, as staff does."""
    _revoke(certificate, GeneratedCertificate.UNAVAILABLE, grade="", at=at)


def mark_not_passing(certificate: GeneratedCertificate, *, at: datetime | None = None) -> None:
    """Withhold a certificate whose grade has fallen below the threshold; the platform calls that revoked, too."""
    grade = _grade_text(certificate.user, certificate.course_key)
    _revoke(certificate, GeneratedCertificate.NOT_PASSING, grade=grade, at=at)


def _revoke(certificate: GeneratedCertificate, status: str, *, grade: str, at: datetime | None) -> None:
    """Save the new status, hence CHANGED, then send REVOKED."""
    was_downloadable = certificate.status == GeneratedCertificate.DOWNLOADABLE
    certificate.status = status
    certificate.grade = grade
    save(certificate, at=at)
    CERTIFICATE_REVOKED.send_event(time=certificate.modified_date, certificate=_data(certificate))
    if was_downloadable and at is None:
        _track("revoked", certificate)


def _new_uuid(user: User, course_key: CourseKey) -> str:
    # The same at every seeding, so that a certificate's address can be written down.
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{user.username}/{course_key}").hex


def _mode(user: User, course_key: CourseKey) -> str:
    enrollment = CourseEnrollment.objects.filter(user=user, course_key=course_key).first()
    return enrollment.mode if enrollment else "honor"


def _grade_text(user: User, course_key: CourseKey) -> str:
    grade = PersistentCourseGrade.objects.filter(user_id=user.pk, course_key=course_key).first()
    return f"{grade.percent_grade:.2g}" if grade else ""


def _track(change: str, certificate: GeneratedCertificate) -> None:
    data = {
        "user_id": certificate.user_id,
        "course_id": str(certificate.course_key),
        "certificate_id": certificate.verify_uuid,
        "enrollment_mode": certificate.mode,
    }
    emit_for_course(f"edx.certificate.{change}", data, certificate.course_key)


def _data(certificate: GeneratedCertificate) -> CertificateData:
    return CertificateData(
        user=user_data(certificate.user),
        # The platform names the course by its key alone here.
        course=CourseData(course_key=certificate.course_key),
        mode=certificate.mode,
        grade=certificate.grade,
        current_status=certificate.status,
        download_url=certificate.download_url,
        name=certificate.name,
    )
