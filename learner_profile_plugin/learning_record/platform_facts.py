"""
What rows of the platform say, as facts.

A certificate and a grade are as of their row's last change, which is the moment just before the event
that the platform sent of it. An enrolment's row keeps no such moment, and a row that is gone none
either: what is read of these is as of :data:`MARGIN` before it was read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.compat.data import Certificate, Enrolment, Grade
from learner_profile_plugin.learning_record.data import (
    CertificateDetails,
    CertificateFact,
    EnrolmentFact,
    Fact,
    GradeFact,
    PassingFact,
)

MARGIN = timedelta(minutes=10)
"""
A reading is as of this long before it.

A transaction of the platform tells its event when it is committed, with the time at which the event
was made. What is read meanwhile is the state before. So that the event, which comes later with an
earlier time, still wins, a reading must not claim the time between: as much as the longest
transaction takes, and as far as the clocks of the platform's machines are apart.
"""

NO_DETAILS = CertificateDetails(url="", issued_at=None, is_shown=False, shown_from=None)


class MalformedRowError(ValueError):
    """A row of the platform that does not say what it should."""


def details_of(found: Certificate) -> CertificateDetails:
    """Return what an event of this certificate leaves out."""
    return CertificateDetails(
        url=found.url, issued_at=found.dated_at, is_shown=found.is_shown, shown_from=found.shown_from
    )


def of_certificate(row: Certificate, read_at: datetime) -> list[Fact]:
    """Return what a certificate says."""
    fact = CertificateFact(
        **_frame(row, row.modified_at),
        status=row.status,
        mode=row.mode or "",
        name=row.name or "",
        grade=row.grade or "",
        details=details_of(row),
    )
    return [fact]


def of_grade(row: Grade, read_at: datetime) -> list[Fact]:
    """Return what a grade says: itself, and whether it is enough to pass."""
    if not math.isfinite(row.percent):
        raise MalformedRowError(f"the grade is {row.percent}")
    frame = _frame(row, row.modified_at)
    return [
        GradeFact(**frame, percent=float(row.percent), letter=row.letter or "", passed_at=row.passed_at),
        PassingFact(**frame, is_passing=row.is_passing),
    ]


def of_enrolment(row: Enrolment, read_at: datetime) -> list[Fact]:
    """Return what an enrolment says."""
    fact = EnrolmentFact(
        **_frame(row, read_at - MARGIN),
        mode=row.mode or "",
        is_active=bool(row.is_active),
        created_at=row.created_at,
    )
    return [fact]


def of_nothing(source: str, known: Mapping[str, Any], read_at: datetime) -> list[Fact]:
    """
    Return what it says that the platform holds no such row (any more).

    It does not vouch for a certificate or a grade then, and nobody is enrolled; that somebody once
    was, in which mode and since when, stays. ``known`` is the record, by column.
    """
    place = {name: known[name] for name in ("user_id", "course_key")}
    frame: dict[str, Any] = place | {"as_of": read_at - MARGIN}
    if source == "certificates":
        return [CertificateFact(**frame, status="", mode="", name="", grade="", details=NO_DETAILS)]
    if source == "grades":
        return [GradeFact(**frame, percent=None, letter="", passed_at=None), PassingFact(**frame, is_passing=None)]
    mode, created_at = known["enrolment_mode"], known["enrolment_created_at"]
    return [EnrolmentFact(**frame, mode=mode, is_active=False, created_at=created_at)]


def _frame(row: Certificate | Grade | Enrolment, as_of: datetime) -> dict[str, Any]:
    if not isinstance(row.course_key, CourseKey):
        raise MalformedRowError("it names no course")
    if as_of.tzinfo is None:
        raise MalformedRowError("its time has no zone")
    return {"user_id": row.user_id, "course_key": row.course_key, "as_of": as_of}
