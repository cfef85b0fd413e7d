"""
The reading of one tracking event: what evidence it gives, of whom, when and in which course run.

An event counts where a learner did something in a course themself; see ``activity_table``. Studio's
events, those of jobs and anonymous ones never count.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator

from learner_profile_plugin.time_on_task.activity_table import COUNTED, NO_LEARNER, Meaning, is_request_of_learner
from learner_profile_plugin.time_on_task.data import (
    MAX_PLAYER_VALUE,
    TENTHS_PER_DAY,
    Activity,
    Evidence,
    VideoAct,
    VideoPoint,
)

UNIT_PAGE = re.compile(r"/xblock/(?P<usage_key>(?:ccx-)?block-v1:[^/?#]+|i4x:(?://|;_;_)[^?#]+)")
COURSE_PAGE = re.compile(r"/courses?/(?P<course_key>course-v1:[^/?#]+|ccx-v1:[^/?#]+|[^/?#]+/[^/?#]+/[^/?#]+)")

CLOCKS_AGREE = timedelta(minutes=5)
"""How far a device's clock may be ahead of the moment at which its event arrived."""
OFFLINE_FOR = timedelta(days=30)
"""How late an event of a device may arrive."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_COURSE_KEY = 255
MAX_KEYS = 4096
"""How many keys are remembered as they were parsed, which takes longer than all else about an event."""


def read_event(event: Mapping[str, Any]) -> Activity | None:
    """
    Return the evidence that a raw tracking event gives; None if it gives none.

    ``event`` is what event-tracking hands to a backend that stands beside ``tracking_logs``: name,
    timestamp, data and context. It is only read. A malformed event gives None, or raises what
    Python does where a value is of a wrong kind.
    """
    name = event.get("name") or ""
    meaning = COUNTED.get(name)
    if meaning is None:
        if not is_request_of_learner(name):
            return None
        meaning = Meaning.ACT
    context = event.get("context") or {}
    data = data_of(event)
    user_id = _user_id(context, data)
    if user_id is None or context.get("event_source") in NO_LEARNER or _is_studio(context):
        return None
    course_key = _course_key(name, context, data)
    if course_key is None:
        return None
    return Activity(user_id, course_key, _evidence(meaning, _moment(event["timestamp"], context), context, data))


def _evidence(
    meaning: Meaning | VideoAct, moment: datetime, context: Mapping[str, Any], data: Mapping[str, Any]
) -> Evidence:
    tenths = in_tenths(moment)
    if meaning is VideoAct.PAGE_CLOSE:
        return Evidence(video=frozenset({VideoPoint(tenths, meaning, hashed(context.get("session")))}))
    video = _video(data)
    if not isinstance(meaning, VideoAct) or not video:
        return Evidence(points=frozenset({tenths // 10}))
    position = data.get("new_time") if meaning is VideoAct.SEEK else data.get("currentTime", data.get("current_time"))
    point = VideoPoint(
        at=tenths,
        act=meaning,
        session=hashed(context.get("session")),
        video=hashed(video),
        position=in_parts(position, 10),
        duration=in_parts(data.get("duration"), 10),
        speed=in_parts(data.get("new_speed", data.get("speed")), 100),
    )
    return Evidence(video=frozenset({point}))


def _video(data: Mapping[str, Any]) -> Any:
    """
    Return what a video is called. Mobile apps name its block, of which the platform logs what a page calls it.

    Platform: common/djangoapps/track/views/segmentio.py and transformers.py (VideoEventTransformer).
    """
    module_id = data.get("module_id")
    if not module_id:
        return data.get("id")
    try:
        return _html_id(str(module_id))
    except InvalidKeyError:
        return data.get("id")


@functools.lru_cache(MAX_KEYS)
def _html_id(usage_key: str) -> str:
    return UsageKey.from_string(usage_key).html_id()  # type: ignore[attr-defined,no-any-return] # of every kind of key


def data_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data of an event, which browsers send as text; nothing where it is no object."""
    data = event.get("data")
    if isinstance(data, str) and data.startswith("{"):
        try:
            data = json.loads(data)
        except ValueError:
            return {}
    return data if isinstance(data, Mapping) else {}


def _user_id(context: Mapping[str, Any], data: Mapping[str, Any]) -> int | None:
    """Return who acted; None for nobody, and where somebody acted upon another learner."""
    actor = number_in(context.get("user_id"))
    learners = (number_in(data.get("user_id")), number_in(data.get("attempt_user_id")))
    return actor if all(learner in (None, actor) for learner in learners) else None


def _is_studio(context: Mapping[str, Any]) -> bool:
    return str(context.get("host") or "").startswith("studio.")


def _course_key(name: str, context: Mapping[str, Any], data: Mapping[str, Any]) -> CourseKey | None:
    """Return the course run: from the unit, from the context, or from the address; None without a run."""
    address = name if name.startswith("/") else context.get("page") or ""
    try:
        unit = UNIT_PAGE.search(address)
        key = _run_of_unit(unit["usage_key"]) if unit else None
        if key is None:
            page = COURSE_PAGE.search(address)
            found = context.get("course_id") or (page and page["course_key"]) or data.get("course_id")
            key = _run(found) if found else None
    except InvalidKeyError:
        return None
    return key


@functools.lru_cache(MAX_KEYS)
def _run_of_unit(usage_key: str) -> CourseLocator | None:
    return _kept(UsageKey.from_string(usage_key.replace(";_", "/")).course_key)


@functools.lru_cache(MAX_KEYS)
def _run(course_key: str) -> CourseLocator | None:
    return _kept(CourseKey.from_string(course_key))


def _kept(key: CourseKey) -> CourseLocator | None:
    """Return a key that can be kept, or None if it has no run. Raises InvalidKeyError for others."""
    if isinstance(key, CourseLocator) and not key.run:
        return None
    if not isinstance(key, CourseLocator) or len(str(key)) > MAX_COURSE_KEY:
        raise InvalidKeyError(CourseLocator, key)
    return key


def _moment(timestamp: datetime | str, context: Mapping[str, Any]) -> datetime:
    """
    Return when it happened, by the clock of the server where there is only that.

    An event of a mobile app has the clock of the device, as its time in a log and in its context
    while it is live, and the moment of its arrival. A device that claims what cannot be is not
    believed: its event counts at its arrival.
    """
    moment = _aware(context.get("timestamp") or timestamp)
    if context.get("received_at"):
        arrived = _aware(context["received_at"])
    elif context.get("timestamp"):
        arrived = _aware(timestamp)
    else:
        return moment
    return moment if arrived - OFFLINE_FOR <= moment <= arrived + CLOCKS_AGREE else arrived


def _aware(timestamp: datetime | str) -> datetime:
    moment = datetime.fromisoformat(timestamp) if isinstance(timestamp, str) else timestamp
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def in_tenths(moment: datetime) -> int:
    """Return a moment, which has a zone, in tenths of a second since 1970, rounded down."""
    since = moment - EPOCH
    return since.days * TENTHS_PER_DAY + since.seconds * 10 + since.microseconds // 100_000


def number_in(value: object) -> int | None:
    """Return an id, as a number or in digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def in_parts(value: object, factor: int) -> int:
    """Return a number of the player's in whole parts, within bounds; 0 where it sent none."""
    if value is None or value is ...:
        return 0
    try:
        parts = int(float(value) * factor)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0
    return parts if 0 <= parts <= MAX_PLAYER_VALUE else min(max(parts, 0), MAX_PLAYER_VALUE)


def hashed(value: object) -> int:
    """Return the 16 bits by which sessions and videos of one day are told apart."""
    return int.from_bytes(hashlib.blake2b(str(value or "").encode(), digest_size=2).digest(), "big")
