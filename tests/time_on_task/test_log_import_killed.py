"""An import that is killed, at any moment and again and again, loses nothing and counts nothing twice."""

from __future__ import annotations

import gzip
import itertools
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api, rule
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.events import read_event
from tests import killing
from tests.conftest import PersonFactory
from tests.time_on_task.log_material import import_logs, logged, stored, write, written
from tests.time_on_task.material import KNOTS, NOON, TIDES, event, moment

EVENTS = 100_000
NAMES = ("problem_check", "play_video", "pause_video", "page_close", "edx.ui.lms.link_clicked", "/dashboard")


def events_of(learners: list[User], number: int = EVENTS) -> list[dict[str, Any]]:
    """Return what learners did within some days, most of it in the order of time."""
    chance = random.Random(4)
    return [
        event(
            chance.choice(NAMES),
            {"id": chance.choice(["reef", "bowline"]), "currentTime": chance.randrange(600), "duration": 600},
            user_id=chance.choice(learners).pk,
            course_id=str(chance.choice([KNOTS, TIDES])),
            at=moment(NOON + at * 3 + chance.randrange(-100, 100)),
            session=chance.choice(["a", "b"]),
        )
        for at in range(number)
    ]


def evidence_of(events: Iterable[dict[str, Any]]) -> dict[tuple[int, str], Evidence]:
    """Return what events are evidence of, without any of what imports."""
    found: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for activity in map(read_event, events):
        if activity is not None:
            found[activity.user_id, str(activity.course_key)].append(activity.evidence)
    return {place: Evidence.union(pieces) for place, pieces in found.items()}


def forms_of(found: dict[tuple[int, str], Evidence]) -> dict[tuple[int, str, int], bytes]:
    """Return the evidence as it is to be stored."""
    return {(*place, day): pack(part, day) for place, whole in found.items() for day, part in whole.by_day().items()}


def import_and_kill(victim: str, folder: Path, *options: str) -> list[int]:
    """Import what lies in a folder; return how far it was read whenever the import was killed, and at last."""
    printed = killing.run("tests.time_on_task.killed_import", "seed", victim, str(folder), *options)
    return [int(line) for line in printed.split()]


def test_an_import_that_is_killed_goes_on_where_it_was(learner: User, person: PersonFactory, tmp_path: Path) -> None:
    learners = [learner, person("ben"), person("cleo")]
    events = events_of(learners)
    lines = [written(logged(one)) for one in events]
    plain = write(tmp_path / "a.log", *lines[: EVENTS * 9 // 10])
    packed = write(tmp_path / "b.gz", *lines[EVENTS * 9 // 10 :])
    total = plain.stat().st_size + packed.stat().st_size
    packed.write_bytes(gzip.compress(packed.read_bytes(), 1))

    read_to = import_and_kill("import", tmp_path, "--batch", "5000")

    assert len(read_to) > 3
    assert all(before <= after for before, after in itertools.pairwise(read_to))
    assert any(0 < offset < total for offset in read_to)
    assert read_to[-1] == total
    expected = evidence_of(events)
    assert stored() == forms_of(expected)
    for (user_id, course), evidence in expected.items():
        seconds = rule.total_seconds(rule.active_intervals(evidence))
        assert api.get_learning_time(user_id).by_course[CourseKey.from_string(course)] == seconds


@pytest.mark.once
@pytest.mark.parametrize("victim", ["import", "process"])
def test_several_processes_of_which_any_is_killed_lose_nothing(
    learner: User, person: PersonFactory, tmp_path: Path, victim: str
) -> None:
    learners = [learner, person("ben"), person("cleo")]
    events = events_of(learners)
    lines = [written(logged(one)) for one in events]
    shares = [0, 5, 15, 30, 60, 100]
    for begin, end in itertools.pairwise(EVENTS * share // 100 for share in shares):
        write(tmp_path / f"{begin}.log", *lines[begin:end])

    read_to = import_and_kill(victim, tmp_path, "--batch", "3000", "--processes", "3")

    assert len(read_to) > 1
    expected = forms_of(evidence_of(events))
    assert stored() == expected
    # A process whose import was killed may still have noted how far it was, after the next import noted more.
    import_logs(tmp_path, processes=3)
    assert import_logs(tmp_path).count("5 files were read to their end before") == 1
    assert stored() == expected
