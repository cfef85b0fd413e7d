"""Units finished and problems answered, and what follows: a grade, and at the end a certificate."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import certificates, grades
from demo.lms.models import Course, CourseEnrollment, GeneratedCertificate, PersistentCourseGrade, Unit, UnitCompletion
from demo.lms.tracking.emission import emit_for_course


def complete_unit(user: User, unit: Unit, *, at: datetime | None = None) -> UnitCompletion:
    """Mark a unit as done; the last one of a course settles the grade and, where passed, makes the certificate."""
    moment = at or timezone.now()
    completion, created = UnitCompletion.objects.get_or_create(
        user=user,
        usage_key=unit.usage_key,
        defaults={"course_key": unit.course_key, "created": moment, "modified": moment},
    )
    if at is None:
        _track_completion(user, unit, completion)
    if created and _is_last(user, unit):
        _finish_course(user, unit, at=at)
    return completion


def answer_problem(user: User, unit: Unit, choice: str, *, at: datetime | None = None) -> UnitCompletion:
    """Record an answer, right or wrong: the grade is worked out at each, and the unit counts as done."""
    is_right = choice == unit.content.get("answer")
    moment = at or timezone.now()
    completion, created = UnitCompletion.objects.get_or_create(
        user=user,
        usage_key=unit.usage_key,
        defaults={"course_key": unit.course_key, "created": moment, "modified": moment},
    )
    completion.attempts += 1
    completion.answer = choice
    completion.earned = 1.0 if is_right else 0.0
    completion.modified = moment
    completion.save()
    if at is None:
        _track_answer(user, unit, completion)
        _track_completion(user, unit, completion)
    if _is_last(user, unit):
        _finish_course(user, unit, at=at)
    elif at is None or created:
        grades.recompute(user, unit.course_key, at=at)
    return completion


def follow_grade(
    user: User, course_key: CourseKey, grade: PersistentCourseGrade, *, at: datetime | None = None
) -> None:
    """
    Give the certificate that a grade has earned, or withhold the one that it no longer earns.

    One that staff took back stays so until staff gives it again; the audit track has none.
    """
    if CourseEnrollment.objects.filter(user=user, course_key=course_key, mode="audit").exists():
        return
    is_passing = grade.percent_grade >= Course.objects.get(id=course_key).lowest_passing_grade
    certificate = GeneratedCertificate.objects.filter(user=user, course_key=course_key).first()
    if is_passing and (certificate is None or certificate.status != GeneratedCertificate.UNAVAILABLE):
        certificates.issue(user, course_key, at=at)
    elif not is_passing and certificate is not None and certificate.status == GeneratedCertificate.DOWNLOADABLE:
        certificates.mark_not_passing(certificate, at=at)


def _is_last(user: User, unit: Unit) -> bool:
    units = Unit.objects.filter(course_key=unit.course_key).count()
    done = UnitCompletion.objects.filter(user=user, course_key=unit.course_key).count()
    return done >= units


def _finish_course(user: User, unit: Unit, *, at: datetime | None) -> None:
    follow_grade(user, unit.course_key, grades.recompute(user, unit.course_key, at=at), at=at)


def _track_completion(user: User, unit: Unit, completion: UnitCompletion) -> None:
    data = {
        "user_id": user.pk,
        "course_id": str(unit.course_key),
        "context_key": str(unit.course_key),
        "block_id": str(unit.block_key),
        "block_type": unit.kind,
        "completion": 1.0,
        "modified": completion.modified.isoformat(),
        "created": completion.created.isoformat(),
    }
    emit_for_course("edx.completion.block_completion.changed", data, unit.course_key)


def _track_answer(user: User, unit: Unit, completion: UnitCompletion) -> None:
    problem_id = str(unit.block_key)
    answer_id = f"{unit.usage_key.block_id}_2_1"
    is_right = completion.earned == 1
    check = {
        "problem_id": problem_id,
        "answers": {answer_id: completion.answer},
        "grade": int(is_right),
        "max_grade": 1,
        "success": "correct" if is_right else "incorrect",
        "attempts": completion.attempts,
        "correct_map": {answer_id: {"correctness": "correct" if is_right else "incorrect"}},
    }
    emit_for_course("problem_check", check, unit.course_key, event_source="server", page="x_module")
    submitted = {
        "user_id": str(user.pk),
        "course_id": str(unit.course_key),
        "problem_id": problem_id,
        "weighted_earned": int(is_right),
        "weighted_possible": 1,
    }
    emit_for_course("edx.grades.problem.submitted", submitted, unit.course_key)
