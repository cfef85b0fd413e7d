"""
What counts as activity: one table of tracking events, and the reading of one event.

An event counts where a learner did something in a course themself. What others or jobs do to a
learner (grading, certificates, enrolment), Studio's events and anonymous ones never count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator

from learner_profile_plugin.time_on_task.data import Activity, Evidence, VideoAct, VideoPoint

ACTS = frozenset(
    {
        # Finding one's way through a course.
        "edx.ui.lms.sequence.next_selected",
        "edx.ui.lms.sequence.previous_selected",
        "edx.ui.lms.sequence.tab_selected",
        "edx.ui.lms.outline.selected",
        "edx.ui.lms.jump_nav.selected",
        "edx.ui.lms.link_clicked",
        "edx.course.home.resume_course.clicked",
        "edx.course.tool.accessed",
        # Working on problems.
        "problem_check",
        "problem_save",
        "problem_reset",
        "problem_show",
        "showanswer",
        "edx.problem.hint.demandhint_displayed",
        "edx.grades.problem.submitted",
        "edx.completion.block_completion.changed",
        # Around a video, apart from playing it.
        "load_video",
        "edx.video.loaded",
        "show_transcript",
        "edx.video.transcript.shown",
        "hide_transcript",
        "edx.video.transcript.hidden",
        "edx.video.closed_captions.shown",
        "edx.video.closed_captions.hidden",
        "video_show_cc_menu",
        "video_hide_cc_menu",
        # Discussing.
        *(
            f"edx.forum.{thing}.{deed}"
            for thing in ("thread", "response", "comment")
            for deed in ("created", "edited", "deleted", "viewed", "voted", "reported", "unreported")
        ),
        "edx.forum.searched",
        # Taking exams.
        *(
            f"edx.special_exam.{kind}.attempt.{deed}"
            for kind in ("timed", "practice", "proctored")
            for deed in ("created", "started", "ready_to_submit", "submitted")
        ),
    }
)

VIDEO_ACTS = {
    "play_video": VideoAct.PLAY,
    "edx.video.played": VideoAct.PLAY,
    "pause_video": VideoAct.PAUSE,
    "edx.video.paused": VideoAct.PAUSE,
    "seek_video": VideoAct.SEEK,
    "edx.video.position.changed": VideoAct.SEEK,
    "stop_video": VideoAct.STOP,
    "edx.video.stopped": VideoAct.STOP,
    "complete_video": VideoAct.STOP,
    "edx.video.completed": VideoAct.STOP,
    "speed_change_video": VideoAct.SPEED,
    "edx.video.speed.changed": VideoAct.SPEED,
}

PAGE_CLOSE = "page_close"

# The LMS tells of every request by an event named by its path. These paths are a learner's own:
# the page of a unit, and what a block on it sends back.
UNIT_PAGE = re.compile(r"/xblock/(?P<usage_key>(?:ccx-)?block-v1:[^/?#]+|i4x://[^?#]+)")
COURSE_PAGE = re.compile(r"/courses?/(?P<course_key>course-v1:[^/?#]+|ccx-v1:[^/?#]+|[^/?#]+/[^/?#]+/[^/?#]+)")


def read_event(event: Mapping[str, Any]) -> Activity | None:
    """
    Return the evidence that a raw tracking event gives; None if it gives none.

    ``event`` is what event-tracking hands to a backend that stands beside ``tracking_logs``: name,
    timestamp, data and context. It is only read. A malformed event gives None, or raises what
    Python does where a value is of a wrong kind.
    """
    name = event.get("name") or ""
    if name.startswith("/"):
        if not (name.startswith("/xblock/") or "/handler/" in name):
            return None
    elif name not in ACTS and name not in VIDEO_ACTS and name != PAGE_CLOSE:
        return None
    context = event.get("context") or {}
    data = _data(event)
    user_id = _user_id(context, data)
    course_key = _course_key(name, context)
    if user_id is None or course_key is None:
        return None
    return Activity(user_id, course_key, _evidence(name, _moment(event["timestamp"]), context, data))


def _evidence(name: str, moment: datetime, context: Mapping[str, Any], data: Mapping[str, Any]) -> Evidence:
    tenths = int(moment.timestamp() * 10)
    session = _hash(context.get("session"))
    if name == PAGE_CLOSE:
        # Leaving is no act: it only ends what was being played.
        return Evidence(video=frozenset({VideoPoint(tenths, VideoAct.PAGE_CLOSE, session, 0)}))
    act = VIDEO_ACTS.get(name)
    if act is None or not data.get("id"):
        return Evidence(points=frozenset({tenths // 10}))
    position = data.get("new_time") if act is VideoAct.SEEK else data.get("currentTime", data.get("current_time"))
    point = VideoPoint(
        at=tenths,
        act=act,
        session=session,
        video=_hash(data["id"]),
        position=_in_parts(position, 10),
        duration=_in_parts(data.get("duration"), 10),
        speed=_in_parts(data.get("new_speed", data.get("speed")), 100),
    )
    return Evidence(video=frozenset({point}))


def _data(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = event.get("data")
    if isinstance(data, str) and data.startswith("{"):
        try:
            data = json.loads(data)
        except ValueError:
            return {}
    return data if isinstance(data, Mapping) else {}


def _user_id(context: Mapping[str, Any], data: Mapping[str, Any]) -> int | None:
    """Return who acted; None for nobody, and where somebody acted upon another learner."""
    actor, learner = _number(context.get("user_id")), _number(data.get("user_id"))
    return actor if learner in (None, actor) else None


def _course_key(name: str, context: Mapping[str, Any]) -> CourseKey | None:
    """Return the course run: from the unit, from the context, or from the address; None without a run."""
    address = name if name.startswith("/") else context.get("page") or ""
    try:
        unit = UNIT_PAGE.search(address)
        key = UsageKey.from_string(unit["usage_key"]).course_key if unit else None
        if key is None or not key.run:
            page = COURSE_PAGE.search(address)
            found = context.get("course_id") or (page and page["course_key"])
            key = CourseKey.from_string(found) if found else None
    except InvalidKeyError:
        return None
    return key if isinstance(key, CourseLocator) and key.run and len(str(key)) <= MAX_COURSE_KEY else None


MAX_COURSE_KEY = 255


def _moment(timestamp: datetime | str) -> datetime:
    moment = datetime.fromisoformat(timestamp) if isinstance(timestamp, str) else timestamp
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def _in_parts(value: object, factor: int) -> int:
    """Return a number of the player's in whole parts, within bounds; 0 where it sent none."""
    try:
        return min(max(int(float(value) * factor), 0), MAX_PLAYER_VALUE)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0


MAX_PLAYER_VALUE = 10_000_000


def _hash(value: object) -> int:
    return int.from_bytes(hashlib.blake2b(str(value or "").encode(), digest_size=4).digest(), "big")
