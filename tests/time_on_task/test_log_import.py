"""The command that imports logs: what it reads, where it goes on, what it says, and whom it knows."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import itertools
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fsspec
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from learner_profile_plugin.management.commands import learner_profile_import_tracking_logs
from learner_profile_plugin.retirement import forget_learner
from learner_profile_plugin.time_on_task import api, bulk, log_files
from learner_profile_plugin.time_on_task.codec import unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.time_on_task.log_lines import best_parser
from learner_profile_plugin.time_on_task.models import ImportedLog, LearningDay, PendingEvidence
from tests.conftest import NOW, PersonFactory
from tests.time_on_task.log_material import import_logs, logged, stored, write, written
from tests.time_on_task.material import KNOTS, NOON, TIDES, TODAY, UNIT, event, moment
from tests.time_on_task.test_api import at_once

COMMAND = "learner_profile_import_tracking_logs"


def line(who: User, second: int = NOON, name: str = "problem_check", **fields: Any) -> bytes:
    """Return a line that tells of an act."""
    return written(logged(event(name, at=moment(second), **{"user_id": who.pk, "username": who.username} | fields)))


def acts(who: User, course: Any = KNOTS) -> list[int]:
    """Return the moments of acts that are stored, from ``NOON`` on."""
    found = [
        unpack(form, day).points
        for (user_id, name, day), form in stored().items()
        if user_id == who.pk and name == str(course)
    ]
    return sorted(second - NOON for points in found for second in points)


def add(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


# Where it reads


def test_files_of_folders_are_read_in_order_and_hidden_ones_are_not(learner: User, tmp_path: Path) -> None:
    for number, name in enumerate(["b/2.log", "a.log", "b/1.log", "b/.hidden", ".cache/x.log"]):
        write(tmp_path / name, line(learner, NOON + number))
    files = [Path(file.path).relative_to(tmp_path) for file in log_files.find_files([str(tmp_path)])]
    assert [str(file) for file in files] == ["a.log", "b/1.log", "b/2.log"]
    import_logs(tmp_path)
    assert acts(learner) == [0, 1, 2]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_how_a_file_is_packed_is_seen_from_what_it_holds(
    learner: User, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "tracking.log"
    path.write_bytes(pack(line(learner) + b"\n") + pack(line(learner, NOON + 1) + b"\n"))
    import_logs(path)
    assert acts(learner) == [0, 1]


def test_what_is_packed_otherwise_is_refused(learner: User, tmp_path: Path) -> None:
    path = write(tmp_path / "a.zst", b"\x28\xb5\x2f\xfd\x00")
    with pytest.raises(CommandError, match="is packed with zstd: unpack it"):
        import_logs(path)


@pytest.mark.parametrize("place", ["missing.log", "empty", "memory://nowhere/*.log"])
def test_a_place_with_nothing_in_it_is_an_error(learner: User, tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="There is no file"):
        import_logs(place if "://" in place else tmp_path / place)


def test_an_object_store_is_read_by_address(learner: User, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/logs/2026/a.log", line(learner) + b"\n")
    store.pipe("/logs/2026/b.gz", gzip.compress(line(learner, NOON + 1) + b"\n"))
    store.pipe("/logs/2027/c.log", line(learner, NOON + 2) + b"\n")
    try:
        import_logs("memory://logs/2026")
        assert acts(learner) == [0, 1]
        import_logs("memory://logs/*/c.log")
        assert acts(learner) == [0, 1, 2]
        assert "3 files were read to their end before" in import_logs("memory://logs")
        store.pipe("/logs/2026/a.log", line(learner) + b"\n" + line(learner, NOON + 9) + b"\n")
        assert "1 lines read" in import_logs("memory://logs/2026/a.log")
        assert acts(learner) == [0, 1, 2, 9]
    finally:
        store.rm("/logs", recursive=True)


def test_without_fsspec_an_address_is_refused_with_what_to_install(
    learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(CommandError, match=re.escape("pip install 'learner-profile-plugin[object-storage]'")):
        import_logs("s3://bucket/logs")


def test_an_address_of_an_unknown_kind_is_refused(learner: User) -> None:
    with pytest.raises(CommandError, match="nosuch://bucket cannot be read"):
        import_logs("nosuch://bucket")


def test_what_is_piped_in_is_read_and_not_remembered(
    learner: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pack in (bytes, gzip.compress):
        piped = io.BufferedReader(io.BytesIO(pack(line(learner) + b"\n" + line(learner, NOON + 1))))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(piped))
        assert "2 lines read" in import_logs("-")
    assert acts(learner) == [0, 1]
    assert not ImportedLog.objects.exists()


# Parsers


def test_the_parser_is_the_fastest_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best_parser().name == "msgspec"
    monkeypatch.delitem(sys.modules, "learner_profile_plugin.time_on_task.log_msgspec")
    monkeypatch.setitem(sys.modules, "msgspec", None)
    assert best_parser().name == "json"
    with pytest.raises(CommandError, match=re.escape("pip install 'learner-profile-plugin[logs]'")):
        import_logs("-", parser="msgspec")


# Where it goes on


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_is_read_once_and_then_what_was_added(
    learner: User, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "tracking.log"
    for number in range(4):
        add(path, pack(b"".join(line(learner, NOON + 100 * number + more) + b"\n" for more in range(50))))
        assert "50 lines read" in import_logs(path)
        assert "1 files were read to their end before" in import_logs(path)
        assert len(acts(learner)) == 50 * (number + 1)
    state = ImportedLog.objects.get()
    assert (state.path, state.number, state.size) == (str(path), 201, path.stat().st_size)
    assert "200 lines read" in import_logs(path, again=True)


def test_a_line_that_is_still_being_written_is_read_when_it_is_whole(learner: User, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", line(learner))
    whole = line(learner, NOON + 1)
    add(path, whole[:300])
    assert "1 cannot be read" in import_logs(path)
    assert acts(learner) == [0]
    add(path, whole[300:])
    assert "cannot be read" not in import_logs(path)
    assert acts(learner) == [0, 1]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_was_replaced_is_read_anew(learner: User, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Whether it begins otherwise, or becomes another one later, or is shorter."""
    path = tmp_path / "a.log"
    first = [line(learner, NOON + number) for number in range(20)]
    path.write_bytes(pack(b"\n".join(first) + b"\n"))
    import_logs(path)
    for number, lines in enumerate(
        (
            [line(learner, NOON + 100), *first[1:], line(learner, NOON + 200)],
            [first[0], line(learner, NOON + 101), *first[:2], *first[3:], line(learner, NOON + 201)],
            [first[0], line(learner, NOON + 102)],
        )
    ):
        path.write_bytes(pack(b"\n".join(lines) + b"\n"))
        assert f"{len(lines)} lines read" in import_logs(path)
        assert NOON + 100 + number - NOON in acts(learner)


def test_a_damaged_file_is_read_up_to_there_and_the_others_whole(learner: User, tmp_path: Path) -> None:
    many = gzip.compress(b"".join(line(learner, NOON + number) + b"\n" for number in range(4000)))
    (tmp_path / "a.gz").write_bytes(many[: len(many) // 2])
    (tmp_path / "b.gz").write_bytes(many[:50] + b"\x00" * 9 + many[59:])
    write(tmp_path / "c.log", line(learner, NOON + 5000))
    said = import_logs(tmp_path)
    assert said.count("Damaged, and read up to there: ") == 2
    found = acts(learner)
    assert found[0] == 0
    assert 500 < len(found) < 4000
    assert found[-1] == 5000
    (tmp_path / "a.gz").write_bytes(many)
    (tmp_path / "b.gz").unlink()
    assert "Damaged" not in import_logs(tmp_path)
    assert len(acts(learner)) == 4001


def test_how_far_it_read_is_never_ahead_of_what_it_stored(learner: User, tmp_path: Path) -> None:
    """However the database fails."""
    path = write(tmp_path / "a.log", *(line(learner, NOON + number) for number in range(3000)))
    rounds = 0
    done = False
    while not done:
        rounds += 1
        seen = 0

        def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            nonlocal seen
            seen += sql.startswith(("INSERT", "UPDATE"))
            if seen >= rounds:  # noqa: B023 - it is used in this round only
                raise OperationalError("the server has gone away")
            return execute(sql, *rest)

        with connection.execute_wrapper(fail), contextlib.suppress(OperationalError):
            import_logs(path, batch=700)
            done = True
        state = ImportedLog.objects.first()
        assert len(acts(learner)) >= (state.number - 1 if state else 0)
    assert rounds > 3
    assert acts(learner) == [*range(3000)]


def test_a_dry_run_says_what_would_be_and_changes_nothing(learner: User, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", line(learner), line(learner, NOON + 1, course_id=str(TIDES)))
    with CaptureQueriesContext(connection) as captured:
        said = import_logs(path, dry_run=True)
    assert not [query["sql"] for query in captured if not query["sql"].startswith("SELECT") and "_" in query["sql"]]
    assert "2 days of learners would be begun, 0 added to; 0 held it all." in said
    assert "rederive" not in said
    assert "2 days of learners were begun, 0 added to; 0 held it all." in import_logs(path)
    add(path, line(learner, NOON + 2) + b"\n")
    expected = "0 days of learners {} begun, 1 added to; 0 held it all."
    assert expected.format("would be") in import_logs(path, dry_run=True)
    assert expected.format("were") in import_logs(path)


# What it takes


def test_time_that_was_collected_live_is_not_counted_twice(learner: User, tmp_path: Path) -> None:
    api.keep([Activity(learner.pk, KNOTS, Evidence(points=frozenset({NOON, NOON + 60, NOON + 90})))])
    before = api.get_learning_time(learner.pk)
    path = write(tmp_path / "a.log", *(line(learner, NOON + second) for second in (60, 0, 90, 60)))
    import_logs(path)
    assert api.get_learning_time(learner.pk) == before
    api.compact(learner.pk)
    form = stored()
    assert "0 days of learners were begun, 0 added to; 1 held it all." in import_logs(path, again=True)
    assert stored() == form


def test_totals_follow_what_is_imported(learner: User, person: PersonFactory, tmp_path: Path) -> None:
    other = person("ben")
    for who in (learner, other):
        api.keep([Activity(who.pk, KNOTS, Evidence(points=frozenset({NOON, NOON + 60})))])
        api.compact(who.pk)
    import_logs(write(tmp_path / "a.log", line(learner, NOON + 90), line(other, NOON + 60)))
    assert api.get_learning_time(learner.pk).seconds == 90
    assert list(api.rederive()) == [learner.pk], "where nothing was added, the total still holds"
    assert api.get_learning_time(learner.pk).seconds == 90


def test_filters_leave_out_what_is_not_asked_for(learner: User, tmp_path: Path) -> None:
    moments = [NOON - 1, NOON, NOON + 3600]
    lines = [line(learner, at, course_id=str(key)) for at in moments for key in (KNOTS, TIDES)]
    # The same by way of ``read_event``.
    lines += [line(learner, at + 5, data={"course_id": str(KNOTS)}, course_id="") for at in moments[1:]]
    path = write(tmp_path / "a.log", *lines)
    said = import_logs(path, since=NOW.isoformat(), until="2026-03-04T13:00", course=[str(KNOTS)])
    assert acts(learner) == [0, 5]
    assert acts(learner, TIDES) == []
    assert "6 are left out, as you asked." in said
    said = import_logs(path, since="2026-03-05")
    assert "8 are left out" in said, "with other filters it is another import"
    import_logs(path)
    assert acts(learner) == [-1, 0, 5, 3600, 3605]
    assert acts(learner, TIDES) == [-1, 0, 3600]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"since": "yesterday"}, "This is no time: yesterday"), ({"course": ["Knots"]}, "This is no course key")],
)
def test_filters_that_say_nothing_are_refused(learner: User, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        import_logs("-", **options)


def test_a_course_is_found_where_the_event_does_not_name_it(learner: User, tmp_path: Path) -> None:
    page = f"https://lms.harbour.example/courses/{TIDES}/course/"
    lines = [
        line(learner, NOON, f"/xblock/{UNIT}", course_id=""),
        line(learner, NOON + 1, page=page, course_id=""),
        line(learner, NOON + 2, data={"course_id": str(TIDES)}, course_id=""),
        line(learner, NOON + 3, page="https://lms.harbour.example/dashboard", course_id=""),
    ]
    for parser in ("json", "msgspec"):
        assert "3 of them are activity" in import_logs(write(tmp_path / f"{parser}.log", *lines), parser=parser)
    assert (acts(learner), acts(learner, TIDES)) == ([0], [1, 2])


def test_a_day_that_a_newer_version_wrote_is_left_alone_and_what_is_new_waits(
    learner: User, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    LearningDay.objects.create(user=learner, course_key=KNOTS, day=TODAY, evidence=b"\xfe")
    path = write(tmp_path / "a.log", line(learner), line(learner, NOON + 86400))
    for again in (False, True):
        import_logs(path, again=again)
    waiting = PendingEvidence.objects.get()
    assert unpack(bytes(waiting.evidence), waiting.day).points == {NOON}
    assert sorted(len(form) > 1 for form in stored().values()) == [False, True]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_courses_that_differ_in_case_alone_keep_their_evidence(learner: User, tmp_path: Path) -> None:
    """MariaDB takes their keys for equal."""
    other = str(KNOTS).replace("Knots", "knots")
    path = write(tmp_path / "a.log", line(learner), line(learner, NOON + 60), line(learner, course_id=other))
    for again in (False, True):
        import_logs(path, again=again)
        assert api.get_learning_time(learner.pk).seconds == 60
    assert LearningDay.objects.count() + PendingEvidence.objects.count() == 2


# Whom it knows


def test_people_are_known_by_number_or_else_by_name(learner: User, person: PersonFactory, tmp_path: Path) -> None:
    other = person("ben")
    by_name = [line(other, NOON + number, user_id=found) for number, found in enumerate((None, "", 999_999))]
    lines = [line(learner, username=other.username), line(learner, username=""), *by_name]
    said = import_logs(write(tmp_path / "a.log", *lines, line(learner, user_id=None, username="")))
    assert (acts(learner), acts(other)) == ([0], [0, 1, 2])
    assert "1 are of nobody" in said


def test_strangers_and_closed_accounts_are_counted_and_not_kept(
    learner: User, person: PersonFactory, tmp_path: Path
) -> None:
    closed, retired = person("closed"), person("retired__user_4f1c")
    closed.set_unusable_password()
    closed.save()
    lines = [line(closed), line(closed, NOON + 1, user_id=None), line(retired), line(learner)]
    lines += [line(learner, user_id=777_777, username="stranger")] * 2
    said = import_logs(write(tmp_path / "a.log", *lines))
    assert "1 of them are activity" in said
    assert "5 are of 4 people who have no open account here" in said
    assert {user_id for user_id, _, _ in stored()} == {learner.pk}


def test_what_one_does_for_another_is_nobody_s_time(learner: User, tmp_path: Path) -> None:
    lines = [line(learner, data={"user_id": learner.pk + 1}), line(learner, NOON + 1, data={"user_id": learner.pk})]
    said = import_logs(write(tmp_path / "a.log", *lines))
    assert "1 tell what somebody did for another learner" in said
    assert acts(learner) == [1]


def test_many_people_are_looked_up_at_once(person: PersonFactory, tmp_path: Path) -> None:
    people = [person(f"learner{number}") for number in range(40)]
    lines = [line(who, user_id=who.pk if number % 2 else None) for number, who in enumerate(people)]
    path = write(tmp_path / "a.log", *lines)
    with CaptureQueriesContext(connection) as captured:
        import_logs(path)
    assert {user_id for user_id, _, _ in stored()} == {who.pk for who in people}
    assert len(captured) <= 30


def test_a_learner_who_is_forgotten_while_an_import_goes_on_stays_forgotten(
    learner: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close_and_unite(*arguments: Any, **options: Any) -> bulk.Written:
        learner.set_unusable_password()
        learner.save()
        forget_learner(learner.pk)
        return unite(*arguments, **options)

    unite = bulk.unite
    monkeypatch.setattr(bulk, "unite", close_and_unite)
    import_logs(write(tmp_path / "a.log", line(learner)))
    assert stored() == {}


# Together with others


def test_imports_and_compaction_at_the_same_time_lose_nothing(
    learner: User, person: PersonFactory, tmp_path: Path
) -> None:
    people = [learner, person("ben"), person("cleo")]

    def path(name: str, first: int) -> Path:
        lines = [line(who, NOON + first + number * 7) for number in range(150) for who in people]
        return write(tmp_path / f"{name}.log", *lines)

    def live() -> None:
        for number in range(30):
            for who in people:
                api.keep([Activity(who.pk, KNOTS, Evidence(points=frozenset({NOON + 5000 + number})))])
                api.compact(who.pk)

    paths = [path("a", 0), path("b", 3), path("c", 0)]
    at_once(*(lambda path=path: import_logs(path, batch=60) for path in paths), live)
    for who in people:
        while api.compact(who.pk):
            pass
        imported = {first + number * 7 for first in (0, 3) for number in range(150)}
        assert acts(who) == sorted(imported | {5000 + number for number in range(30)})
    list(api.rederive())
    assert {api.get_learning_time(who.pk).seconds for who in people} == {149 * 7 + 3 + 29}


def test_where_two_lock_each_other_out_it_is_tried_again(
    learner: User, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failures = 2

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal failures
        if sql.startswith("INSERT") and "learningday" in sql and failures:
            failures -= 1
            raise OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        import_logs(write(tmp_path / "a.log", line(learner)))
    assert acts(learner) == [0]
    assert len(caplog.records) == 2


# What it shows


class Terminal(io.StringIO):
    """A terminal that keeps what is shown on it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look at the clock take 50 seconds."""
    seconds = itertools.count(0, 50)
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)))
    monkeypatch.setattr(learner_profile_import_tracking_logs, "time", clock)


def shown(stream: io.StringIO, path: Path, **options: Any) -> str:
    call_command(COMMAND, str(path), stdout=io.StringIO(), stderr=stream, no_color=True, **options)
    return stream.getvalue()


@pytest.mark.usefixtures("_slow")
def test_it_shows_how_far_it_is_and_how_long_it_takes(learner: User, tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", *[line(learner, NOON + number) for number in range(2000)])
    bars = shown(Terminal(), path).split("\r")[1:]
    assert len(bars) > 2
    assert re.match(r"\[#+ *\]  \d\d%  [\d,]+ lines, \d+/s, 0:\d\d:\d\d left  /", bars[1])
    assert bars[-1].startswith("[########################] 100%  2,000 lines")
    assert bars[-1].endswith("\n")
    # Where nobody looks on, a line a minute.
    lines = shown(io.StringIO(), path, again=True).splitlines()
    assert 0 < len(lines) < len(bars)
    assert "\r" not in "".join(lines)
    assert shown(Terminal(), path, again=True, verbosity=0) == ""
