"""
Evidence of learning and what follows from it, as plain values.

Evidence is a set: uniting it twice, or in another order, changes nothing. Moments are counted from
1970 (UTC) and rounded down: those of acts and of intervals to whole seconds, those of video events
to tenths, since a pause and the next play often lie within one second and their order matters.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from opaque_keys.edx.keys import CourseKey

SECONDS_PER_DAY = 86_400
TENTHS_PER_DAY = 10 * SECONDS_PER_DAY
MAX_PLAYER_VALUE = 10_000_000
"""The largest position, duration and speed of a video that is kept."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of time ``[start, end)`` in epoch seconds."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return self.end - self.start


START = attrgetter("start")


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union of intervals as disjoint intervals in order; those that touch become one, empty ones vanish."""
    merged: list[Interval] = []
    for interval in sorted(intervals, key=START):
        if interval.end <= interval.start:
            continue
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def within(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """Return what of disjoint intervals lies between two moments."""
    return [
        Interval(max(interval.start, start), min(interval.end, end))
        for interval in intervals
        if max(interval.start, start) < min(interval.end, end)
    ]


class VideoAct(enum.IntEnum):
    """What a video event says. The numbers are part of the stored form: never reuse one."""

    PLAY = 1
    PAUSE = 2
    SEEK = 3
    STOP = 4
    SPEED = 5
    PAGE_CLOSE = 6

    # That of an Enum is of its name, and takes ten times as long; points are mostly put into sets.
    __hash__ = int.__hash__


class VideoPoint(NamedTuple):
    """
    A video event as it came, with nothing guessed. Points are in the order of their fields.

    Attributes:
        at: the moment, in tenths of a second since 1970.
        session, video: 16-bit hashes of the browser session and of the video. ``PAGE_CLOSE``, which
            ends every video of its session, has no video, and 0 in all that follows.
        position: where in the video, in tenths of a second of media time.
        duration: length of the video in tenths of a second; 0 if unknown.
        speed: hundredths of normal speed; 0 if the event does not say.
    """

    at: int
    act: VideoAct
    session: int
    video: int = 0
    position: int = 0
    duration: int = 0
    speed: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What is known of a learner in a course, over any span of time.

    Attributes:
        points: moments at which the learner did something, other than with a video.
        video: what the learner did with videos.
        asserted: when a page of the course reported that the learner was at it (beats), as disjoint
            intervals in order; given in any other form, they are brought into this one.
        unknown: sections of a stored form that is newer than this code, kept as they are, by day
            (epoch days) and tag.
    """

    points: frozenset[int] = frozenset()
    video: frozenset[VideoPoint] = frozenset()
    asserted: tuple[Interval, ...] = ()
    unknown: frozenset[tuple[int, int, bytes]] = frozenset()

    def __post_init__(self) -> None:
        if self.asserted:
            object.__setattr__(self, "asserted", tuple(union(self.asserted)))

    def __or__(self, other: Evidence) -> Evidence:
        """Unite with other evidence."""
        return Evidence.union([self, other])

    @staticmethod
    def asserting(intervals: Iterable[Interval]) -> Evidence:
        """Return evidence of intervals alone."""
        return Evidence(asserted=tuple(intervals))

    @staticmethod
    def union(parts: Iterable[Evidence]) -> Evidence:
        """Unite any number of pieces of evidence."""
        pieces = list(parts)
        return Evidence(
            frozenset().union(*(p.points for p in pieces)),
            frozenset().union(*(p.video for p in pieces)),
            tuple(interval for p in pieces for interval in p.asserted),
            frozenset().union(*(p.unknown for p in pieces)),
        )

    def by_day(self) -> dict[int, Evidence]:
        """Return the evidence apart by UTC day (days since 1970); what is asserted over midnight is split there."""
        points, video, unknown = defaultdict(set), defaultdict(set), defaultdict(set)
        asserted: dict[int, list[Interval]] = defaultdict(list)
        for at in self.points:
            points[at // SECONDS_PER_DAY].add(at)
        for point in self.video:
            video[point.at // TENTHS_PER_DAY].add(point)
        for interval in self.asserted:
            for day in range(interval.start // SECONDS_PER_DAY, (interval.end - 1) // SECONDS_PER_DAY + 1):
                asserted[day] += within([interval], day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY)
        for section in self.unknown:
            unknown[section[0]].add(section)
        return {
            day: Evidence(frozenset(points[day]), frozenset(video[day]), tuple(asserted[day]), frozenset(unknown[day]))
            for day in points.keys() | video.keys() | asserted.keys() | unknown.keys()
        }


@dataclass(frozen=True, slots=True)
class Activity:
    """Evidence of one learner in one course run, as an event or a beat gives it."""

    user_id: int
    course_key: CourseKey
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class LearningTime:
    """
    A learner's measured time.

    Attributes:
        seconds: the time over all courses; time in two courses at once counts once.
        by_course: the time in each course on its own, so these may add up to more than ``seconds``.
        rule_version: which version of the rule gave these figures.
    """

    seconds: int
    by_course: dict[CourseKey, int] = field(default_factory=dict)
    rule_version: int = 0


class Kind(enum.Enum):
    """What a stretch of learning time follows from."""

    BEATS = "beats"
    VIDEO = "video"
    ACTS = "acts"


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """
    When a learner was learning.

    Attributes:
        by_course: for each course run that there is any evidence of, what follows from each kind of it,
            as disjoint intervals in order; those of different kinds may overlap.
        rule_version: which version of the rule gave them.
    """

    by_course: dict[CourseKey, dict[Kind, list[Interval]]]
    rule_version: int


@dataclass(frozen=True, slots=True)
class LearningSession:
    """
    A part of a learner's time: what lies between two long silences.

    Attributes:
        start, end: its first and its last moment, in epoch seconds.
        seconds: what of it counts; short silences may lie in between that do not.
        by_course: what of it counts in each course on its own; these may add up to more than ``seconds``.
        kinds: what it follows from.
    """

    start: int
    end: int
    seconds: int
    by_course: dict[CourseKey, int]
    kinds: frozenset[Kind]
