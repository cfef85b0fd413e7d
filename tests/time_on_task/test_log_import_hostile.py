"""Whatever stands in a log, what is right in it is read, and what is not is counted and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task.codec import unpack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.log_evidence import LogEvidence, Wanted
from learner_profile_plugin.time_on_task.log_lines import Block, parser_named
from tests.time_on_task.log_material import emitted, import_logs, logged, stored, write, written
from tests.time_on_task.material import NOON, event, moment

PARSERS = ["json", "msgspec"]
PARTS = [b"", b"\xff", b"\xc3", b"\\ud800", b"\\u0075", b"\x00", b"\x0b", b"\t", b'"', b"{", b"}", b"[", b",", b"-"]
PARTS += [b"NaN", b"null", b"1e999", b"9" * 30, b"[" * 100, b'"name"', b'"user_id": true', b'"time": 5']


def act(learner: User, second: int = NOON, name: str = "problem_check", **fields: Any) -> bytes:
    return written(logged(event(name, user_id=learner.pk, at=moment(second), **fields)))


def read(lines: list[bytes], parser: str) -> tuple[Any, ...]:
    """Return the evidence of lines, and what is said of them."""
    collected = LogEvidence(parser_named(parser), Wanted())
    collected.read(Block("a.log", 1, 0, lines))
    evidence = collected.take()
    tally = collected.tally
    places = [(found.line, found.offset) for found in tally.examples]
    return evidence, tally.lines, tally.activity, tally.malformed, places


def damaged(line: bytes) -> st.SearchStrategy[bytes]:
    """Give a line of which a part was lost, doubled or overwritten."""
    part = st.sampled_from(PARTS) | st.binary(max_size=4).map(lambda found: found.replace(b"\n", b""))
    return st.builds(
        lambda start, length, put: line[:start] + put + line[start + length :],
        st.integers(0, len(line)),
        st.sampled_from([0, 0, 1, 5, 200]),
        part,
    )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_parsers_agree_on_lines_that_are_damaged(learner: User, data: st.DataObject) -> None:
    whole = data.draw(st.lists(emitted([(learner.pk, learner.username)]).map(logged).map(written), max_size=6))
    lines = [data.draw(st.just(line) | damaged(line) | damaged(line).flatmap(damaged)) for line in whole]
    first, *others = (read(lines, parser) for parser in PARSERS)
    assert others == [first] * len(others)


# One by one

GOOD = 5


def held(learner: User) -> int:
    """Return how many acts of the learner are stored."""
    return sum(len(evidence.points) for evidence in evidence_of_days(learner))


def evidence_of_days(learner: User) -> Iterator[Evidence]:
    for (user_id, _, day), form in stored().items():
        assert user_id == learner.pk
        yield unpack(form, day)


def test_what_cannot_be_read_is_counted_and_named_and_the_rest_is_read(learner: User, tmp_path: Path) -> None:
    good = [act(learner, NOON + number) for number in range(GOOD)]
    bad = [
        b"no JSON at all",
        good[0][:-20],
        act(learner).replace(b'"time": "2026', b'"time": "20x6'),
        act(learner).replace(b'"time": "2026', b'"time": "1926'),
        b'["name", "problem_check"]',
        b'{"name": "problem_check", "context": "course_id": "cut"}',
        b"\x00\xff\xfe",
    ]
    path = write(tmp_path / "a.log", *[line for pair in zip(good, bad, strict=False) for line in pair], *bad[GOOD:])
    said = import_logs(path)
    assert held(learner) == GOOD
    assert f"{GOOD + len(bad)} lines read" in said
    assert f"{len(bad)} cannot be read" in said
    content = path.read_bytes().split(b"\n")
    for number, line in enumerate(content, start=1):
        offset = sum(len(before) + 1 for before in content[: number - 1])
        assert (f"{path}, line {number}, byte {offset}: " in said) == (line in bad)


def test_no_more_than_the_first_of_many_are_named(learner: User, tmp_path: Path) -> None:
    said = import_logs(write(tmp_path / "a.log", *[b"bad"] * 25, act(learner)))
    assert said.count(": Expecting value") == 10
    assert "and 15 more" in said
    assert held(learner) == 1


def test_a_line_that_is_no_text_throughout_is_read_all_the_same(learner: User, tmp_path: Path) -> None:
    for number, parser in enumerate(PARSERS):
        line = act(learner, NOON + number).replace(b"Browser/1", b"Browser/\xff\xfe\xc3")
        import_logs(write(tmp_path / f"{parser}.log", line), parser=parser)
    assert held(learner) == len(PARSERS)


@pytest.mark.parametrize("parser", PARSERS)
def test_an_endless_line_is_cut_and_the_next_one_read(learner: User, tmp_path: Path, parser: str) -> None:
    endless = act(learner).replace(b'"ip"', b'"x": "' + b"y" * 5_000_000 + b'", "ip"')
    path = write(tmp_path / "a.log", act(learner, NOON + 1), endless, act(learner, NOON + 2), endless)
    said = import_logs(path, parser=parser)
    assert "4 lines read" in said
    assert "2 cannot be read" in said
    assert f"line 2, byte {len(act(learner)) + 1}: " in said
    assert held(learner) == 2
    assert "0 lines read" in import_logs(path, parser=parser)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("depth", [100, 200_000])
def test_an_event_of_any_depth_is_no_danger(learner: User, tmp_path: Path, parser: str, depth: int) -> None:
    deep = act(learner).replace(b'"ip"', b'"x": ' + b"[" * depth + b"]" * depth + b', "ip"')
    import_logs(write(tmp_path / "a.log", deep, act(learner, NOON + 1)), parser=parser)
    assert held(learner) in (1, 2)


@pytest.mark.parametrize("parser", PARSERS)
def test_numbers_that_no_database_holds_are_of_strangers(learner: User, tmp_path: Path, parser: str) -> None:
    strange = [10**30, -5, str(10**30), "9" * 5000, 2**63, 0]
    lines = [written(logged(event("problem_check", user_id=number))) for number in strange]
    lines = [line.replace(b'"username": "ada"', b'"username": "x\\u0000\\ud800"') for line in lines]
    lines += [act(learner, data={"user_id": number}) for number in strange]
    said = import_logs(write(tmp_path / "a.log", *lines), parser=parser)
    assert f"{len(strange)} are of {len(strange)} people who have no open account here" in said
    assert f"{len(strange) - 1} tell what somebody did for another learner" in said
    assert "1 cannot be read" in said
    assert stored() == {}


def test_blank_lines_are_no_lines(learner: User, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", b"", act(learner), b"  ", b"\r", b"", b"\t")
    said = import_logs(path)
    assert "1 lines read" in said
    assert "cannot be read" not in said


def test_pretty_printed_objects_are_no_lines(learner: User, tmp_path: Path) -> None:
    pretty = json.dumps(json.loads(act(learner)), indent=1).encode()
    for parser in PARSERS:
        said = import_logs(write(tmp_path / f"{parser}.log", pretty, act(learner)), parser=parser)
        assert f"{len(pretty.splitlines())} cannot be read" in said
    assert held(learner) == 1
