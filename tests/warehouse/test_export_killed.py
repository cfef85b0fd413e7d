"""An export that is killed, at any moment and again and again, loses nothing and doubles nothing."""

from __future__ import annotations

import itertools
import json
import time

import pytest
from django.contrib.auth.models import User

from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Activity, Evidence
from tests import killing
from tests.time_on_task.material import KNOTS, NOON, TIDES
from tests.warehouse.clickhouse_server import PASSWORD, USER, Server
from tests.warehouse.conftest import course_totals, export, measured, measured_in_courses, totals

pytestmark = pytest.mark.once

LEARNERS, DAYS = 40, 2


def export_and_kill(server: Server) -> list[int]:
    """Export; return how many learners were done whenever the export was killed, and at last."""
    there = {"url": server.url, "username": USER, "password": PASSWORD, "database": "event_sink"}
    printed = killing.run("tests.warehouse.killed_export", "seed", CLICKHOUSE=json.dumps(there))
    return [int(line) for line in printed.split()]


def evidence(user_id: int) -> Evidence:
    days = (NOON + day * SECONDS_PER_DAY for day in range(DAYS))
    return Evidence(points=frozenset(noon + second for noon in days for second in (0, 60, user_id % 500)))


def hesitant(sql: str) -> str:
    time.sleep(0.03)
    return ""


def test_an_export_that_is_killed_goes_on_where_it_was(transactional_db: None, clickhouse: Server) -> None:
    users = [user.pk for user in User.objects.bulk_create(User(username=f"learner{n}") for n in range(LEARNERS))]
    time_on_task.keep(Activity(user_id, course, evidence(user_id)) for user_id in users for course in (KNOTS, TIDES))

    # On the fastest machine too, there is time to kill it in between.
    clickhouse.fault = hesitant
    done = export_and_kill(clickhouse)
    clickhouse.fault = lambda sql: ""

    assert len(done) > 2
    assert all(before <= after for before, after in itertools.pairwise(done))
    assert any(0 < count < LEARNERS for count in done)
    assert done[-1] == LEARNERS
    assert totals(clickhouse.engine) == measured(users)
    assert course_totals(clickhouse.engine) == measured_in_courses(users)
    rows = "SELECT count() FROM learner_profile_active_day FINAL"
    assert clickhouse.engine.rows(rows) == [[LEARNERS * DAYS * 2]]
    assert export() == "0 learners exported, 0 of their days written."
