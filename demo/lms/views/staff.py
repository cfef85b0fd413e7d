"""What the staff of a course can do: see its learners, regrade them, take back and give certificates."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from opaque_keys.edx.keys import CourseKey

from demo.lms import compat
from demo.lms.actions import certificates, completion, grades
from demo.lms.models import Course, CourseEnrollment, GeneratedCertificate, PersistentCourseGrade


@dataclass(frozen=True)
class Learner:
    """A row of the staff's list."""

    user: User
    enrollment: CourseEnrollment
    grade: PersistentCourseGrade | None
    certificate: GeneratedCertificate | None


@login_required
def instructor(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """List the learners of a course for its staff."""
    _require_staff(request, course_key)
    context = {"course": get_object_or_404(Course, id=course_key), "learners": _learners(course_key)}
    return render(request, "demo/instructor.html", context)


@login_required
@require_POST
def act(request: HttpRequest, course_key: CourseKey, username: str) -> HttpResponse:
    """Do what the pressed button says to one learner."""
    _require_staff(request, course_key)
    learner = get_object_or_404(User, username=username)
    certificate = GeneratedCertificate.objects.filter(user=learner, course_key=course_key).first()
    match request.POST.get("action"):
        case "revoke" if certificate is not None:
            certificates.invalidate(certificate)
            messages.success(request, f"The certificate of {username} is revoked.")
        case "issue":
            certificates.issue(learner, course_key)
            messages.success(request, f"{username} has a certificate now.")
        case "regrade":
            _regrade(request, learner, course_key)
    return redirect("instructor", course_key)


def _regrade(request: HttpRequest, learner: User, course_key: CourseKey) -> None:
    try:
        percent = int(request.POST.get("percent", ""))
    except ValueError:
        messages.error(request, "A grade is a whole number from 0 to 100.")
        return
    grade = grades.record(learner, course_key, min(max(percent, 0), 100) / 100)
    completion.follow_grade(learner, course_key, grade)
    messages.success(request, f"The grade of {learner.username} is {grade.percent_grade:.0%} now.")


def _require_staff(request: HttpRequest, course_key: CourseKey) -> None:
    user_id = request.user.pk
    if user_id is None or not compat.get_staffed_courses(user_id, [course_key]):
        raise PermissionDenied


def _learners(course_key: CourseKey) -> list[Learner]:
    enrollments = CourseEnrollment.objects.filter(course_key=course_key).select_related("user__profile")
    graded = {grade.user_id: grade for grade in PersistentCourseGrade.objects.filter(course_key=course_key)}
    certified = {row.user_id: row for row in GeneratedCertificate.objects.filter(course_key=course_key)}
    return [
        Learner(
            user=enrollment.user,
            enrollment=enrollment,
            grade=graded.get(enrollment.user_id),
            certificate=certified.get(enrollment.user_id),
        )
        for enrollment in enrollments.order_by("user__username")
    ]
