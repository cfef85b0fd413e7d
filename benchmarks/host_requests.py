"""
What the plugin adds to requests of the host: run ``make bench``.

Each figure is the median of several rounds, beside a reference of the same run: event-tracking's own
LoggerBackend for events, and a page of the demo that shows no portfolio for the portfolio. Absolute
times are of one machine; the ratios are what is compared between versions.
"""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

ROUNDS = 7
EVENTS = 2000
PAGES = 20
COURSE = "course-v1:HarbourX+A11Y101+2024_T3"


def main() -> None:
    """Seed a demo in a temporary place, measure, and print one table."""
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings", "TQDM_DISABLE": "1"}
        django.setup()
        from django.core.management import call_command

        from demo.lms.sample.seeding import seed

        call_command("migrate", verbosity=0)
        seed(quiet=True)
        rows = [*tracking_backend(), *portfolio_page()]
    print(f"{'what':<58}{'median':>12}{'ratio':>9}   reference")
    for what, seconds, reference, ratio in rows:
        print(f"{what:<58}{seconds * 1e6:>9.1f} µs{ratio:>9.2f}   {reference}")


def tracking_backend() -> list[tuple[str, float, str, float]]:
    """Measure one event through the plugin's backend, against the LMS's own logger."""
    from django.contrib.auth.models import User
    from eventtracking.backends.logger import LoggerBackend

    from learner_profile_plugin.time_on_task.backend import TrackingBackend
    from learner_profile_plugin.time_on_task.events import read_event

    user = User.objects.get(username="ben")
    tracking = logging.getLogger("benchmark.tracking")
    tracking.addHandler(logging.FileHandler(os.devnull))
    tracking.propagate = False
    tracking.setLevel(logging.INFO)
    logger, ours = LoggerBackend(name="benchmark.tracking", max_event_size=50_000), TrackingBackend()
    idle, active = event(user.pk, "/api/courses/v1/courses/"), event(user.pk, "problem_check")
    reference = each(EVENTS, lambda: logger.send(idle))
    name = "LoggerBackend, the same event"
    quiet = each(EVENTS, lambda: ours.send(idle))
    read = each(EVENTS, lambda: read_event(active))
    stored = each(EVENTS // 10, lambda: ours.send(active))
    return [
        ("an event that is no activity", quiet, name, quiet / reference),
        ("an activity event, read alone", read, name, read / reference),
        ("an activity event, stored (SQLite)", stored, name, stored / reference),
    ]


def portfolio_page() -> list[tuple[str, float, str, float]]:
    """Measure the page of a learner with 200 courses, against a page of the site without a portfolio."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    for _ in range(PAGES):
        # The first readers unite what piled up while seeding.
        client.get("/u/maya")
    reference = each(PAGES, lambda: client.get("/u/nobody"))
    rows = []
    for what, username in (("a rich learner", "ada"), ("a learner with 200 courses", "maya")):
        seconds = each(PAGES, lambda username=username: client.get(f"/u/{username}"))  # type: ignore[misc]
        rows.append((f"the portfolio page of {what}", seconds, "the page without a portfolio", seconds / reference))
    return rows


def each(number: int, work: Callable[[], Any]) -> float:
    """Return how many seconds one call takes: the median over the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(number):
            work()
        rounds.append((time.perf_counter() - start) / number)
    return statistics.median(rounds)


def event(user_id: int, name: str) -> dict[str, Any]:
    """Return a tracking event as the LMS emits it, of the usual size."""
    return {
        "name": name,
        "timestamp": datetime.now(UTC),
        "data": {"problem_id": f"{COURSE}+problem", "answers": {"a_2_1": "choice_1"}, "attempts": 1, "grade": 1},
        "context": {
            "user_id": user_id,
            "username": "ben",
            "session": "993110e9c27848a545da74a74114158d",
            "course_id": COURSE,
            "org_id": "HarbourX",
            "ip": "192.0.2.1",
            "host": "lms.example.org",
            "agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0",
            "path": "/event",
            "referer": "https://lms.example.org/xblock/",
            "accept_language": "en-US,en;q=0.9",
            "event_source": "server",
        },
    }


if __name__ == "__main__":
    main()
