"""The queries of the documentation, which other tests do not run already."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY
from learner_profile_plugin.time_on_task.events import read_event
from tests.conftest import PersonFactory
from tests.time_on_task.material import KNOTS, NOON, TIDES, UNIT, event, moment
from tests.warehouse.clickhouse_engine import Engine
from tests.warehouse.clickhouse_server import Server
from tests.warehouse.conftest import QUERIES, actor, export, keep, measured_in_courses

pytestmark = pytest.mark.shown

XAPI = """
CREATE TABLE xapi.xapi_events_all_parsed
(
    event_id UUID, verb_id LowCardinality(String), actor_id String, object_id String, course_id LowCardinality(String),
    course_key LowCardinality(String), org LowCardinality(String), emission_time DateTime64(6), event String
)
ENGINE = ReplacingMergeTree
PRIMARY KEY (org, course_id, verb_id, actor_id, emission_time, event_id)
ORDER BY (org, course_id, verb_id, actor_id, emission_time, event_id)
PARTITION BY toYYYYMM(emission_time)
"""
"""As Aspects has it (its model xapi_events_all_parsed)."""
EXTENSIONS = "https://w3id.org/xapi/video/extensions"
SESSION = "https://w3id.org/xapi/openedx/extensions/session-id"
VERBS = {
    "problem_check": "https://w3id.org/xapi/acrossx/verbs/evaluated",
    "edx.ui.lms.sequence.next_selected": "https://w3id.org/xapi/dod-isd/verbs/navigated",
    "play_video": "https://w3id.org/xapi/video/verbs/played",
    "pause_video": "https://w3id.org/xapi/video/verbs/paused",
    "stop_video": "http://adlnet.gov/expapi/verbs/terminated",
    "edx.grades.course.grade_calculated": "http://id.tincanapi.com/verb/earned",
}
LONG = 3 * rule.LIMITS.gap


@pytest.fixture
def xapi(engine: Engine) -> Any:
    engine.run("CREATE DATABASE xapi")
    engine.run(XAPI)
    yield engine
    engine.run("DROP DATABASE xapi")


class Log:
    """What happens, as a tracking event for the plugin and as a statement for Aspects."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self.rows: list[dict[str, Any]] = []

    def write(self, name: str, second: int, *, course: Any = KNOTS, session: str = "s", **data: Any) -> None:
        sent = event(name, data, user_id=self.user_id, course_id=str(course), at=moment(second), session=session)
        activity = read_event(sent)
        if activity is not None:
            time_on_task.keep([activity])
        self.rows.append(self._statement(name, moment(second), str(course), session, data))

    def _statement(self, name: str, at: datetime, course: str, session: str, data: dict[str, Any]) -> dict[str, Any]:
        statement = {
            "actor": {"account": {"name": actor(self.user_id)}},
            "verb": {"id": VERBS[name]},
            "context": {"extensions": {SESSION: session, f"{EXTENSIONS}/length": data.get("duration", 0)}},
            "result": {"extensions": {f"{EXTENSIONS}/time": data.get("currentTime", 0)}},
        }
        return {
            "event_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.user_id} {name} {at}")),
            "verb_id": VERBS[name],
            "actor_id": actor(self.user_id),
            "object_id": f"https://lms.example/xblock/{data.get('id', UNIT)}",
            "course_id": f"https://lms.example/course/{course}",
            "course_key": course,
            "org": "Harbour",
            "emission_time": at.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "event": json.dumps(statement),
        }


def by_xapi(engine: Engine, *logs: Log) -> dict[tuple[str, str], int]:
    lines = "\n".join(json.dumps(row) for log in logs for row in log.rows)
    engine.run(f"INSERT INTO xapi.xapi_events_all_parsed FORMAT JSONEachRow\n{lines}")
    rows = engine.rows((QUERIES / "xapi_totals.sql").read_text(), "default")
    return {(course, actor_id): seconds for course, actor_id, seconds in rows}


def test_the_limit_of_silence_in_the_query_is_that_of_the_rule() -> None:
    assert f"BETWEEN 1 AND {rule.LIMITS.gap}\n" in (QUERIES / "xapi_totals.sql").read_text()


def test_where_aspects_has_everything_its_statements_give_the_same_seconds(
    learner: User, person: PersonFactory, xapi: Engine
) -> None:
    ada, ben = Log(learner.pk), Log(person("ben").pk)
    for log in (ada, ben):
        log.write("edx.ui.lms.sequence.next_selected", NOON)
        log.write("problem_check", NOON + rule.LIMITS.gap)
        log.write("problem_check", NOON + rule.LIMITS.gap + 61, course=TIDES)
        log.write("problem_check", NOON + rule.LIMITS.gap + 90, course=TIDES)
        log.write("problem_check", NOON + 2 * rule.LIMITS.gap + 1)
    later = NOON + SECONDS_PER_DAY
    video: dict[str, Any] = {"id": "reef", "duration": 2 * LONG}
    ada.write("play_video", later, currentTime=0, **video)
    ada.write("play_video", later + 7, currentTime=5, id="raft", duration=60, session="t")
    ada.write("pause_video", later + LONG, currentTime=LONG, **video)
    # No longer than the rest of the video lasts.
    ada.write("play_video", later + 2 * LONG, currentTime=2 * LONG - 40, **video)
    ada.write("stop_video", later + 4 * LONG, currentTime=2 * LONG, **video)

    found = by_xapi(xapi, ada, ben)

    assert found == measured_in_courses([ada.user_id, ben.user_id])
    assert len(found) == 4
    assert by_xapi(xapi, ada) == found  # again: nothing counts twice


def test_what_the_platform_does_is_no_act(learner: User, xapi: Engine) -> None:
    log = Log(learner.pk)
    log.write("problem_check", NOON)
    log.write("edx.grades.course.grade_calculated", NOON + 60)
    assert by_xapi(xapi, log) == {}


def test_weeks_begin_on_monday_and_add_up(learner: User, person: PersonFactory, clickhouse: Server) -> None:
    # NOON is on a Wednesday.
    ben = person("ben")
    sunday = NOON - NOON % SECONDS_PER_DAY + 4 * SECONDS_PER_DAY
    keep(learner.pk, sunday + SECONDS_PER_DAY - 60, sunday + SECONDS_PER_DAY + 30)
    keep(ben.pk, sunday, sunday + 5)
    export()
    assert clickhouse.engine.rows((QUERIES / "weekly_totals.sql").read_text()) == [
        [str(KNOTS), "2026-03-02", 2, 65],
        [str(KNOTS), "2026-03-09", 1, 30],
    ]


def test_the_view_is_read_by_course(learner: User, clickhouse: Server) -> None:
    keep(learner.pk, NOON, NOON + 60)
    export()
    sql = f"EXPLAIN indexes = 1 SELECT * FROM learner_profile_active_interval WHERE course_key = '{KNOTS}'"
    plan = clickhouse.engine.run(sql, "event_sink")
    assert "Condition: (course_key in [" in plan
