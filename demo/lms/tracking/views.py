"""The address to which scripts in the browser report events."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from demo.lms.tracking.emission import browser_track


@require_http_methods(["GET", "POST"])
def user_track(request: HttpRequest) -> HttpResponse:
    """
    Emit an event of the browser: ``event_type``, ``event`` (JSON), ``page`` and perhaps ``courserun_key``.

    What cannot be read as JSON is passed on as it came: the platform is as lenient.
    """
    sent = request.POST if request.method == "POST" else request.GET
    data: Any = sent.get("event", {})
    if isinstance(data, str) and data:
        with contextlib.suppress(ValueError):
            data = _with_user_id(json.loads(data))
    browser_track(
        request,
        sent.get("event_type", ""),
        data,
        page=sent.get("page", ""),
        course_id=sent.get("courserun_key"),
    )
    return HttpResponse("success")


def _with_user_id(data: Any) -> Any:
    """Add the number of the person whom the event's data names, as the platform does."""
    if isinstance(data, dict) and "username" in data and "user_id" not in data:
        named = User.objects.filter(username=data["username"]).values_list("pk", flat=True).first()
        if named is not None:
            return data | {"user_id": named}
    return data
