"""An import that is killed, at any moment and again and again, loses nothing and counts nothing twice."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api, rule
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.events import read_event
from tests.conftest import PersonFactory
from tests.time_on_task.log_material import logged, stored, write, written
from tests.time_on_task.material import KNOTS, NOON, TIDES, event, moment

EVENTS = 100_000
NAMES = ("problem_check", "play_video", "pause_video", "page_close", "edx.ui.lms.link_clicked", "/dashboard")


def events_of(learners: list[User]) -> list[dict[str, Any]]:
    """Return what learners did within some days, most of it in the order of time."""
    chance = random.Random(4)
    return [
        event(
            chance.choice(NAMES),
            {"id": chance.choice(["reef", "bowline"]), "currentTime": chance.randrange(600), "duration": 600},
            user_id=chance.choice(learners).pk,
            course_id=str(chance.choice([KNOTS, TIDES])),
            at=moment(NOON + number * 3 + chance.randrange(-100, 100)),
            session=chance.choice(["a", "b"]),
        )
        for number in range(EVENTS)
    ]


def evidence_of(events: Iterable[dict[str, Any]]) -> dict[tuple[int, str], Evidence]:
    """Return what events are evidence of, without any of what imports."""
    found: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for activity in map(read_event, events):
        if activity is not None:
            found[activity.user_id, str(activity.course_key)].append(activity.evidence)
    return {place: Evidence.union(pieces) for place, pieces in found.items()}


def import_and_kill(folder: Path, *options: str) -> list[int]:
    """Import what lies in a folder; return how far it was read whenever the import was killed, and at last."""
    kept = ("ENGINE", "NAME", "HOST", "PORT", "USER", "PASSWORD", "OPTIONS")
    database = {key: connection.settings_dict[key] for key in kept}
    command = [sys.executable, "-m", "tests.time_on_task.killed_import", "seed", str(folder), *options]
    done = subprocess.run(  # noqa: S603 - this Python, on a module of these tests
        command,
        env=os.environ | {"DATABASE": json.dumps(database, default=str)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


def test_an_import_that_is_killed_goes_on_where_it_was(learner: User, person: PersonFactory, tmp_path: Path) -> None:
    learners = [learner, person("ben"), person("cleo")]
    events = events_of(learners)
    lines = [written(logged(one)) for one in events]
    plain = write(tmp_path / "a.log", *lines[: EVENTS * 9 // 10])
    packed = write(tmp_path / "b.gz", *lines[EVENTS * 9 // 10 :])
    total = plain.stat().st_size + packed.stat().st_size
    packed.write_bytes(gzip.compress(packed.read_bytes(), 1))

    read_to = import_and_kill(tmp_path, "--batch", "5000")

    assert len(read_to) > 3
    assert all(before <= after for before, after in itertools.pairwise(read_to))
    assert any(0 < offset < total for offset in read_to)
    assert read_to[-1] == total
    expected = evidence_of(events)
    assert stored() == {
        (*place, day): pack(found, day)
        for place, evidence in expected.items()
        for day, found in evidence.by_day().items()
    }
    for (user_id, course), evidence in expected.items():
        seconds = rule.total_seconds(rule.active_intervals(evidence))
        assert api.get_learning_time(user_id).by_course[CourseKey.from_string(course)] == seconds
