"""Certificates and grades."""

from datetime import timedelta
from typing import Any

import pytest

from learner_profile_plugin import compat
from tests.compat.models import (
    CertificateDateOverride,
    CourseOverview,
    GeneratedCertificate,
    PersistentCourseGrade,
    User,
)
from tests.compat.test_courses import BOATS, KNOTS
from tests.conftest import NOW

PAGE = f"/certificates/{'0f' * 16}"
LATER, LATEST = NOW + timedelta(1), NOW + timedelta(2)


def certificate(key=BOATS, **fields) -> Any:
    return GeneratedCertificate.objects.create(user=User.objects.create(), course_id=key, **fields)


def test_certificates_of_several_courses_are_told_in_two_queries(lms, django_assert_num_queries):
    CourseOverview.objects.create(id=BOATS)
    row = certificate(mode="verified", name="Ada", grade="0.87", created_date=NOW - timedelta(1))
    CertificateDateOverride.objects.create(generated_certificate=row, date=LATER)
    certificate(KNOTS)
    with django_assert_num_queries(2):
        found, of_missing_course = compat.get_certificates()
    facts = ("downloadable", "verified", "Ada", "0.87", PAGE)
    assert found == compat.Certificate(row.pk, row.user_id, BOATS, *facts, row.created_date, NOW, dated_at=LATER)
    assert (of_missing_course.dated_at, of_missing_course.is_shown, of_missing_course.shown_from) == (NOW, False, None)
    lms.api.certificates_viewable_for_course.assert_called_once_with(CourseOverview(id=BOATS))


def test_what_audit_learners_have_is_no_certificate(lms):
    statuses = ["audit_passing", "unavailable", "audit_notpassing", "notpassing"]
    for status in statuses:
        certificate(status=status)
    assert [found.status for found in compat.get_certificates()] == ["unavailable", "notpassing"]


@pytest.mark.parametrize(
    ("behaviour", "available", "end", "shown_from"),
    [
        ("end_with_date", LATER, LATEST, LATER),
        ("end_with_date", None, LATEST, None),
        ("end", LATER, LATEST, LATEST),
        ("end", LATER, None, None),
        ("something older", LATER, LATEST, None),
        (None, LATER, LATEST, None),
    ],
)
def test_a_hidden_certificate_tells_from_when_on_it_is_shown(lms, behaviour, available, end, shown_from):
    dates = {"certificates_display_behavior": behaviour, "certificate_available_date": available, "end": end}
    CourseOverview.objects.create(id=BOATS, **dates)
    certificate()
    assert compat.get_certificates()[0].shown_from is None  # for it is shown
    lms.api.certificates_viewable_for_course.return_value = False
    found = compat.get_certificates()[0]
    assert (found.is_shown, found.shown_from) == (False, shown_from)


@pytest.mark.parametrize(
    ("fields", "has_course", "has_html", "url"),
    [
        ({}, True, True, PAGE),
        ({"status": "unavailable", "download_url": "https://files.example/1.pdf"}, True, True, ""),
        ({"download_url": "https://files.example/1.pdf"}, True, True, "https://files.example/1.pdf"),
        ({"download_url": "https://files.example/1.pdf"}, False, True, "https://files.example/1.pdf"),
        ({"verify_uuid": ""}, True, True, ""),
        ({"verify_uuid": "not of its kind"}, True, True, ""),
        ({}, True, False, ""),
        ({}, False, True, ""),
    ],
)
def test_only_a_downloadable_certificate_with_a_file_or_page_has_an_address(lms, fields, has_course, has_html, url):
    if has_course:
        CourseOverview.objects.create(id=BOATS, cert_html_view_enabled=has_html)
    certificate(**fields)
    found = compat.get_certificates()[0]
    assert (found.url, found.is_shown) == (url, has_course or "download_url" in fields)


def test_a_grade_is_told_in_one_query(lms, django_assert_num_queries):
    row = PersistentCourseGrade.objects.create(user_id=7, course_id=BOATS, passed_timestamp=LATER)
    with django_assert_num_queries(1):
        assert compat.get_grades() == [compat.Grade(row.pk, 7, BOATS, 0.87, "B", passed_at=LATER, modified_at=NOW)]


@pytest.mark.parametrize(
    ("table", "get_results"),
    [(GeneratedCertificate, compat.get_certificates), (PersistentCourseGrade, compat.get_grades)],
)
def test_results_come_in_pages_of_one_learner_one_course_or_all(lms, table, get_results):
    ada, ben = User.objects.create().pk, User.objects.create().pk
    rows = [table.objects.create(user_id=user, course_id=key).pk for user in (ada, ben) for key in (BOATS, KNOTS)]

    def page(**asked):
        return [rows.index(found.row_id) for found in get_results(**asked)]

    assert page() == [0, 1, 2, 3]
    assert (page(user_id=ben), page(course_key=KNOTS), page(user_id=ada, course_key=KNOTS)) == ([2, 3], [1, 3], [1])
    assert page(limit=3) == [0, 1, 2]
    assert page(limit=3, after_row_id=rows[2]) == [3]
    assert page(course_key=BOATS, after_row_id=rows[0], limit=1) == [2]
    assert page(after_row_id=rows[3]) == []
