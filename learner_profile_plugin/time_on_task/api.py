"""
The door of time on task. Access is checked by whoever calls, not here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import rule, totals
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.compaction import compact
from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    ActiveTime,
    Activity,
    Interval,
    LearningSession,
    LearningTime,
    union,
)
from learner_profile_plugin.time_on_task.models import CourseTotal, LearnerTotal, LearningDay, PendingEvidence
from learner_profile_plugin.time_on_task.sessions import sessions_of
from learner_profile_plugin.time_on_task.stored import read_learner

__all__ = [
    "compact",
    "delete_learner",
    "get_active_intervals",
    "get_active_time",
    "get_learners_with_pending_evidence",
    "get_learning_time",
    "get_marks",
    "get_sessions",
    "keep",
    "rederive",
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
        for course_key, evidence in read_learner(user_id).items()
        if (intervals := rule.active_intervals(evidence))
    }


def get_active_time(user_id: int) -> ActiveTime:
    """Return when a learner was learning, and by what kind of evidence that is known."""
    by_course = {course_key: rule.intervals_by_kind(found) for course_key, found in read_learner(user_id).items()}
    return ActiveTime(by_course, rule.VERSION)


def get_marks(after: int = 0, limit: int = 500) -> dict[int, str]:
    """
    Return a mark of when learners were learning: it is another one whenever their days, or the rule, changed.

    It is told of learners with days, with user ids above one, in order, and only as many. Evidence that
    is pending changes no mark: compact it before.
    """
    changes = totals.count_changes(after, limit)
    return {user_id: f"{rule.VERSION}.{number}" for user_id, number in changes.items()}


def get_learning_time(user_id: int) -> LearningTime:
    """
    Return a learner's measured time, in seconds, from all evidence accepted so far.

    Evidence of a learner that piled up is compacted on the way; if that fails, the figures are the
    same and the next reader does it.
    """
    pending = list(PendingEvidence.objects.filter(user_id=user_id))
    found = totals.find(user_id, pending) or _derive(user_id)
    if len(pending) >= COMPACT_AT:
        _compact_some(user_id)
    return found


def get_sessions(
    user_id: int, course_key: CourseKey | None = None, *, before: int | None = None, limit: int | None = None
) -> list[LearningSession]:
    """
    Return what a learner's time consists of, the newest first; it adds up exactly to the figure.

    Args:
        user_id: the learner.
        course_key: explain the time in this course run; without it, the time over all of them.
        before: leave out sessions that began at this epoch second or later. To go on after some
            sessions, give the start of the last of them.
        limit: return this many at most.
    """
    last = None if before is None else before // SECONDS_PER_DAY + 1
    found: list[LearningSession] = []
    # What counts of a day follows from one day around it, so the newest days do where few sessions are asked for.
    for days in (*((limit + 4, 10 * limit + 40) if limit is not None else ()), None):
        first = _day_of_number(user_id, days, last) if days else None
        evidence = read_learner(user_id, course_key, first=first, last=last)
        known_from = 0 if first is None else (first + 2) * SECONDS_PER_DAY
        found = [
            session
            for session in sessions_of(evidence)
            if known_from <= session.start and (before is None or session.start < before)
        ]
        if first is None or len(found) >= (limit or 0):
            break
    return found[::-1][:limit]


def _day_of_number(user_id: int, number: int, last: int | None) -> int | None:
    """Return the day after which a learner has that many days of evidence; None if there is none."""
    days = LearningDay.objects.filter(user_id=user_id)
    if last is not None:
        days = days.filter(day__lte=last)
    return days.order_by("-day").values_list("day", flat=True).distinct()[number : number + 1].first()


def get_learners_with_pending_evidence() -> list[int]:
    """Return the user ids of learners with evidence that is not yet united with its day."""
    return list(PendingEvidence.objects.order_by("user_id").values_list("user_id", flat=True).distinct())


def rederive(*, dry_run: bool = False) -> Iterator[int]:
    """
    Derive the totals of learners that do not follow from the rule as it is; yield the user id of each, once done.

    Each learner is a transaction of its own, and who is done is not done again: it can be interrupted
    and begun anew at any time. Figures are right all the while, but slower where there is no total.
    """
    for user_id in totals.find_outdated():
        if not dry_run:
            totals.ensure([user_id])
            with transaction.atomic():
                total = totals.hold(user_id)
                if total is not None:
                    totals.derive(total)
        yield user_id


def delete_learner(user_id: int) -> None:
    """Remove all evidence of a learner, also what waits in memory to be stored, and what was derived from it."""
    from learner_profile_plugin.time_on_task import spool  # which stores through this module

    spool.drop(user_id)
    # The total first: who compacts has taken it, and is waited for.
    LearnerTotal.objects.filter(pk=user_id).delete()
    CourseTotal.objects.filter(user_id=user_id).delete()
    PendingEvidence.objects.filter(user_id=user_id).delete()
    LearningDay.objects.filter(user_id=user_id).delete()


def _insert(rows: list[PendingEvidence]) -> None:
    if len(rows) == 1 and not transaction.get_connection().in_atomic_block:
        rows[0].save(force_insert=True)
        return
    with transaction.atomic():
        PendingEvidence.objects.bulk_create(rows, batch_size=500)


def _derive(user_id: int) -> LearningTime:
    by_course = get_active_intervals(user_id)
    return LearningTime(
        seconds=rule.total_seconds(union(interval for intervals in by_course.values() for interval in intervals)),
        by_course={course_key: rule.total_seconds(intervals) for course_key, intervals in by_course.items()},
        rule_version=rule.VERSION,
    )


def _compact_some(user_id: int) -> None:
    if transaction.get_connection().in_atomic_block:
        # Some databases end the whole transaction where two lock each other out: not the caller's.
        return
    try:
        compact(user_id, limit=COMPACT_ON_READ)
    except DatabaseError as error:
        log.warning("Not compacted now: the evidence of user %s (%s).", user_id, error)
