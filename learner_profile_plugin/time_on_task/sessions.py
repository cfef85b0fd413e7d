"""What a figure consists of: the sessions behind it, which add up to it exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import Evidence, Interval, Kind, LearningSession, union


def sessions_of(evidence: Mapping[CourseKey, Evidence], limits: rule.Limits = rule.LIMITS) -> list[LearningSession]:
    """Return the sessions of a learner in order of time. A silence longer than the limit lies between any two."""
    kinds = {course_key: rule.intervals_by_kind(found, limits) for course_key, found in evidence.items()}
    by_course = {course_key: union(_all(found)) for course_key, found in kinds.items()}
    groups = _grouped(union(_all(by_course)), limits.gap)
    starts = [group[0].start for group in groups]
    seconds: list[dict[CourseKey, int]] = [defaultdict(int) for _ in groups]
    found_kinds: list[set[Kind]] = [set() for _ in groups]
    for course_key, intervals in by_course.items():
        for interval in intervals:
            seconds[bisect_right(starts, interval.start) - 1][course_key] += interval.seconds
        for kind, of_kind in kinds[course_key].items():
            for interval in of_kind:
                found_kinds[bisect_right(starts, interval.start) - 1].add(kind)
    return [
        LearningSession(
            start=group[0].start,
            end=group[-1].end,
            seconds=rule.total_seconds(group),
            by_course=dict(seconds[number]),
            kinds=frozenset(found_kinds[number]),
        )
        for number, group in enumerate(groups)
    ]


def _all(lists: Mapping[Any, Iterable[Interval]]) -> Iterable[Interval]:
    return (interval for intervals in lists.values() for interval in intervals)


def _grouped(intervals: Iterable[Interval], gap: int) -> list[list[Interval]]:
    """Return disjoint intervals in groups, between which silence is longer than the gap."""
    groups: list[list[Interval]] = []
    for interval in intervals:
        if groups and interval.start - groups[-1][-1].end <= gap:
            groups[-1].append(interval)
        else:
            groups.append([interval])
    return groups
