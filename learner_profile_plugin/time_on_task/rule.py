"""
The rule that turns evidence into learning time: pure, versioned, and nothing else.

A change of the rule or of its limits changes ``VERSION`` and re-derives every figure; it never
touches evidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from learner_profile_plugin.time_on_task.data import Evidence, Interval, Kind, VideoAct, VideoPoint, union

__all__ = ["LIMITS", "VERSION", "Limits", "active_intervals", "intervals_by_kind", "total_seconds", "union"]

VERSION = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """
    The limits of the rule, in seconds.

    Attributes:
        gap: two acts of a learner that lie at most this far apart are joined; what lies between
            longer silences does not count.
        open_play: how long a played video counts at most where nothing says when it ended.
        beat_reach: as near as this to an asserted interval, it is taken for certain that the page
            would have reported, had the learner been there; so silence is absence.
        turn: how long a learner waits for the next page. Between an act and its nearest neighbour,
            this much silence counts even where silence is absence. Both are to be below ``gap``.
    """

    gap: int = 10 * 60
    open_play: int = 60
    beat_reach: int = 90
    turn: int = 15


LIMITS = Limits()

NORMAL_SPEED = 100
UNKNOWN_DURATION = 2 * 60 * 60 * 10
"""Tenths of a second after which a video has ended, where no event tells its length."""
FORGOTTEN_AFTER = 12 * 60 * 60 * 10
"""
Tenths of a second after which it says nothing any more that a video was played, or at which speed.

So what counts of a day follows from the evidence of that day, the one before and the one after.
"""


def active_intervals(evidence: Evidence, limits: Limits = LIMITS) -> list[Interval]:
    """
    Return when the learner was learning, as disjoint intervals in order of time.

    An act on its own, with silence on both sides, proves a moment and no duration: it counts 0 seconds.
    """
    return union(interval for found in intervals_by_kind(evidence, limits).values() for interval in found)


def intervals_by_kind(evidence: Evidence, limits: Limits = LIMITS) -> dict[Kind, list[Interval]]:
    """Return what follows from each kind of evidence, each as disjoint intervals in order; they may overlap."""
    # A video event is an act as well, but for the closing of the page: the browser sends that by itself.
    video_acts = {point.at // 10 for point in evidence.video if point.act is not VideoAct.PAGE_CLOSE}
    return {
        Kind.BEATS: [*evidence.asserted],
        Kind.VIDEO: union(_played(evidence.video, evidence.asserted, limits)),
        Kind.ACTS: union(_joined(evidence.points | video_acts, evidence.asserted, limits)),
    }


def total_seconds(intervals: Iterable[Interval]) -> int:
    """Return the length of disjoint intervals in seconds."""
    return sum(interval.seconds for interval in intervals)


def _joined(acts: Iterable[int], asserted: Sequence[Interval], limits: Limits) -> Iterator[Interval]:
    """
    Yield the silences within the limit that count: those next to acts.

    An asserted interval ends a silence as an act does, but what lies between two of them is absence,
    unless an act out of their reach tells of a page that does not report.
    """
    things = sorted([*((at, at) for at in acts), *((interval.start, interval.end) for interval in asserted)])
    left: int | None = None
    since: list[int] = []
    for start, end in things:
        last = since[-1] if since else left
        if last is not None and start - last > limits.gap:
            yield from _silences(left, since, None, limits)
            left, since = None, []
        if start < end:
            yield from _silences(left, since, start, limits)
            left, since = end, []
        elif left is None or start > left:
            since.append(start)
    yield from _silences(left, since, None, limits)


def _silences(left: int | None, acts: list[int], right: int | None, limits: Limits) -> Iterator[Interval]:
    """Yield what counts between two asserted intervals, or beside one, or where there is none; all gaps are short."""
    if not acts:
        return
    ends = [at for at in (left, *acts, right) if at is not None]
    if any(_is_beyond(at, left, limits) and _is_beyond(at, right, limits) for at in acts):
        yield Interval(ends[0], ends[-1])
    else:
        yield from (Interval(at, later) for at, later in pairwise(ends) if later - at <= limits.turn)


def _is_beyond(at: int, end: int | None, limits: Limits) -> bool:
    return end is None or abs(at - end) > limits.beat_reach


def _played(video: Iterable[VideoPoint], asserted: Sequence[Interval], limits: Limits) -> Iterator[Interval]:
    """Yield the played stretches: from a play to what next happens to that video in that session."""
    closes: dict[int, list[VideoPoint]] = defaultdict(list)
    streams: dict[tuple[int, int], list[VideoPoint]] = defaultdict(list)
    for point in sorted(video):
        if point.act is VideoAct.PAGE_CLOSE:
            closes[point.session].append(point)
        else:
            streams[point.session, point.video].append(point)
    for (session, _), points in streams.items():
        closing = closes.get(session)
        for play, end in _stretches(sorted([*points, *closing]) if closing else points):
            if end is not None and end <= play.until:
                yield _whole_seconds(play.at, end)
            elif not _is_near(play.at // 10, asserted, limits.beat_reach):
                # Nothing told when it stopped. Where the page reports, that has not to be guessed.
                longest = play.at + limits.open_play * 10 if end is None else play.until
                yield _whole_seconds(play.at, min(longest, play.until))


@dataclass(frozen=True, slots=True)
class _Play:
    """A stretch that begins to play, until when the rest of its video can last, and when it was played (tenths)."""

    at: int
    until: int
    began: int


def _stretches(points: list[VideoPoint]) -> Iterator[tuple[_Play, int | None]]:
    """Yield the plays of one video in one session, each with the moment of what happened next; None if nothing did."""
    speed, said = NORMAL_SPEED, 0
    playing: _Play | None = None
    for point in points:
        if playing is not None:
            known = point.at - playing.at <= FORGOTTEN_AFTER
            yield playing, point.at if known else None
            if not known or point.at - playing.began > FORGOTTEN_AFTER:
                playing = None
        if point.speed:
            speed, said = point.speed, point.at
        elif point.at - said > FORGOTTEN_AFTER:
            speed = NORMAL_SPEED
        until = point.at + _media_left(point, speed)
        if point.act is VideoAct.PLAY:
            playing = _Play(point.at, until, point.at)
        elif point.act in (VideoAct.PAUSE, VideoAct.STOP, VideoAct.PAGE_CLOSE):
            playing = None
        elif playing is not None:
            # After a seek or at a new speed, it plays on from here.
            playing = _Play(point.at, until, playing.began)
    if playing is not None:
        yield playing, None


def _media_left(point: VideoPoint, speed: int) -> int:
    """Return how many tenths of a second the rest of the video can take at this speed."""
    if not point.duration:
        return UNKNOWN_DURATION
    return max(point.duration - point.position, 0) * NORMAL_SPEED // speed


def _is_near(at: int, asserted: Sequence[Interval], reach: int) -> bool:
    """Return whether a moment lies in an asserted interval, or within reach of one."""
    after = bisect_left(asserted, Interval(at, at))
    return any(
        interval.start - reach <= at <= interval.end + reach for interval in asserted[max(after - 1, 0) : after + 1]
    )


def _whole_seconds(start: int, end: int) -> Interval:
    """Return the interval between two moments in tenths; both ends are rounded alike, so none gains."""
    return Interval(start // 10, end // 10)
