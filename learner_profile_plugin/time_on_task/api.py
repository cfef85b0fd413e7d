"""
The door of time on task. Access is checked by whoever calls, not here.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.codec import MalformedEvidenceError, pack, unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence, Interval, LearningTime
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence

__all__ = [
    "compact",
    "delete_learner",
    "get_active_intervals",
    "get_learners_with_pending_evidence",
    "get_learning_time",
    "keep",
]

log = logging.getLogger(__name__)

COMPACT_AT, COMPACT_ON_READ = 200, 1000
"""From how many pending rows on reading a learner's time unites some with their days, and how many at most."""


def keep(activities: Iterable[Activity]) -> None:
    """
    Store evidence durably: one small row for each activity and day, and no other statement.

    Evidence of a learner whose account is gone is dropped, with a line in the log.
    """
    rows = [
        PendingEvidence(user_id=activity.user_id, course_key=activity.course_key, day=day, evidence=pack(evidence, day))
        for activity in activities
        for day, evidence in activity.evidence.by_day().items()
    ]
    try:
        _insert(rows)
    except IntegrityError:
        known = set(get_user_model().objects.filter(pk__in={row.user_id for row in rows}).values_list("pk", flat=True))
        gone = [row for row in rows if row.user_id not in known]
        if not gone:
            raise
        log.warning("Dropped: %d piece(s) of evidence of accounts that are gone.", len(gone))
        _insert([row for row in rows if row.user_id in known])


def get_active_intervals(user_id: int) -> dict[CourseKey, list[Interval]]:
    """Return when a learner was learning, for each course run apart, as disjoint intervals in order."""
    return {
        course_key: intervals
        for course_key, evidence in _evidence_of(user_id).items()
        if (intervals := rule.active_intervals(evidence))
    }


def get_learning_time(user_id: int) -> LearningTime:
    """
    Return a learner's measured time, in seconds, from all evidence accepted so far.

    Evidence of a learner that piled up is compacted on the way; if that fails, the figures are the
    same and the next reader does it.
    """
    by_course = get_active_intervals(user_id)
    _compact_if_piled_up(user_id)
    everything = rule.union(interval for intervals in by_course.values() for interval in intervals)
    return LearningTime(
        seconds=rule.total_seconds(everything),
        by_course={course_key: rule.total_seconds(intervals) for course_key, intervals in by_course.items()},
        rule_version=rule.VERSION,
    )


def compact(user_id: int, limit: int = 5000) -> int:
    """
    Unite pending evidence of a learner with its days; return how many pending rows are gone.

    Any number of these may run at once, and one that is interrupted leaves everything as it was.
    """
    with transaction.atomic():
        pending = PendingEvidence.objects.filter(user_id=user_id).order_by("pk")[:limit]
        rows = [(row, part) for row in pending if (part := _read(row)) is not None]
        # Taken first: of several that compact, or of one that compacts and one that deletes the
        # learner, only the first gets the rows; the others leave everything as it is.
        taken, _ = PendingEvidence.objects.filter(pk__in=[row.pk for row, _ in rows]).delete()
        if taken != len(rows):
            transaction.set_rollback(True)
            return 0
        days: dict[tuple[CourseKey, int], list[Evidence]] = defaultdict(list)
        for row, part in rows:
            days[row.course_key, row.day].append(part)
        united = _unite(user_id, days)
        back = [
            PendingEvidence(user_id=user_id, course_key=row.course_key, day=row.day, evidence=row.evidence)
            for row, _ in rows
            if (row.course_key, row.day) not in united
        ]
        PendingEvidence.objects.bulk_create(back, batch_size=500)
    return len(rows) - len(back)


def get_learners_with_pending_evidence() -> list[int]:
    """Return the user ids of learners with evidence that is not yet united with its day."""
    return list(PendingEvidence.objects.order_by("user_id").values_list("user_id", flat=True).distinct())


def delete_learner(user_id: int) -> None:
    """Remove all evidence of a learner."""
    PendingEvidence.objects.filter(user_id=user_id).delete()
    LearningDay.objects.filter(user_id=user_id).delete()


def _insert(rows: list[PendingEvidence]) -> None:
    if len(rows) == 1 and not transaction.get_connection().in_atomic_block:
        rows[0].save(force_insert=True)
        return
    with transaction.atomic():
        PendingEvidence.objects.bulk_create(rows, batch_size=500)


def _unite(user_id: int, days: Mapping[tuple[CourseKey, int], list[Evidence]]) -> set[tuple[CourseKey, int]]:
    """Unite evidence with its days, and return the days that could be read."""
    LearningDay.objects.bulk_create(
        [
            LearningDay(user_id=user_id, course_key=course_key, day=day, evidence=pack(Evidence(), day))
            for course_key, day in sorted(days, key=lambda item: (str(item[0]), item[1]))
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    stored = LearningDay.objects.select_for_update().filter(user_id=user_id, day__in={day for _, day in days})
    changed: list[LearningDay] = []
    for row in stored.order_by("pk"):
        parts, known = days.get((row.course_key, row.day)), _read(row)
        if parts and known is not None:
            row.evidence = pack(Evidence.union([known, *parts]), row.day)
            changed.append(row)
    LearningDay.objects.bulk_update(changed, ["evidence"], batch_size=200)
    return {(row.course_key, row.day) for row in changed}


def _evidence_of(user_id: int) -> dict[CourseKey, Evidence]:
    parts: dict[CourseKey, list[Evidence]] = defaultdict(list)
    # Pending rows first: what another process unites in between is then seen twice, never missed.
    for model in (PendingEvidence, LearningDay):
        for row in model.objects.filter(user_id=user_id).iterator():
            evidence = _read(row)
            if evidence is not None:
                parts[row.course_key].append(evidence)
    return {course_key: Evidence.union(pieces) for course_key, pieces in parts.items()}


def _read(row: PendingEvidence | LearningDay) -> Evidence | None:
    """Read a stored form; one that cannot be read stays where it is and counts for nothing."""
    try:
        return unpack(bytes(row.evidence), row.day)
    except MalformedEvidenceError as error:
        log.error("Left out, but kept: %s cannot be read (%s).", row, error)
        return None


def _compact_if_piled_up(user_id: int) -> None:
    if transaction.get_connection().in_atomic_block:
        # Some databases end the whole transaction where two lock each other out: not the caller's.
        return
    if PendingEvidence.objects.filter(user_id=user_id)[:COMPACT_AT].count() < COMPACT_AT:
        return
    try:
        compact(user_id, limit=COMPACT_ON_READ)
    except DatabaseError as error:
        log.warning("Not compacted now: the evidence of user %s (%s).", user_id, error)
