"""Tracking logs for tests: the form in which the LMS logs an event, and random events of learners."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task.activity_table import MEANINGS
from learner_profile_plugin.time_on_task.models import (
    CourseTotal,
    ImportedLog,
    LearnerTotal,
    LearningDay,
    PendingEvidence,
)
from tests.conftest import NOW
from tests.time_on_task.material import KNOTS, SITE, TIDES, UNIT, event

MOVED = ("username", "session", "ip", "agent", "host", "referer", "accept_language")
UNIT_PAGE = f"{SITE}/xblock/{UNIT}?show_title=0&view=student_view"
HANDLER = f"/courses/{KNOTS}/xblock/{UNIT}/handler/xmodule_handler"


def logged(emitted: dict[str, Any]) -> dict[str, Any]:
    """
    Return the form in which an event is logged.

    As the LMS's LegacyFieldMappingProcessor does it (common/djangoapps/track/shim.py).
    """
    context = dict(emitted["context"])
    line: dict[str, Any] = {"name": emitted["name"], "context": context}
    line |= {field: context.pop(field, "") for field in MOVED}
    context.pop("client_id", None)
    data = emitted["data"]
    from_browser = context.get("event_source") == "browser" and isinstance(data, dict)
    line["event"] = json.dumps(data) if from_browser else data
    line["time"] = context.pop("timestamp", emitted["timestamp"])
    line["event_type"] = context.pop("event_type", emitted["name"])
    line["event_source"] = context.pop("event_source", "server")
    line["page"] = context.pop("page", None)
    return line


def written(line: dict[str, Any]) -> bytes:
    """Return a line as the LMS writes it, without its end."""
    return json.dumps(line, default=_time).encode()


def _time(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat()


def write(path: Path, *lines: bytes) -> Path:
    """Write lines to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def clear() -> None:
    """Forget all evidence and all that was imported."""
    for model in (LearnerTotal, CourseTotal, PendingEvidence, LearningDay, ImportedLog):
        model.objects.all().delete()


def stored() -> dict[tuple[int, str, int], bytes]:
    """Return all that is stored of days."""
    rows = LearningDay.objects.values_list("user_id", "course_key", "day", "evidence")
    return {(user_id, str(course), day): bytes(form) for user_id, course, day, form in rows}


SOURCES = st.sampled_from(["browser", "browser", "server", "server", "mobile", "task"])
TEXTS = st.sampled_from(["", "bowline", "Kreuzknoten über Kopf", "結び目", '"quoted" \\ and \u2028 more'])
NUMBERS = st.sampled_from([None, 0, 12, 12.3, 3599.999, "7.25", "x", -4, 1e12, True])
DATA = st.fixed_dictionaries(
    {},
    optional={
        "id": TEXTS | st.sampled_from([None, 5, ["a"]]),
        "code": TEXTS,
        "currentTime": NUMBERS,
        "current_time": NUMBERS,
        "new_time": NUMBERS,
        "duration": NUMBERS,
        "speed": NUMBERS,
        "new_speed": NUMBERS,
        "module_id": st.just(UNIT),
        "course_id": st.sampled_from([str(TIDES), "", None]),
    },
)
PATHS = (
    f"/xblock/{UNIT}",
    f"/xblock/{UNIT.replace('bowline', 'Schlüssel')}",
    f"{HANDLER}/problem_check",
    f"{HANDLER}/save_user_state",
    f"/courses/{KNOTS}/courseware/week-1/",
    f"/courses/{KNOTS}/about",
    "/xblock/nothing",
    "/dashboard",
)
NAMES = st.sampled_from(["play_video", "pause_video", "seek_video", "page_close", "problem_check", *PATHS, *MEANINGS])
COURSES = st.sampled_from([str(KNOTS), str(TIDES), "", None, "no course", "Harbour/Knots/2026"])
PAGES = st.sampled_from(
    [
        None,
        "",
        UNIT_PAGE,
        f"{SITE}/courses/{TIDES}/course/",
        f"{SITE}/learning/course/{KNOTS}/home",
        f"{SITE}/dashboard",
    ]
)
# Around noon and around midnight, so that some fall on the same second and others on another day.
MOMENTS = st.builds(
    lambda hours, tenth, micro: NOW + timedelta(hours=hours, microseconds=tenth * 100_000 + micro),
    st.sampled_from([0, 12, 36]),
    st.integers(-40, 40),
    st.sampled_from([0, 1, 99_999]),
)


@st.composite
def emitted(draw: st.DrawFn, learners: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """Give an event as the LMS emits it: of one of these learners, of a stranger or of nobody."""
    user_id, username = draw(st.sampled_from([*learners, *learners, (987_654, "stranger"), (None, "")]))
    others = [None, user_id, str(user_id), 987_655, "", True]
    data: Any = draw(DATA)
    named = draw(st.sampled_from(others)) if draw(st.booleans()) else ...
    if named is not ...:
        data |= {draw(st.sampled_from(["user_id", "user_id", "attempt_user_id"])): named}
    source = draw(SOURCES)
    if draw(st.integers(0, 5)) == 0:
        data = draw(
            st.sampled_from(["input_2_1=choice", json.dumps(data), '{"GET": {}, "POST": {"x": ', "", None, [1]])
        )
    at = draw(MOMENTS)
    context: dict[str, Any] = {"event_source": source} if draw(st.booleans()) or source != "server" else {}
    if source == "mobile":
        context |= {"timestamp": at + timedelta(days=draw(st.sampled_from([0, 0, -1, -40, 2]))), "received_at": at}
    found = event(
        draw(NAMES),
        data,
        user_id=user_id,
        course_id=draw(COURSES),
        at=at,
        **{
            "username": username,
            "session": draw(TEXTS),
            "page": draw(PAGES),
            "host": draw(st.sampled_from(["lms.harbour.example", "studio.harbour.example", ""])),
        }
        | context,
    )
    if "event_source" not in context:
        del found["context"]["event_source"]
    return found


def import_logs(*arguments: object, **options: Any) -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command(
        "learner_profile_import_tracking_logs", *map(str, arguments), stdout=out, stderr=out, no_color=True, **options
    )
    return out.getvalue()
