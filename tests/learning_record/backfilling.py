"""What the tests of the backfill share: the command, the platform without its events, and what it says."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from demo.lms import compat as lms
from demo.lms import models
from learner_profile_plugin.learning_record import intake
from learner_profile_plugin.learning_record.data import Fact
from learner_profile_plugin.learning_record.models import BackfillPosition
from learner_profile_plugin.learning_record.models import LearningRecord as Row

PLATFORM = (models.GeneratedCertificate, models.PersistentCourseGrade, models.CourseEnrollment)


@dataclass
class Ran:
    """What the command said, and the code with which it ended."""

    out: str
    err: str
    code: int


def backfill(*options: str) -> Ran:
    """Run the command."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("learner_profile_backfill", *options, stdout=out, stderr=err, verbosity=0)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return Ran(out.getvalue(), err.getvalue(), code)


@dataclass
class Mail:
    """Facts of events that were sent and did not arrive."""

    facts: list[Fact] = field(default_factory=list)

    def tell(self, fact: Fact) -> None:
        """Let one arrive."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intake, "store", STORE)
            intake.store(fact)


STORE = intake.store


@contextmanager
def unheard() -> Iterator[Mail]:
    """Let no event arrive in the body."""
    mail = Mail()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "store", mail.facts.append)
        yield mail


def dump() -> list[dict[str, Any]]:
    """Return all that is recorded."""
    return [dict(row) for row in Row.objects.order_by("pk").values()]


def positions() -> dict[str, int]:
    """Return how far backfills came that are not done."""
    return dict(BackfillPosition.objects.values_list("source", "row_id"))


def forget() -> None:
    """Empty the platform's tables, and the records."""
    for table in (*PLATFORM, Row, BackfillPosition):
        table._default_manager.all().delete()


def recorded() -> dict[tuple[int, CourseKey], dict[str, Any]]:
    """Return what is recorded that the platform could vouch for, by learner and course."""
    said = {}
    for row in Row.objects.all():
        told: dict[str, Any] = {}
        if row.enrolment_is_active is not None:
            told["enrolment"] = (row.enrolment_is_active, row.enrolment_mode, row.enrolment_created_at)
        if row.grade_percent is not None:
            told["grade"] = (row.grade_percent, row.grade_letter, row.grade_passed_at)
        if row.passing_is_passing is not None:
            told["passing"] = row.passing_is_passing
        if row.certificate_status:
            told["certificate"] = (
                *(row.certificate_status, row.certificate_mode, row.certificate_name, row.certificate_grade),
                *(row.certificate_url, row.certificate_issued_at),
                *(row.certificate_is_shown, row.certificate_shown_from),
            )
        if told:
            said[row.user_id, row.course_key] = told
    return said


def held() -> dict[tuple[int, CourseKey], dict[str, Any]]:
    """Return the same as the platform holds it."""
    said: dict[tuple[int, CourseKey], dict[str, Any]] = {}
    for enrolment in _all(lms.get_enrolments_page):
        told = said.setdefault((enrolment.user_id, enrolment.course_key), {})
        told["enrolment"] = (enrolment.is_active, enrolment.mode, enrolment.created_at)
    for grade in _all(lms.get_grades):
        told = said.setdefault((grade.user_id, grade.course_key), {})
        told["grade"] = (grade.percent, grade.letter, grade.passed_at)
        told["passing"] = grade.percent >= 0.6
    for found in _all(lms.get_certificates):
        told = said.setdefault((found.user_id, found.course_key), {})
        told["certificate"] = (
            *(found.status, found.mode, found.name, found.grade, found.url),
            *(found.dated_at, found.is_shown, found.shown_from),
        )
    return said


def _all(get_page: Callable[..., list[Any]]) -> list[Any]:
    return get_page(limit=10**6)


def spoil(table: Any, pk: int, course_key: str) -> None:
    """Write a course key that is none over a row of the platform."""
    with connection.cursor() as cursor:
        statement = f"UPDATE {table._meta.db_table} SET course_key = %s WHERE id = %s"  # noqa: S608 - a table of ours
        cursor.execute(statement, [course_key, pk])


def failing(function: Callable[..., Any], error: Exception, times: int) -> Callable[..., Any]:
    """Let a function fail some times before it works."""
    left = [times]

    @functools.wraps(function)
    def fail(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise error
        return function(*args, **kwargs)

    return fail
