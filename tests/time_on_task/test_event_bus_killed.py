"""Consumers of the event bus that are killed, at any moment and again and again, lose nothing and add nothing."""

from __future__ import annotations

import random

import pytest
import redis
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from benchmarks.redis_bus import TOPIC, fill, message, running_redis
from learner_profile_plugin.time_on_task import api, rule
from learner_profile_plugin.time_on_task.codec import pack
from tests import killing
from tests.conftest import PersonFactory
from tests.time_on_task.log_material import stored
from tests.time_on_task.test_log_import_killed import EVENTS, events_of, evidence_of

TIMES = 5


def consume_and_kill(url: str) -> int:
    """Consume until nothing is left; return how often a consumer was killed on the way."""
    return int(killing.run("tests.time_on_task.killed_consumer", "seed", url))


@pytest.mark.once
def test_consumers_that_are_killed_leave_nothing_behind(learner: User, person: PersonFactory) -> None:
    # Each of them comes several times, since buses do that too, and in any order.
    events = events_of([learner, person("ben"), person("cleo")], EVENTS // TIMES)
    expected = evidence_of(events)
    messages = [*map(message, events)] * TIMES
    random.Random(5).shuffle(messages)
    with running_redis() as url, redis.Redis.from_url(url) as client:
        fill(client, messages)
        assert client.xlen(TOPIC) == EVENTS
        assert consume_and_kill(url) > 3
        assert client.xpending(TOPIC, "learner_profile")["pending"] == 0
        assert client.exists(f"{TOPIC}-set-aside") == 0

    for user_id in api.get_learners_with_pending_evidence():
        while api.compact(user_id):
            pass
    assert stored() == {
        (*place, day): pack(found, day)
        for place, evidence in expected.items()
        for day, found in evidence.by_day().items()
    }
    for (user_id, course), evidence in expected.items():
        seconds = rule.total_seconds(rule.active_intervals(evidence))
        assert api.get_learning_time(user_id).by_course[CourseKey.from_string(course)] == seconds
