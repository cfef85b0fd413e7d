"""What these tests share: moments, courses, tracking events as event-tracking hands them over, random evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Evidence, Interval, VideoAct, VideoPoint
from tests.conftest import NOW

NOON = int(NOW.timestamp())
TODAY = NOON // SECONDS_PER_DAY
MIDNIGHT = TODAY * SECONDS_PER_DAY

KNOTS = CourseKey.from_string("course-v1:Harbour+Knots+2026")
TIDES = CourseKey.from_string("course-v1:Harbour+Tides+2026")
UNIT = "block-v1:Harbour+Knots+2026+type@vertical+block@bowline"
SITE = "https://lms.harbour.example"


def event(
    name: Any,
    data: Any = None,
    *,
    user_id: Any = 7,
    course_id: Any = str(KNOTS),
    at: Any = NOW,
    **context: Any,
) -> dict[str, Any]:
    """Make a tracking event with the context that a request gives it."""
    return {
        "name": name,
        "timestamp": at,
        "data": {} if data is None else data,
        "context": {
            "user_id": user_id,
            "username": "ada",
            "session": "5e55102f",
            "ip": "192.0.2.7",
            "host": "lms.harbour.example",
            "agent": "Browser/1",
            "path": "/event",
            "referer": "",
            "accept_language": "en",
            "client_id": None,
            "course_id": course_id,
            "org_id": "Harbour",
            "enterprise_uuid": "",
            "event_source": "browser",
            "page": None,
            **context,
        },
    }


def moment(second: float) -> datetime:
    """Return the time of an epoch second."""
    return datetime.fromtimestamp(second, UTC)


def video_point(second: float, act: VideoAct, position: float = 0, **fields: int) -> VideoPoint:
    """Make a video event from seconds; fields are those of a VideoPoint."""
    given = {"session": 1, "video": 1, "duration": 6000} | fields
    if act is VideoAct.PAGE_CLOSE:
        return VideoPoint(round(second * 10), act, given["session"])
    return VideoPoint(at=round(second * 10), act=act, position=round(position * 10), **given)


def _moments(start: int, gaps: list[int], end: int) -> frozenset[int]:
    return frozenset(at for at in accumulate([start, *gaps]) if at < end)


GAPS = st.sampled_from([0, 1, 59, 60, 599, 600, 601]) | st.integers(0, 2000)


def points(first: int, end: int, max_size: int = 30) -> st.SearchStrategy[frozenset[int]]:
    """Give moments of acts within a span, many of them close to the limits of the rule."""
    return st.builds(_moments, st.integers(first, end - 1), st.lists(GAPS, max_size=max_size), st.just(end))


def video_points(first: int, end: int, sessions: tuple[int, ...] = (1, 2)) -> st.SearchStrategy[VideoPoint]:
    """Give video events within a span, of few videos and sessions."""

    def make(at: int, act: VideoAct, session: int, video: int, position: int, duration: int, speed: int) -> VideoPoint:
        if act is VideoAct.PAGE_CLOSE:
            return VideoPoint(at, act, session)
        return VideoPoint(at, act, session, video, position, duration, speed)

    return st.builds(
        make,
        st.integers(first * 10, end * 10 - 1),
        st.sampled_from(VideoAct),
        st.sampled_from(sessions),
        st.sampled_from([1, 2]),
        st.integers(0, 7000),
        st.sampled_from([0, 3000, 6000]),
        st.sampled_from([0, 50, 100, 200]),
    )


def beats(first: int, end: int, max_size: int = 6) -> st.SearchStrategy[tuple[Interval, ...]]:
    """Give asserted intervals within a span, in any order, some of which touch or overlap."""
    lengths = st.sampled_from([1, 30, 60]) | st.integers(1, 2000)
    one = st.builds(lambda start, long: Interval(start, min(start + long, end)), st.integers(first, end - 1), lengths)
    return st.lists(one, max_size=max_size).map(tuple)


def evidence(
    first: int = MIDNIGHT,
    end: int = MIDNIGHT + SECONDS_PER_DAY,
    sessions: tuple[int, ...] = (1, 2),
    *,
    with_beats: bool = False,
) -> st.SearchStrategy[Evidence]:
    """Give evidence within a span."""
    return st.builds(
        Evidence,
        points(first, end) | st.just(frozenset()),
        st.frozensets(video_points(first, end, sessions), max_size=12),
        beats(first, end) if with_beats else st.just(()),
    )


AROUND_MIDNIGHT = evidence(MIDNIGHT - 7200, MIDNIGHT + 7200, with_beats=True)
"""Evidence of two days that belong together."""
