"""However evidence comes, and however often its export is broken off, all engines give the plugin's own seconds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.warehouse.models import ExportedLearner, PendingErasure
from tests.conftest import PersonFactory
from tests.time_on_task.material import AROUND_MIDNIGHT, KNOTS, TIDES
from tests.warehouse.clickhouse_server import Server
from tests.warehouse.conftest import (
    QUERIES,
    actor,
    course_totals,
    export,
    measured,
    measured_in_courses,
    totals,
)

few = settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("keep"), st.integers(0, 7)),
        st.tuples(st.just("compact"), st.integers(1, 3)),
        st.tuples(st.just("export"), st.integers(1, 3), st.sampled_from(["", "cut before", "cut after", "busy"])),
        st.tuples(st.just("files")),
    ),
    max_size=8,
)


@pytest.fixture
def learners(person: PersonFactory) -> list[User]:
    return [person(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def in_files(folder: Path) -> dict[str, int]:
    """Return the seconds of each learner, by DuckDB and the query of the documentation."""
    if not list(folder.glob("*.gz")):
        return {}
    sql = (QUERIES / "duckdb_totals.sql").read_text().replace("intervals/", f"{folder}/")
    with duckdb.connect(config={"threads": 1}) as database:
        return {str(actor_id): seconds for actor_id, seconds in database.execute(sql).fetchall()}


def activities(learners: list[User]) -> st.SearchStrategy[list[Activity]]:
    one = st.builds(
        Activity, st.sampled_from([user.pk for user in learners]), st.sampled_from([KNOTS, TIDES]), AROUND_MIDNIGHT
    )
    return st.lists(one, min_size=1, max_size=8)


def clear(learners: list[User], server: Server, folder: Path) -> None:
    for user in learners:
        time_on_task.delete_learner(user.pk)
    ExportedLearner.objects.all().delete()
    PendingErasure.objects.all().delete()
    server.engine.run("TRUNCATE TABLE learner_profile_active_day", "event_sink")
    for path in folder.iterdir():
        path.unlink()


def break_off(server: Server, fault: str) -> None:
    """Let the first INSERT or, where there is none, the export go wrong."""
    server.fault = lambda sql: fault if sql.startswith("INSERT") else ""
    try:
        export()
    except CommandError:
        assert fault
    finally:
        server.fault = lambda sql: ""


@few
@given(data=st.data(), steps=STEPS)
def test_any_split_order_repetition_and_interruption_gives_the_same_seconds(
    learners: list[User], clickhouse: Server, folder: Path, data: st.DataObject, steps: list[Any]
) -> None:
    clear(learners, clickhouse, folder)
    pieces: list[Activity] = data.draw(activities(learners))
    for name, *how in steps:
        if name == "keep":
            time_on_task.keep([pieces[how[0] % len(pieces)]])
        elif name == "compact":
            time_on_task.compact(learners[0].pk, limit=how[0])
        elif name == "export":
            break_off(clickhouse, how[1])
        else:
            export(to_files=folder)
    time_on_task.keep(data.draw(st.permutations(pieces)))
    export("--batch", str(data.draw(st.integers(1, 3))))
    export(to_files=folder)

    users = [user.pk for user in learners]
    expected = {
        user_id: [
            interval
            for course in (KNOTS, TIDES)
            for interval in rule.active_intervals(
                Evidence.union(a.evidence for a in pieces if (a.user_id, a.course_key) == (user_id, course))
            )
        ]
        for user_id in users
    }
    seconds = {actor(user_id): rule.total_seconds(rule.union(found)) for user_id, found in expected.items() if found}
    assert totals(clickhouse.engine) == in_files(folder) == measured(users) == seconds
    assert course_totals(clickhouse.engine) == measured_in_courses(users)
