"""
Totals of learners: derived from their days, kept so that a page need not read thousands of them.

They can be thrown away at any time: what is missing, or of another version of the rule, is derived
from the days. They follow the days: whoever changes days of a learner takes the learner's total
first (``hold``, or ``outdate`` for many), in the same transaction.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Subquery
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Interval, LearningTime, union, within
from learner_profile_plugin.time_on_task.models import CourseTotal, LearnerTotal, LearningDay, PendingEvidence
from learner_profile_plugin.time_on_task.stored import Days, add, by_course, read_days

OUTDATED = 0
"""The version of a total that does not follow from the days, or not any more."""


@dataclass(slots=True)
class Seconds:
    """Seconds over all courses, and in each one on its own."""

    all: int = 0
    of_course: dict[CourseKey, int] = field(default_factory=dict)

    def plus(self, other: Seconds, sign: int = 1) -> Seconds:
        """Return the sum, or with a sign of -1 the difference."""
        courses = self.of_course.keys() | other.of_course.keys()
        return Seconds(
            self.all + sign * other.all,
            {key: self.of_course.get(key, 0) + sign * other.of_course.get(key, 0) for key in courses},
        )


def ensure(user_ids: Iterable[int]) -> None:
    """
    Make the rows that ``hold`` and ``outdate`` take; to be called before the transaction that does.

    They count their changes on from the milliseconds of the clock, so that a total that was thrown away
    and comes back is not taken for the one that it was.
    """
    known = set(LearnerTotal.objects.filter(pk__in=list(user_ids)).values_list("pk", flat=True))
    now = time.time_ns() // 1_000_000
    missing = [LearnerTotal(user_id=user_id, changes=now) for user_id in sorted({*user_ids} - known)]
    LearnerTotal.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)


def hold(user_id: int) -> LearnerTotal | None:
    """Take a learner's total until the transaction ends; None if the learner was deleted meanwhile."""
    return LearnerTotal.objects.select_for_update().filter(pk=user_id).first()


def outdate(user_ids: Iterable[int]) -> None:
    """Take learners' totals until the transaction ends, and say that they do not hold any more."""
    ordered = LearnerTotal.objects.select_for_update().filter(pk__in=sorted(user_ids)).order_by("pk")
    taken = list(ordered.values_list("pk", flat=True))
    LearnerTotal.objects.filter(pk__in=taken).update(rule_version=OUTDATED, changes=F("changes") + 1)


def follow(total: LearnerTotal, before: Days, after: Days, changed: Collection[int]) -> None:
    """
    Let a total that is held follow a change of some days.

    Args:
        total: the learner's.
        before, after: the learner's evidence on the days that changed and on ``neighbours`` of them.
        changed: the days.
    """
    if total.rule_version != rule.VERSION:
        derive(total)
        return
    of_course = {row.course_key: row.seconds for row in CourseTotal.objects.filter(user_id=total.user_id)}
    _write(total, Seconds(total.seconds, of_course).plus(_growth(before, after, changed)))


def derive(total: LearnerTotal) -> None:
    """Derive a total that is held from all days of the learner."""
    days = read_days(LearningDay.objects.filter(user_id=total.user_id).iterator())
    # What began to play before midnight may count of a day that has no evidence of its own.
    _write(total, _counted(days, {day + off for _, day in days for off in (0, 1)}))


def find(user_id: int, pending: Collection[PendingEvidence] | None = None) -> LearningTime | None:
    """
    Return a learner's time by their total and what is pending; None where there is no total that holds.

    Two queries where nothing is pending, and mostly three where something is. ``pending`` are the rows
    of the learner, where the caller has read them just now.
    """
    # Pending rows first: what another process unites in between is then seen twice, never missed.
    pending = list(PendingEvidence.objects.filter(user_id=user_id)) if pending is None else pending
    of_total = LearnerTotal.objects.filter(pk=user_id, rule_version=rule.VERSION)
    seconds, changes = _read_total(user_id, of_total)
    if changes is None:
        return None
    if pending:
        waiting = read_days(pending)
        changed = {day for _, day in waiting}
        rows = LearningDay.objects.filter(user_id=user_id, day__in=neighbours(changed))
        known = list(rows.annotate(changes=Subquery(of_total.values("changes"))))
        days = read_days(known)
        seconds = seconds.plus(_growth(days, add(days, waiting), changed))
        now = known[0].changes if known else of_total.values_list("changes", flat=True).first()
        if now != changes:
            # Changed while it was read: what was read may not belong together.
            return None
    return LearningTime(seconds.all, {key: found for key, found in seconds.of_course.items() if found}, rule.VERSION)


def _read_total(user_id: int, of_total: QuerySet[LearnerTotal]) -> tuple[Seconds, int | None]:
    """Return a learner's total and how often it changed; None for the latter where there is no total that holds."""
    # In one statement, so that the parts belong together.
    rows = list(
        CourseTotal.objects.filter(user_id=user_id).values_list(
            "course_key", "seconds", Subquery(of_total.values("seconds")), Subquery(of_total.values("changes"))
        )
    )
    if rows:
        _key, _seconds, total, changes = rows[0]
        return Seconds(total or 0, {course_key: seconds for course_key, seconds, *_ in rows}), changes
    found = of_total.first()
    # A total without courses is one of nothing.
    return Seconds(), found.changes if found and not found.seconds else None


def find_outdated(after: int = 0, limit: int = 500) -> Iterator[int]:
    """Return the user ids, above one, of learners with days and without a total that holds; in order."""
    while True:
        learners = LearningDay.objects.filter(user_id__gt=after).order_by("user_id")
        found = list(learners.values_list("user_id", flat=True).distinct()[:limit])
        holds = set(LearnerTotal.objects.filter(pk__in=found, rule_version=rule.VERSION).values_list("pk", flat=True))
        yield from (user_id for user_id in found if user_id not in holds)
        if len(found) < limit:
            return
        after = found[-1]


def count_changes(after: int, limit: int) -> dict[int, int]:
    """Return how often days of learners changed, of those with days and user ids above one; in order, as many."""
    learners = LearningDay.objects.filter(user_id__gt=after).order_by("user_id")
    found = list(learners.values_list("user_id", flat=True).distinct()[:limit])
    ensure(found)
    return dict(LearnerTotal.objects.filter(pk__in=found).order_by("pk").values_list("pk", "changes"))


def neighbours(changed: Collection[int]) -> set[int]:
    """Return the days whose evidence says what a change of some days changes. What counts depends on one day around."""
    return {day + off for day in changed for off in (-2, -1, 0, 1, 2)}


def _growth(before: Days, after: Days, changed: Collection[int]) -> Seconds:
    touched = {day + off for day in changed for off in (-1, 0, 1)}
    return _counted(after, touched).plus(_counted(before, touched), -1)


def _counted(days: Days, of_days: Collection[int]) -> Seconds:
    """Return how much counts on some days, by the evidence of these and those around them."""
    spans = union(Interval(day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY) for day in of_days)
    found = {
        course_key: _within(rule.active_intervals(evidence), spans) for course_key, evidence in by_course(days).items()
    }
    everything = union(interval for intervals in found.values() for interval in intervals)
    return Seconds(
        rule.total_seconds(everything),
        {course_key: rule.total_seconds(intervals) for course_key, intervals in found.items()},
    )


def _within(intervals: list[Interval], spans: list[Interval]) -> list[Interval]:
    return [piece for span in spans for piece in within(intervals, span.start, span.end)]


def _write(total: LearnerTotal, seconds: Seconds) -> None:
    total.seconds, total.rule_version, total.changes = seconds.all, rule.VERSION, total.changes + 1
    total.save(update_fields=["seconds", "rule_version", "changes"])
    wanted = {course_key: found for course_key, found in seconds.of_course.items() if found}
    changed, gone = [], []
    for row in CourseTotal.objects.filter(user_id=total.user_id):
        found = wanted.pop(row.course_key, 0)
        if not found:
            gone.append(row.pk)
        elif found != row.seconds:
            row.seconds = found
            changed.append(row)
    CourseTotal.objects.filter(pk__in=gone).delete()
    CourseTotal.objects.bulk_update(changed, ["seconds"], batch_size=200)
    CourseTotal.objects.bulk_create(
        [CourseTotal(user_id=total.user_id, course_key=key, seconds=found) for key, found in wanted.items()],
        batch_size=500,
    )
