"""
Every request is a tracking event, and sets the context of the events that happen in it.

So it is in the LMS: a request that is not among TRACKING_IGNORE_URL_PATTERNS makes an event whose name is the path and
whose data is a text that holds what was posted. A plugin must not keep that text.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from eventtracking import tracker

from demo.lms.tracking.contexts import course_context_from_url
from demo.lms.tracking.emission import server_track

log = logging.getLogger(__name__)

CONTEXT_NAME = "edx.request"
MAX_DATA = 512
CENSORED = (
    "password",
    "newpassword",
    "new_password",
    "oldpassword",
    "old_password",
    "new_password1",
    "new_password2",
)


class TrackMiddleware:
    """Enters the request's context, emits its event, and leaves the context when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request within its tracking context."""
        with tracker.get_tracker().context(CONTEXT_NAME, request_context(request)):
            if is_tracked(request):
                try:
                    server_track(request, request.path_info, request_data(request))
                except Exception:
                    log.exception("The event of a request was lost")
            return self.get_response(request)


def is_tracked(request: HttpRequest) -> bool:
    """Tell whether the request makes an event of its own."""
    return not any(re.match(pattern, request.path_info) for pattern in settings.TRACKING_IGNORE_URL_PATTERNS)


def request_data(request: HttpRequest) -> str:
    """Put what was sent into the text that the platform logs: passwords masked, cut at its length."""
    sent = {"GET": dict(request.GET.lists()), "POST": dict(request.POST.lists())}
    masked = {
        method: {name: "*" * 8 if name in CENSORED else value for name, value in values.items()}
        for method, values in sent.items()
    }
    return json.dumps(masked)[:MAX_DATA]


def request_context(request: HttpRequest) -> dict[str, Any]:
    """Gather who asked, from where and for what."""
    return {
        "session": session_id(request.session.session_key),
        "user_id": request.user.pk,
        "username": request.user.get_username(),
        "ip": request.META.get("REMOTE_ADDR", ""),
        "host": request.META.get("SERVER_NAME", ""),
        "agent": request.headers.get("user-agent", ""),
        "path": request.path_info,
        "referer": request.headers.get("referer", ""),
        "accept_language": request.headers.get("accept-language", ""),
        "client_id": None,
        **course_context_from_url(request.build_absolute_uri()),
    }


def session_id(session_key: str | None) -> str:
    """Stand for the session in events, without giving away its key."""
    if not session_key:
        return ""
    return hashlib.shake_128(settings.SECRET_KEY.encode() + session_key.encode()).hexdigest(16)
