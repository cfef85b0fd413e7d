"""An imported log gives the evidence that its events gave, or would have given, while they were live."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task import api, spool
from learner_profile_plugin.time_on_task.activity_table import COUNTED, is_request_of_learner
from learner_profile_plugin.time_on_task.backend import TrackingBackend
from learner_profile_plugin.time_on_task.data import Activity
from learner_profile_plugin.time_on_task.events import EPOCH, in_tenths, read_event
from learner_profile_plugin.time_on_task.log_meanings import REQUEST, UNSURE, Courses, Meanings, meaning_of
from learner_profile_plugin.time_on_task.models import PendingEvidence
from tests.conftest import PersonFactory
from tests.time_on_task.log_material import clear, emitted, import_logs, logged, stored, write, written
from tests.time_on_task.material import event

PACK: dict[str, Callable[[bytes], bytes]] = {
    ".log": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


@pytest.fixture
def learners(learner: User, person: PersonFactory) -> list[tuple[int, str]]:
    return [(user.pk, user.username) for user in (learner, person("Ben"))]


def live(events: list[dict[str, Any]], learners: list[tuple[int, str]]) -> dict[tuple[int, str, int], bytes]:
    """Let events happen, and return the evidence that this leaves."""
    clear()
    backend = TrackingBackend()
    for one in events:
        backend.send(one)
    spool.flush()
    for user_id, _ in learners:
        while api.compact(user_id):
            pass
    assert not PendingEvidence.objects.exists()
    return stored()


TIMES: list[Callable[[datetime], str]] = [
    datetime.isoformat,
    lambda at: at.isoformat().replace("+00:00", "Z"),
    lambda at: at.isoformat().removesuffix("+00:00"),
    lambda at: at.isoformat(timespec="microseconds").replace("T", " "),
    lambda at: at.astimezone(timezone(timedelta(hours=-9, minutes=-30))).isoformat(),
]
"""Forms in which a line may tell its time, all of the same moment."""


def line_of(event: dict[str, Any], chance: Random) -> bytes:
    """Return the line of an event, in one of the forms that it had over the years."""
    line = logged(event)
    if chance.random() < 0.3 and line["context"].get("user_id") is not None:
        line["context"]["user_id"] = str(line["context"]["user_id"])
    elif chance.random() < 0.3:
        # Before there was a number, there was the name.
        del line["context"]["user_id"]
    if chance.random() < 0.3:
        line["name"] = None
    line["time"] = chance.choice(TIMES)(line["time"])
    if chance.random() < 0.3:
        line = dict(sorted(line.items()))
    prefix = b"2026-03-04 12:00:00,001 INFO 20 [tracking] [user 7] [ip 192.0.2.7] logger.py:41 - "
    content = written(line)
    if chance.random() < 0.2:
        content = json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":")).encode()
    return (prefix if chance.random() < 0.2 else b"") + content + (b"\r" if chance.random() < 0.1 else b"")


def scatter(folder: Path, lines: list[bytes], chance: Random) -> None:
    """Put lines into files, in any order and some of them twice."""
    lines = [*lines, *chance.sample(lines, len(lines) // 3)]
    chance.shuffle(lines)
    for number in range(3):
        kind = chance.choice([*PACK])
        some, lines = (lines[: len(lines) // 2], lines[len(lines) // 2 :]) if number < 2 else (lines, [])
        path = write(folder / f"{chance.choice(['a', 'b'])}" / f"{number}{kind}", *some)
        path.write_bytes(PACK[kind](path.read_bytes()))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), chance=st.randoms(use_true_random=False))
def test_a_log_in_any_form_gives_what_its_events_gave(
    learners: list[tuple[int, str]], data: st.DataObject, chance: Random
) -> None:
    events = data.draw(st.lists(emitted(learners), min_size=1, max_size=25))
    expected = live(events, learners)
    times = {user_id: api.get_learning_time(user_id) for user_id, _ in learners}
    with tempfile.TemporaryDirectory() as name:
        scatter(Path(name), [line_of(event, chance) for event in events], chance)
        parser, batch = chance.choice(["json", "msgspec"]), chance.choice([1, 3, 1000])
        if chance.random() < 0.5:
            clear()
        for again in (False, True):
            import_logs(name, parser=parser, batch=batch, again=again)
            assert stored() == expected
            assert not PendingEvidence.objects.exists()
    list(api.rederive())
    assert {user_id: api.get_learning_time(user_id) for user_id, _ in learners} == times


IDS = st.sampled_from(
    ["Harbour+Knots+2026", "a.b-c_d+e+f", "A+B", "A+B+C+branch@draft", "Hafen+Knöpfe+2026", "A+B+C D"]
)
BLOCKS = st.builds(
    "{}{}+type@{}+block@{}".format,
    st.sampled_from(["block-v1:", "ccx-block-v1:", "BLOCK-V1:", "i4x://", "lib-block-v1:"]),
    IDS,
    st.sampled_from(["vertical", "p-1", "", "a/b"]),
    st.sampled_from(["abc", "a.b", "a:b", "é", "", "a/handler/x", "courseware", "a;_b", "a\n"]),
)
PARTS = st.one_of(
    BLOCKS,
    IDS.map("course-v1:{}".format),
    st.sampled_from(
        ["/xblock/", "/xblock/", "/courses/", "/course/", "/courseware", "/jump_to/", "/handler/", "/", "//"]
    ),
    st.sampled_from(["problem_check", "save_user_state", "transcript", "staff_grade", "?", "#", "view=1", "A/B/C"]),
    st.sampled_from(["i4x:;_;_A;_B;_vertical;_C", "https://lms.harbour.example"]),
)


@settings(deadline=None, max_examples=300)
@given(parts=st.lists(PARTS, max_size=6), course_id=st.none() | IDS.map("course-v1:{}".format) | st.just(""))
def test_what_addresses_mean_is_remembered_as_read_event_has_it(parts: list[str], course_id: str | None) -> None:
    address = "".join(parts)

    def read(name: str, page: str | None) -> Activity | None:
        return read_event(event(name, course_id=course_id, page=page))

    courses, meanings = Courses(frozenset()), Meanings()
    for name, page in (
        (f"/xblock/{address}", None),
        (f"/courses/{address}", None),
        (address, None),
        ("seq_next", address),
    ):
        found = read(name, page)
        meaning = meaning_of(name)
        assert (meaning is not None) == (name in COUNTED or is_request_of_learner(name))
        assert (meaning is REQUEST) == (meaning is not None and name.startswith("/"))
        assert meanings[name.encode()] == (meaning if name else UNSURE)
        if meaning is not None:
            course = courses[name if name.startswith("/") else page, course_id, "lms.harbour.example"]
            assert course == (str(found.course_key) if found else None)


MICROSECONDS = st.integers(0, 2**32 * 10**6) | st.integers(0, 2**32 * 10).map(lambda tenths: tenths * 100_000)


@given(microseconds=MICROSECONDS)
def test_tenths_are_rounded_down_exactly(microseconds: int) -> None:
    at = EPOCH + timedelta(microseconds=microseconds)
    assert in_tenths(at) == microseconds // 100_000
    assert in_tenths(at.astimezone(timezone(timedelta(hours=5, minutes=45)))) == microseconds // 100_000
