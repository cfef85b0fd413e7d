"""Rows of certificates, grades and enrolments: which, how many, and whether they are there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, Q
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.compat.data import Extent
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_extent(
    kind: str,
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
) -> Extent:
    """
    Return how many rows of a kind match. One query.

    ``kind`` is ``certificates``, ``grades`` or ``enrolments``; the rows are those which
    ``get_certificates``, ``get_grades`` and ``get_enrolments_page`` page through.

    Platform: lms/djangoapps/certificates/models.py, lms/djangoapps/grades/models.py,
    common/djangoapps/student/models/course_enrollment.py.
    """
    found = select_rows(_table(kind), user_id, course_keys, after_row_id).order_by()
    # Not named after columns: to aggregate hides them.
    numbers = found.aggregate(how_many=Count("pk"), last=Max("pk"))
    return Extent(count=numbers["how_many"], last_row_id=numbers["last"] or 0)


@replaceable
def get_held(kind: str, places: Collection[tuple[int, CourseKey]]) -> set[tuple[int, CourseKey]]:
    """
    Return those of these people in course runs of which the platform holds a row (see :func:`get_extent`).

    One query, which grows with the number of different courses: ask for some hundred of these at most.
    """
    table = _table(kind)
    users_in: dict[CourseKey, list[int]] = {}
    for user_id, course_key in places:
        users_in.setdefault(course_key, []).append(user_id)
    if not users_in:
        return set()
    # Not all these people in all these courses: of ten courses that each takes, nine would be read in vain.
    wanted = Q(*(Q(course_id=key, user_id__in=users) for key, users in users_in.items()), _connector=Q.OR)
    return set(table.filter(wanted).order_by().values_list("user_id", "course_id"))


def select_rows(
    rows: Any,
    user_id: int | None,
    course_keys: Collection[CourseKey] | None,
    after_row_id: int,
    until_row_id: int | None = None,
) -> Any:
    """Return the rows that match, by rising number. For this package only."""
    rows = rows.filter(pk__gt=after_row_id)
    if until_row_id is not None:
        rows = rows.filter(pk__lte=until_row_id)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if course_keys is not None:
        rows = rows.filter(course_id__in=course_keys)
    return rows.order_by("pk")


def _table(kind: str) -> Any:
    from common.djangoapps.student.models import CourseEnrollment
    from lms.djangoapps.certificates.models import GeneratedCertificate
    from lms.djangoapps.grades.models import PersistentCourseGrade

    tables = {
        "certificates": GeneratedCertificate.eligible_certificates,
        "enrolments": CourseEnrollment.objects,
        "grades": PersistentCourseGrade.objects,
    }
    return tables[kind]
