"""What these tests share: a ClickHouse server, and what stands in it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence, Interval
from learner_profile_plugin.warehouse import tables
from tests.time_on_task.material import KNOTS
from tests.warehouse.clickhouse_engine import Engine
from tests.warehouse.clickhouse_server import PASSWORD, USER, Server

QUERIES = Path(__file__).parents[2] / "docs" / "how-tos" / "sql"
Export = Callable[..., str]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with contextlib.closing(Engine()) as engine:
        yield engine


@pytest.fixture
def server(engine: Engine, settings: Any) -> Iterator[Server]:
    """Give a server with an empty database, as a site with Aspects knows it."""
    engine.run("CREATE DATABASE event_sink")
    with Server(engine) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = {
            "url": server.url,
            "username": USER,
            "password": PASSWORD,
            "database": "event_sink",
            "timeout_secs": 5,
        }
        yield server
        server.shutdown()
        thread.join()
    engine.run("DROP DATABASE event_sink")


@pytest.fixture
def clickhouse(server: Server) -> Server:
    """Give a server with the tables."""
    for statement in tables.statements().split(";\n"):
        server.engine.run(statement, "event_sink")
    return server


def export(*args: str, **options: Any) -> str:
    """Run the command and return what it says."""
    out = StringIO()
    call_command("learner_profile_export_intervals", *args, stdout=out, stderr=out, no_color=True, **options)
    return out.getvalue().strip()


def keep(user_id: int, *seconds: int, course: CourseKey = KNOTS, beats: tuple[Interval, ...] = ()) -> None:
    """Let a learner act at some moments, and pages report of some intervals."""
    time_on_task.keep([Activity(user_id, course, Evidence(points=frozenset(seconds), asserted=beats))])


def actor(user_id: int) -> str:
    return compat.get_external_ids([user_id])[user_id]


def totals(engine: Engine) -> dict[str, int]:
    """Return the seconds of each learner, by the query of the documentation."""
    return dict(engine.rows((QUERIES / "learner_totals.sql").read_text()))


def course_totals(engine: Engine) -> dict[tuple[str, str], int]:
    """Return the seconds of each learner in each course, by the query of the documentation."""
    return {
        (course, actor_id): seconds
        for course, actor_id, seconds in engine.rows((QUERIES / "course_totals.sql").read_text())
    }


def measured(user_ids: list[int]) -> dict[str, int]:
    """Return the plugin's own seconds of learners who have any."""
    found = {actor(user_id): time_on_task.get_learning_time(user_id).seconds for user_id in user_ids}
    return {actor_id: seconds for actor_id, seconds in found.items() if seconds}


def measured_in_courses(user_ids: list[int]) -> dict[tuple[str, str], int]:
    """Return the plugin's own seconds of learners in each course."""
    return {
        (str(course), actor(user_id)): seconds
        for user_id in user_ids
        for course, seconds in time_on_task.get_learning_time(user_id).by_course.items()
        if seconds
    }
