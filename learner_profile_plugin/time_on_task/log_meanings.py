"""
What names, addresses and the events of players in a log mean, found out once and remembered.

It is ``events.read_event`` that says so, but for what is plain: that is read here, since a log holds
millions of lines and few different ones. Tests hold the two ways together.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from learner_profile_plugin.time_on_task import events
from learner_profile_plugin.time_on_task.activity_table import COUNTED, Meaning, is_request_of_learner
from learner_profile_plugin.time_on_task.data import VideoAct, VideoPoint
from learner_profile_plugin.time_on_task.log_lines import NotPlainError

MAX_REMEMBERED = 20_000
PLAIN_UNIT = re.compile(r"block-v1:([\w.-]+\+[\w.-]+\+[\w.-]+)\+type@[\w-]+\+block@[\w-]+", re.ASCII)
"""A key that tells of its course without being parsed, which takes ten times as long as all else."""
ANY_UNIT = "block-v1:Any+Course+Run+type@any+block@any"
SOMEBODY = 2**63 - 1
"""A number that no account has."""
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)

REQUEST = "a request of a learner, named by its path"
UNSURE = "what it is, the line has to tell once it is decoded"
"""Besides what an event is evidence of: what else is said of a name."""

LEFT_OUT = 0
"""What is said in place of a course that the filters leave out."""

Sense = Meaning | VideoAct | str
Address = tuple[str | None, str | None, str | None]
"""Path or page, course id and host of an event."""


class Meanings(dict[bytes, Sense | None]):
    """What an event is evidence of, by its name as it stands in the line; None if it is of nothing."""

    def __missing__(self, name: bytes) -> Sense | None:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        try:
            # Where there is no name, the type of the event tells. An escape may stand for anything.
            found = meaning_of(name.decode()) if name and b"\\" not in name else UNSURE
        except UnicodeDecodeError:
            found = UNSURE
        self[name] = found
        return found


class Courses(dict[Address, str | int | None]):
    """The course that an event belongs to, by where it comes from; None if that does not tell."""

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__()
        self._wanted = wanted

    def __missing__(self, origin: Address) -> str | int | None:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        address, course_id, host = origin
        course: str | int | None = _course(address or "", course_id, host)
        if course is not None and self._wanted and course not in self._wanted:
            course = LEFT_OUT
        self[origin] = course
        return course


def video_point(act: VideoAct, tenths: int, line: Any, told_by: Callable[[Any], Any]) -> VideoPoint | None:
    """Return the video point that ``read_event`` makes of a line; None where it makes an act of it."""
    if act is VideoAct.PAGE_CLOSE:
        return VideoPoint(tenths, act, hash_of(line.session))
    told = told_by(line.event)
    if told.module_id is not ...:
        # The platform logs it under another name; what did not come through the platform is read as it is there.
        raise NotPlainError
    video = told.id
    if not video or video is ...:
        return None
    if type(video) is not str:
        raise NotPlainError
    position = told.new_time if act is VideoAct.SEEK else told.currentTime
    if position is ... and act is not VideoAct.SEEK:
        position = told.current_time
    speed = told.speed if told.new_speed is ... else told.new_speed
    in_parts = events.in_parts
    return VideoPoint(
        tenths,
        act,
        hash_of(line.session),
        hash_of(video),
        in_parts(position, 10),
        in_parts(told.duration, 10),
        in_parts(speed, 100),
    )


@functools.lru_cache(MAX_REMEMBERED)
def hash_of(value: str | None) -> int:
    """Return what stands for the name of a session or a video in evidence."""
    return events.hashed(value)


def meaning_of(name: str) -> Sense | None:
    """Return what an event of this name is evidence of."""
    if not name.startswith("/"):
        return COUNTED.get(name)
    # Which block it is makes no difference, and there are very many of them.
    return REQUEST if _is_request_of_learner(PLAIN_UNIT.sub(ANY_UNIT, name)) else None


_is_request_of_learner = functools.lru_cache(MAX_REMEMBERED)(is_request_of_learner)


def _course(address: str, course_id: str | None, host: str | None) -> str | None:
    """Look where ``read_event`` does, in the same order, but for the event's own data."""
    unit = events.UNIT_PAGE.search(address)
    if unit is None:
        page = None if course_id else events.COURSE_PAGE.search(address)
        return _run("", page["course_key"] if page else course_id, host)
    plain = PLAIN_UNIT.fullmatch(unit["usage_key"])
    return _run("", f"course-v1:{plain[1]}", host) if plain else _run(address, course_id, host)


@functools.lru_cache(MAX_REMEMBERED)
def _run(page: str, course_id: str | None, host: str | None) -> str | None:
    """Ask ``read_event``; None also where nobody learns at this host."""
    context = {"user_id": SOMEBODY, "page": page, "course_id": course_id, "host": host}
    activity = events.read_event({"name": "page_close", "timestamp": ANY_TIME, "data": {}, "context": context})
    return str(activity.course_key) if activity else None
