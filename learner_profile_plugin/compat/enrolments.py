"""Enrolments: who takes which course run, and who takes one together with whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.compat.data import Enrolment
from learner_profile_plugin.compat.rows import select_rows
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_enrolments(user_id: int) -> list[Enrolment]:
    """
    Return all enrolments of a user, active and ended, the oldest first. One query.

    Platform: common/djangoapps/student/models/course_enrollment.py (CourseEnrollment).
    """
    from common.djangoapps.student.models import CourseEnrollment

    return [_enrolment(row) for row in CourseEnrollment.objects.filter(user_id=user_id).order_by("created", "pk")]


@replaceable
def get_enrolments_page(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Enrolment]:
    """
    Return a page of the enrolments that match, active and ended, by rising row_id. One query.

    To be paged like ``get_certificates``. The platform keeps no time of the last change in the row.

    Platform: common/djangoapps/student/models/course_enrollment.py (CourseEnrollment).
    """
    from common.djangoapps.student.models import CourseEnrollment

    rows = select_rows(CourseEnrollment.objects, user_id, course_keys, after_row_id, until_row_id)
    return [_enrolment(row) for row in rows[:limit]]


@replaceable
def is_enrolled(user_id: int, course_key: CourseKey) -> bool:
    """
    Tell whether the user is actively enrolled in this very course run. One query.

    Platform: common/djangoapps/student/models/course_enrollment.py (CourseEnrollment).
    """
    from common.djangoapps.student.models import CourseEnrollment

    rows = CourseEnrollment.objects.filter(user_id=user_id, course_id=course_key, is_active=True)
    return bool(rows.exists())


@replaceable
def shares_a_course(user_id: int, other_id: int) -> bool:
    """
    Tell whether both are actively enrolled in at least one course run together. One query.

    Platform: common/djangoapps/student/models/course_enrollment.py (CourseEnrollment).
    """
    from common.djangoapps.student.models import CourseEnrollment

    active = CourseEnrollment.objects.filter(is_active=True)
    courses_of_other = active.filter(user_id=other_id).order_by().values("course_id")
    return bool(active.filter(user_id=user_id, course_id__in=courses_of_other).exists())


def _enrolment(row: Any) -> Enrolment:
    return Enrolment(
        user_id=row.user_id,
        course_key=row.course_id,
        mode=row.mode,
        is_active=row.is_active,
        created_at=row.created,
        row_id=row.pk,
    )
