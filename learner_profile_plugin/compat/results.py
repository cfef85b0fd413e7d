"""Results: the certificates and course grades that the platform holds, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.compat.courses import load_overviews
from learner_profile_plugin.compat.data import Certificate, Grade
from learner_profile_plugin.compat.rows import select_rows
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_certificates(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Certificate]:
    """
    Return a page of the certificates that match, of any status but audit's, by rising row_id.

    Give both a user and a course for one certificate (there is at most one); for a backfill, give
    the last row_id of a page as the next one's ``after_row_id`` until a page comes empty. Rows up to
    ``until_row_id`` are taken, itself included. Two queries a page; each course is asked once
    whether its certificates are shown. ``url`` is given for a ``downloadable`` certificate only, and
    stays the same when the certificate is generated anew.

    Raises what the database raises and, for the whole page, whatever is wrong with one of its rows,
    such as a course key that is none.

    Platform: lms/djangoapps/certificates/models.py (GeneratedCertificate), api.py
    (certificates_viewable_for_course, display_date_for_certificate, has_html_certificates_enabled).
    """
    from lms.djangoapps.certificates.models import GeneratedCertificate

    known = GeneratedCertificate.eligible_certificates.select_related("date_override")
    rows = list(select_rows(known, user_id, course_keys, after_row_id, until_row_id)[:limit])
    overviews = load_overviews(row.course_id for row in rows)
    showing = cache(_showing)
    return [_certificate(row, overviews.get(row.course_id), showing) for row in rows]


@replaceable
def get_grades(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Grade]:
    """
    Return a page of the stored course grades that match, by rising row_id. One query.

    To be paged like :func:`get_certificates`. A learner who never did graded work has none, and a
    grade that was reset is gone. ``letter`` is ``""`` below the pass mark, and ``passed_at`` stays
    once set, even if the grade falls again.

    Platform: lms/djangoapps/grades/models.py (PersistentCourseGrade).
    """
    from lms.djangoapps.grades.models import PersistentCourseGrade

    known = select_rows(PersistentCourseGrade.objects, user_id, course_keys, after_row_id, until_row_id)
    return [
        Grade(
            row_id=row.pk,
            user_id=row.user_id,
            course_key=row.course_id,
            percent=row.percent_grade,
            letter=row.letter_grade,
            passed_at=row.passed_timestamp,
            modified_at=row.modified,
        )
        for row in known[:limit]
    ]


Showing = Callable[[Any], tuple[bool, datetime | None]]


def _certificate(row: Any, overview: Any, showing: Showing) -> Certificate:
    from lms.djangoapps.certificates import api

    # Of a course that is gone, the platform still shows the certificates that are files.
    is_shown, shown_from = showing(overview) if overview is not None else (bool(row.download_url), None)
    return Certificate(
        row_id=row.pk,
        user_id=row.user_id,
        course_key=row.course_id,
        status=row.status,
        mode=row.mode,
        name=row.name,
        grade=row.grade,
        url=_certificate_url(row, overview),
        created_at=row.created_date,
        modified_at=row.modified_date,
        dated_at=api.display_date_for_certificate(overview, row) if overview else row.modified_date,
        is_shown=is_shown,
        shown_from=shown_from,
    )


def _showing(overview: Any) -> tuple[bool, datetime | None]:
    """
    Tell whether the course shows its certificates by now and, if not, from when on it will.

    A course that shows them at its end but has no end date never does.
    """
    from lms.djangoapps.certificates import api
    from xmodule.data import CertificatesDisplayBehaviors

    if api.certificates_viewable_for_course(overview):
        return True, None
    behavior = overview.certificates_display_behavior
    if behavior == CertificatesDisplayBehaviors.END_WITH_DATE:
        return False, overview.certificate_available_date
    return False, overview.end if behavior == CertificatesDisplayBehaviors.END else None


def _certificate_url(row: Any, overview: Any) -> str:
    """Do what the platform's _format_certificate_for_user (certificates/api.py) does, but load no course for a row."""
    from lms.djangoapps.certificates import api
    from lms.djangoapps.certificates.data import CertificateStatuses

    if row.status != CertificateStatuses.downloadable:
        return ""
    if row.download_url:
        return str(row.download_url)
    if overview is None or not row.verify_uuid or not api.has_html_certificates_enabled(overview):
        return ""
    try:
        return reverse("certificates:render_cert_by_uuid", kwargs={"certificate_uuid": row.verify_uuid})
    except NoReverseMatch:
        # One row with an odd identifier must not cost the others of its page.
        return ""
