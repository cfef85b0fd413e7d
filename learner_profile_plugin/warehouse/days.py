"""The active time of a learner, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, ActiveTime, Interval
from learner_profile_plugin.warehouse.data import ActiveDay, Days, Place, Span


def compact_evidence() -> None:
    """Unite all pending evidence with its days, without which nothing tells that a learner's days changed."""
    for user_id in time_on_task.get_learners_with_pending_evidence():
        while time_on_task.compact(user_id):
            pass


def days_of(active: ActiveTime, actor_id: str) -> Days:
    """Return the days on which anything counts."""
    spans: dict[Place, list[Span]] = defaultdict(list)
    for course_key, kinds in active.by_course.items():
        course = str(course_key)
        for kind, intervals in kinds.items():
            for interval in intervals:
                for day, start, end in _by_day(interval):
                    spans[Place(course, actor_id, day)].append(Span(start, end, kind.value))
    return {place: ActiveDay(tuple(sorted(found)), active.rule_version) for place, found in spans.items()}


def _by_day(interval: Interval) -> Iterator[tuple[int, int, int]]:
    """Yield an interval split at midnight (UTC): the day, and from when to when on it; nothing of an empty one."""
    for day in range(interval.start // SECONDS_PER_DAY, (interval.end - 1) // SECONDS_PER_DAY + 1):
        start, end = max(interval.start, day * SECONDS_PER_DAY), min(interval.end, (day + 1) * SECONDS_PER_DAY)
        if start < end:
            yield day, start, end
