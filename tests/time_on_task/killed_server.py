"""
A server in a process of its own that is killed as soon as its response has left; see test_killed_server.

It takes one request. What Django does once a response is closed (it ends the request then) never happens.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from eventtracking import tracker

MIDDLEWARE = "learner_profile_plugin.time_on_task.middleware.KeepEvidenceMiddleware"


class AbortError(Exception):
    """What goes wrong in a view."""


class Body:
    """A response that kills the process where it would be closed: it has been sent by then."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response

    def close(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class QuietHandler(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def answer(request: HttpRequest) -> HttpResponse:
    """Be active twice in a course, the second time in a transaction that is rolled back; fail then, if told to."""
    with tracker.get_tracker().context("test", {"user_id": request.GET["user"], "course_id": request.GET["course"]}):
        tracker.emit("problem_check", {})
        with contextlib.suppress(AbortError), transaction.atomic():
            tracker.emit("problem_save", {})
            raise AbortError
    if "fail" in request.GET:
        raise AbortError
    return HttpResponse("answered")


urlpatterns = [path("answer", answer)]


def main() -> None:
    """Serve one request on a free port, which is printed."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    settings.ROOT_URLCONF = "tests.time_on_task.killed_server"
    settings.MIDDLEWARE = [MIDDLEWARE] if "guarded" in sys.argv else []
    settings.ALLOWED_HOSTS = ["*"]
    application = get_wsgi_application()
    server = make_server(
        "127.0.0.1", 0, lambda environ, start: Body(application(environ, start)), handler_class=QuietHandler
    )
    print(server.server_port, flush=True)  # noqa: T201
    server.handle_request()


if __name__ == "__main__":
    main()
