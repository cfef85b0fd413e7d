"""
The rule that turns evidence into learning time: pure, versioned, and nothing else.

A change of the rule or of its limits changes ``VERSION`` and re-derives every figure; it never
touches evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learner_profile_plugin.time_on_task.data import Evidence, Interval, VideoAct, VideoPoint

VERSION = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """
    The limits of the rule.

    Attributes:
        gap: two acts of a learner that lie at most this many seconds apart are joined; what lies
            between longer silences does not count.
        open_play: how many seconds a played video counts at most where nothing says when it ended.
    """

    gap: int = 30 * 60
    open_play: int = 60


LIMITS = Limits()

NORMAL_SPEED = 100
UNKNOWN_DURATION = 2 * 60 * 60 * 10
"""Tenths of a second after which a video has ended, where no event tells its length."""


def active_intervals(evidence: Evidence, limits: Limits = LIMITS) -> list[Interval]:
    """
    Return when the learner was learning, as disjoint intervals in order of time.

    It is the union of the runs of acts and of the played stretches of video. An act on its own, with
    silence on both sides, proves a moment and no duration: it counts 0 seconds.
    """
    # A video event is an act as well, but for the closing of the page: the browser sends that by itself.
    video_acts = {point.at // 10 for point in evidence.video if point.act is not VideoAct.PAGE_CLOSE}
    return union([*_runs(evidence.points | video_acts, limits.gap), *_played(evidence.video, limits.open_play)])


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union of intervals as disjoint intervals in order; empty ones vanish."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.seconds <= 0:
            continue
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def total_seconds(intervals: Iterable[Interval]) -> int:
    """Return the length of disjoint intervals in seconds."""
    return sum(interval.seconds for interval in intervals)


def _runs(points: Iterable[int], gap: int) -> Iterator[Interval]:
    """Yield the stretches between acts whose gaps are within the limit."""
    start = last = None
    for at in sorted(points):
        if start is None or last is None or at - last > gap:
            if start is not None and last is not None:
                yield Interval(start, last)
            start = at
        last = at
    if start is not None and last is not None:
        yield Interval(start, last)


def _played(video: Iterable[VideoPoint], open_play: int) -> Iterator[Interval]:
    """Yield the played stretches: from a play to what next happens to that video in that session."""
    closes: dict[int, list[VideoPoint]] = defaultdict(list)
    streams: dict[tuple[int, int], list[VideoPoint]] = defaultdict(list)
    for point in sorted(video):
        if point.act is VideoAct.PAGE_CLOSE:
            closes[point.session].append(point)
        else:
            streams[point.session, point.video].append(point)
    for (session, _), points in streams.items():
        yield from _stretches(sorted([*points, *closes[session]]), open_play)


def _stretches(points: list[VideoPoint], open_play: int) -> Iterator[Interval]:
    """Yield the played stretches of one video in one session."""
    speed = NORMAL_SPEED
    playing: VideoPoint | None = None
    for point in points:
        if playing is not None:
            yield _whole_seconds(playing.at, min(point.at, playing.at + _media_left(playing, speed)))
        speed = point.speed or speed
        if point.act is VideoAct.PLAY:
            playing = point
        elif point.act in (VideoAct.PAUSE, VideoAct.STOP, VideoAct.PAGE_CLOSE):
            playing = None
        elif playing is not None:
            # A seek or a new speed goes on playing from here.
            playing = point
    if playing is not None:
        yield _whole_seconds(playing.at, playing.at + min(open_play * 10, _media_left(playing, speed)))


def _media_left(point: VideoPoint, speed: int) -> int:
    """Return how many tenths of a second the rest of the video can take at this speed."""
    if not point.duration:
        return UNKNOWN_DURATION
    return max(point.duration - point.position, 0) * NORMAL_SPEED // speed


def _whole_seconds(start: int, end: int) -> Interval:
    """Return the interval between two moments in tenths; both ends are rounded alike, so none gains."""
    return Interval(start // 10, end // 10)
