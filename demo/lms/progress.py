"""How far a learner has come in a course, as the dashboard and the course page show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from demo.lms.models import Course, CourseEnrollment, GeneratedCertificate, Unit, UnitCompletion


@dataclass(frozen=True)
class Progress:
    """A learner's place in one course run."""

    course: Course
    enrollment: CourseEnrollment
    done: int
    total: int
    certificate: GeneratedCertificate | None

    @property
    def percent(self) -> int:
        """Finished units in percent; a course without units counts as not begun."""
        return round(100 * self.done / self.total) if self.total else 0


def progress_of(user: User) -> list[Progress]:
    """Answer the active enrolments of a learner, the newest first, in five queries for any number of them."""
    enrollments = CourseEnrollment.objects.filter(user=user, is_active=True).order_by("-created", "-pk")
    return _progress(user, list(enrollments))


def progress_in(user: User, course_key: CourseKey) -> Progress | None:
    """Answer a learner's place in one run; None where the learner is not enrolled."""
    enrollments = CourseEnrollment.objects.filter(user=user, course_key=course_key, is_active=True)
    return next(iter(_progress(user, list(enrollments))), None)


def _progress(user: User, enrollments: list[CourseEnrollment]) -> list[Progress]:
    keys = [enrollment.course_key for enrollment in enrollments]
    courses = Course.objects.in_bulk(keys)
    totals = _count(Unit.objects.filter(course_key__in=keys).values_list("course_key", flat=True))
    finished = UnitCompletion.objects.filter(user=user, course_key__in=keys)
    done = _count(finished.values_list("course_key", flat=True))
    certificates = _shown_certificates(user, courses)
    return [
        Progress(
            course=courses[enrollment.course_key],
            enrollment=enrollment,
            done=done[enrollment.course_key],
            total=totals[enrollment.course_key],
            certificate=certificates.get(enrollment.course_key),
        )
        for enrollment in enrollments
        if enrollment.course_key in courses
    ]


def _shown_certificates(user: User, courses: dict[CourseKey, Course]) -> dict[CourseKey, GeneratedCertificate]:
    """Answer the valid certificates; those of a course that does not show its certificates yet stay hidden."""
    shown = [course.id for course in courses.values() if course.shows_certificates()]
    valid = GeneratedCertificate.objects.filter(status=GeneratedCertificate.DOWNLOADABLE)
    return {certificate.course_key: certificate for certificate in valid.filter(user=user, course_key__in=shown)}


def _count(keys: Iterable[CourseKey]) -> Counter[CourseKey]:
    return Counter(keys)
