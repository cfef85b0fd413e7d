"""The ways in which the LMS's own code emits an event."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from eventtracking import tracker
from opaque_keys.edx.keys import CourseKey

from demo.lms.tracking.contexts import course_context, course_context_from_url


def emit_for_course(name: str, data: dict[str, Any], course_key: CourseKey, **context: str) -> None:
    """Emit what server code does in a course. Only some emitters of the platform say ``event_source``."""
    with tracker.get_tracker().context(name, course_context(course_key) | context):
        tracker.emit(name, data)


def server_track(request: HttpRequest, name: str, data: str) -> None:
    """Emit the event of a request, which is named by its path."""
    context = {"username": request.user.get_username(), "event_source": "server", "page": None}
    with tracker.get_tracker().context("edx.course.server", context):
        tracker.emit(name, data)


def browser_track(request: HttpRequest, name: str, data: Any, *, page: str, course_id: str | None) -> None:
    """Emit what a script in the browser reported."""
    context: dict[str, str] = course_context_from_url(page, course_id) | {
        "username": request.user.get_username(),
        "event_source": "browser",
        "page": page,
    }
    with tracker.get_tracker().context("edx.course.browser", context):
        tracker.emit(name, data)
