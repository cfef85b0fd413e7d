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

from opaque_keys.edx.keys import CourseKey

SECONDS_PER_DAY = 86_400
TENTHS_PER_DAY = 10 * SECONDS_PER_DAY


class VideoAct(enum.IntEnum):
    """What a video event says. The numbers are part of the stored form: never reuse one."""

    PLAY = 1
    PAUSE = 2
    SEEK = 3
    STOP = 4
    SPEED = 5
    PAGE_CLOSE = 6


@dataclass(frozen=True, slots=True, order=True)
class VideoPoint:
    """
    A video event as it came, with nothing guessed.

    Attributes:
        at: the moment, in tenths of a second since 1970.
        session, video: 32-bit hashes of the browser session and of the video; ``video`` is 0 for
            ``PAGE_CLOSE``, which ends every video of its session.
        position: where in the video, in tenths of a second of media time.
        duration: length of the video in tenths of a second; 0 if unknown.
        speed: hundredths of normal speed; 0 if the event does not say.
    """

    at: int
    act: VideoAct
    session: int
    video: int
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
        unknown: sections of a stored form that is newer than this code, kept as they are, by day
            (epoch days) and tag.
    """

    points: frozenset[int] = frozenset()
    video: frozenset[VideoPoint] = frozenset()
    unknown: frozenset[tuple[int, int, bytes]] = frozenset()

    def __or__(self, other: Evidence) -> Evidence:
        """Unite with other evidence."""
        return Evidence(self.points | other.points, self.video | other.video, self.unknown | other.unknown)

    def by_day(self) -> dict[int, Evidence]:
        """Return the evidence apart by UTC day (days since 1970)."""
        points, video, unknown = defaultdict(set), defaultdict(set), defaultdict(set)
        for at in self.points:
            points[at // SECONDS_PER_DAY].add(at)
        for point in self.video:
            video[point.at // TENTHS_PER_DAY].add(point)
        for section in self.unknown:
            unknown[section[0]].add(section)
        return {
            day: Evidence(frozenset(points[day]), frozenset(video[day]), frozenset(unknown[day]))
            for day in points.keys() | video.keys() | unknown.keys()
        }

    @staticmethod
    def union(parts: Iterable[Evidence]) -> Evidence:
        """Unite any number of pieces of evidence."""
        pieces = list(parts)
        return Evidence(
            frozenset().union(*(p.points for p in pieces)),
            frozenset().union(*(p.video for p in pieces)),
            frozenset().union(*(p.unknown for p in pieces)),
        )


@dataclass(frozen=True, slots=True)
class Activity:
    """Evidence that one tracking event gives: of whom, and in which course run."""

    user_id: int
    course_key: CourseKey
    evidence: Evidence


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of time ``[start, end)`` in epoch seconds."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return self.end - self.start


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
