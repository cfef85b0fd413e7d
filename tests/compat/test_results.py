"""Certificates and grades."""

from datetime import timedelta
from typing import Any

import pytest

from learner_profile_plugin import compat
from tests.compat.models import (
    CertificateDateOverride,
    CourseEnrollment,
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


def test_a_course_is_asked_once_whether_its_certificates_are_shown(lms):
    CourseOverview.objects.create(id=BOATS)
    for _ in range(3):
        certificate()
    assert len(compat.get_certificates()) == 3
    lms.api.certificates_viewable_for_course.assert_called_once_with(CourseOverview(id=BOATS))


@pytest.mark.parametrize(
    ("letter", "passed_at", "is_passing"), [("B", NOW, True), ("", NOW, False), ("B", None, False), ("", None, False)]
)
def test_a_grade_is_enough_to_pass_while_it_has_a_letter_and_there_is_a_mark_to_pass(letter, passed_at, is_passing):
    grade = compat.Grade(1, 7, BOATS, 0.5, letter, passed_at=passed_at, modified_at=NOW)
    assert grade.is_passing is is_passing


PAGES: list[tuple[str, Any, Any]] = [
    ("certificates", GeneratedCertificate, compat.get_certificates),
    ("grades", PersistentCourseGrade, compat.get_grades),
    ("enrolments", CourseEnrollment, compat.get_enrolments_page),
]


@pytest.mark.parametrize(("kind", "table", "get_page"), PAGES, ids=[kind for kind, *_ in PAGES])
def test_results_come_in_pages_of_one_learner_some_courses_or_all(lms, kind, table, get_page):
    ada, ben = User.objects.create().pk, User.objects.create().pk
    rows = [table.objects.create(user_id=user, course_id=key).pk for user in (ada, ben) for key in (BOATS, KNOTS)]

    def page(**asked):
        found = [rows.index(row.row_id) for row in get_page(**asked)]
        if not asked.keys() & {"limit", "until_row_id"}:
            extent = compat.get_extent(kind, **asked)
            assert extent == compat.Extent(len(found), rows[found[-1]] if found else 0)
        return found

    assert page() == [0, 1, 2, 3]
    assert (page(user_id=ben), page(course_keys=[KNOTS])) == ([2, 3], [1, 3])
    assert (page(user_id=ada, course_keys=[KNOTS]), page(course_keys=[KNOTS, BOATS])) == ([1], [0, 1, 2, 3])
    assert page(limit=3) == [0, 1, 2]
    assert page(limit=3, after_row_id=rows[2]) == [3]
    assert page(until_row_id=rows[1]) == [0, 1]
    assert page(after_row_id=rows[0], until_row_id=rows[2], limit=1) == [1]
    assert page(course_keys=[BOATS], after_row_id=rows[0], limit=1) == [2]
    assert page(after_row_id=rows[3]) == []


@pytest.mark.parametrize(("kind", "table", "get_page"), PAGES, ids=[kind for kind, *_ in PAGES])
def test_it_is_told_in_one_query_of_whom_there_is_a_row_where(lms, kind, table, get_page, django_assert_num_queries):
    ada, ben = User.objects.create().pk, User.objects.create().pk
    for user, key in ((ada, BOATS), (ada, KNOTS), (ben, KNOTS)):
        table.objects.create(user_id=user, course_id=key)
    with django_assert_num_queries(2):
        assert compat.get_held(kind, [(ada, BOATS), (ben, BOATS), (0, BOATS)]) == {(ada, BOATS)}
        assert compat.get_held(kind, {(ben, BOATS), (ada, KNOTS)}) == {(ada, KNOTS)}
        assert compat.get_held(kind, []) == set()


def test_a_certificate_of_an_audit_learner_is_neither_counted_nor_held(lms):
    row = certificate(status="audit_passing")
    assert compat.get_extent("certificates") == compat.Extent(0, 0)
    assert compat.get_held("certificates", [(row.user_id, BOATS)]) == set()
