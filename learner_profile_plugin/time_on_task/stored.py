"""The reading of rows of evidence."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable

from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task.codec import MalformedEvidenceError, unpack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.models import EvidenceOfDay, LearningDay, PendingEvidence

log = logging.getLogger(__name__)

Days = dict[tuple[CourseKey, int], Evidence]
"""Evidence of one learner, by course run and day (days since 1970)."""


def read(row: EvidenceOfDay) -> Evidence | None:
    """Read a stored form; one that cannot be read stays where it is and counts for nothing."""
    try:
        return unpack(bytes(row.evidence), row.day)
    except MalformedEvidenceError as error:
        log.error("Left out, but kept: %s cannot be read (%s).", row, error)
        return None


def read_days(rows: Iterable[EvidenceOfDay]) -> Days:
    """Read rows of one learner, and unite those of the same course run and day."""
    parts: dict[tuple[CourseKey, int], list[Evidence]] = defaultdict(list)
    for row in rows:
        evidence = read(row)
        if evidence is not None:
            parts[row.course_key, row.day].append(evidence)
    return {place: Evidence.union(pieces) for place, pieces in parts.items()}


def add(days: Days, more: Days) -> Days:
    """Return days united with more of them."""
    return days | {place: days.get(place, Evidence()) | evidence for place, evidence in more.items()}


def by_course(days: Days) -> dict[CourseKey, Evidence]:
    """Return the evidence of days in each course run."""
    parts: dict[CourseKey, list[Evidence]] = defaultdict(list)
    for (course_key, _), evidence in days.items():
        parts[course_key].append(evidence)
    return {course_key: Evidence.union(pieces) for course_key, pieces in parts.items()}


def read_learner(
    user_id: int, course_key: CourseKey | None = None, *, first: int | None = None, last: int | None = None
) -> dict[CourseKey, Evidence]:
    """Return the evidence of a learner, whether it is united with its day or not: all, or that of some days."""
    wanted: dict[str, object] = {"user_id": user_id}
    if course_key is not None:
        wanted["course_key"] = course_key
    if first is not None:
        wanted["day__gte"] = first
    if last is not None:
        wanted["day__lte"] = last
    # Pending rows first: what another process unites in between is then seen twice, never missed.
    pending, days = (
        read_days(row for row in model.objects.filter(**wanted).iterator() if course_key in (None, row.course_key))
        for model in (PendingEvidence, LearningDay)
    )
    return by_course(add(days, pending))
