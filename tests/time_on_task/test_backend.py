"""From an event of the site to a row of evidence, through event-tracking as the site has it."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from eventtracking import tracker

from learner_profile_plugin.settings import IGNORED_PATHS, TRACKING_BACKEND, plugin_settings
from learner_profile_plugin.time_on_task import api
from learner_profile_plugin.time_on_task.backend import TrackingBackend
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence
from tests.time_on_task.conftest import Emit
from tests.time_on_task.material import KNOTS, NOON, UNIT, event, moment

FAILSAFE = "learner_profile_plugin.failsafe"


def test_the_site_has_the_backend_beside_its_tracking_log() -> None:
    backends = tracker.get_tracker().backends
    assert isinstance(backends["learner_profile"], TrackingBackend)
    assert "tracking_logs" in backends


# What an event costs


def test_an_event_outside_of_a_transaction_is_stored_at_once_by_one_statement(emit: Emit, learner: User) -> None:
    with CaptureQueriesContext(connection) as captured:
        emit()
    (query,) = captured
    assert query["sql"].startswith("INSERT INTO")
    row = PendingEvidence.objects.get()
    assert (row.user_id, row.course_key) == (learner.pk, KNOTS)
    assert not LearningDay.objects.exists()


@pytest.mark.parametrize("name", ["/dashboard", "edx.grades.course.grade_calculated", "edx.user.settings.changed"])
def test_an_event_that_is_no_evidence_asks_nothing_of_the_database(emit: Emit, name: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        emit(name)
        emit(user_id=None)
        emit(user_id="")
        emit(course_id="")
    assert len(captured) == 0


def test_events_become_learning_time(learner: User, transactional_db: None) -> None:
    backend = TrackingBackend()
    backend.send(event(f"/xblock/{UNIT}", user_id=learner.pk, course_id="", at=moment(NOON)))
    for after, name, position in ((10, "play_video", 0), (310.5, "pause_video", 300.5)):
        data = {"id": "sheet-bend", "currentTime": position, "duration": 600}
        backend.send(event(name, data, user_id=learner.pk, at=moment(NOON + after)))
    backend.send(event("problem_check", user_id=learner.pk, at=moment(NOON + 800)))
    assert api.get_learning_time(learner.pk).by_course == {KNOTS: 800}
    backend.send(event("problem_check", user_id=learner.pk, at=moment(NOON + 800)))
    assert api.get_learning_time(learner.pk).seconds == 800, "the same event twice"


def test_switched_off_it_keeps_nothing(emit: Emit, learner: User, settings: Any) -> None:
    settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = False
    emit()
    assert not PendingEvidence.objects.exists()
    settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = True
    emit()
    assert PendingEvidence.objects.count() == 1


# Never hurt the host


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        "text",
        [],
        5,
        event(5),
        event(["a list"]),
        event("problem_check", at=None),
        event("problem_check", at="yesterday"),
        event("problem_check", at=5),
        event("problem_check", course_id=5),
        event("play_video", course_id="", page=5),
        {"name": "problem_check", "context": {"user_id": 7, "course_id": str(KNOTS)}},
        event("problem_check") | {"context": "text"},
        event("problem_check", user_id="9" * 5000),
        event("play_video", '{"a":' * 100_000),
    ],
    ids=range(15),
)
def test_garbage_never_raises_and_is_logged_once(
    garbage: Any, transactional_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    TrackingBackend().send(garbage)
    assert not PendingEvidence.objects.exists()
    records = [record for record in caplog.records if record.name == FAILSAFE]
    assert [(record.levelno, record.getMessage()) for record in records] == [
        (logging.ERROR, "Lost: a tracking event could not be read and is not kept.")
    ]


@pytest.mark.parametrize("nothing", [{}, event(None), event(""), event("problem_check") | {"context": None}])
def test_an_event_that_says_nothing_is_nothing_to_log(nothing: Any, caplog: pytest.LogCaptureFixture) -> None:
    TrackingBackend().send(nothing)
    assert caplog.records == []


# Settings


def host(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(**given)


def test_the_settings_stay_the_same_however_often_they_are_made() -> None:
    made = host(EVENT_TRACKING_BACKENDS={"tracking_logs": {"ENGINE": "x"}}, TRACKING_IGNORE_URL_PATTERNS=["^/event"])
    plugin_settings(made)
    once = dict(vars(made))
    plugin_settings(made)
    assert vars(made) == once
    assert made.EVENT_TRACKING_BACKENDS == {"learner_profile": TRACKING_BACKEND, "tracking_logs": {"ENGINE": "x"}}
    assert sorted(made.TRACKING_IGNORE_URL_PATTERNS) == sorted(["^/event", *IGNORED_PATHS])
    assert made.LEARNER_PROFILE_COLLECT_LEARNING_TIME is True


def test_what_the_host_gave_is_not_changed() -> None:
    backends: dict[str, Any] = {"tracking_logs": {"ENGINE": "x"}}
    ignored = ["^/event"]
    made = host(EVENT_TRACKING_BACKENDS=backends, TRACKING_IGNORE_URL_PATTERNS=ignored)
    plugin_settings(made)
    made.EVENT_TRACKING_BACKENDS["learner_profile"]["OPTIONS"] = {"of": "one host"}
    assert backends == {"tracking_logs": {"ENGINE": "x"}}
    assert ignored == ["^/event"]
    assert "OPTIONS" not in TRACKING_BACKEND


def test_what_the_operator_chose_stays() -> None:
    own = {"ENGINE": "harbour.Backend"}
    made = host(
        EVENT_TRACKING_BACKENDS={"learner_profile": own},
        TRACKING_IGNORE_URL_PATTERNS=[IGNORED_PATHS[0]],
        LEARNER_PROFILE_COLLECT_LEARNING_TIME=False,
        LEARNER_PROFILE_COMPAT="harbour.compat",
    )
    plugin_settings(made)
    assert made.EVENT_TRACKING_BACKENDS["learner_profile"] is own
    assert sorted(made.TRACKING_IGNORE_URL_PATTERNS) == sorted(IGNORED_PATHS)
    assert made.LEARNER_PROFILE_COLLECT_LEARNING_TIME is False
    assert made.LEARNER_PROFILE_COMPAT == "harbour.compat"


def test_a_host_without_tracking_gets_none() -> None:
    made = host()
    plugin_settings(made)
    assert not hasattr(made, "EVENT_TRACKING_BACKENDS")
    assert not hasattr(made, "TRACKING_IGNORE_URL_PATTERNS")
