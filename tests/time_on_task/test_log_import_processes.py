"""Several processes that import give what one gives, and whoever of them ends, nothing is lost."""

from __future__ import annotations

import gzip
import io
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from learner_profile_plugin.management.commands import learner_profile_import_tracking_logs as command
from learner_profile_plugin.time_on_task import log_import
from learner_profile_plugin.time_on_task.models import ImportedLog
from tests.conftest import PersonFactory
from tests.time_on_task.log_material import clear, import_logs, logged, stored, write, written
from tests.time_on_task.material import NOON, TIDES, event, moment

FILES = 7


@pytest.fixture
def archive(learner: User, person: PersonFactory, tmp_path: Path) -> Path:
    """Return a folder with files of several sizes, which tell of the same learners and days."""
    people = [learner, person("ben"), person("cleo")]
    folder = tmp_path / "archive"
    for number in range(FILES):
        lines = [
            written(logged(event(name, {"id": "reef"}, user_id=who.pk, at=moment(NOON + at * 40 + number), **fields)))
            for at in range(30 * (number + 1))
            for who in people
            for name, fields in (("problem_check", {}), ("play_video", {"course_id": str(TIDES)}))
        ]
        path = write(folder / f"{number}.log", *lines, b"bad" if number % 2 else b"")
        if number % 3 == 0:
            path.write_bytes(gzip.compress(path.read_bytes()))
    return folder


def test_it_gives_what_one_process_gives(archive: Path) -> None:
    said = import_logs(archive, batch=50)
    expected, states = stored(), ImportedLog.objects.count()
    assert len(expected) >= 6
    clear()
    by_several = import_logs(archive, batch=50, processes=3)
    assert stored() == expected
    assert ImportedLog.objects.count() == states == FILES
    for line in ("lines read", "are activity", "cannot be read", "bad", ": Expecting value"):
        assert count(by_several, line) == count(said, line)
    assert "7 files were read to their end before" in import_logs(archive, processes=3)
    import_logs(archive, processes=2, again=True)
    assert stored() == expected


def count(said: str, what: str) -> list[str]:
    """Return the lines that say something."""
    return sorted(line for line in said.splitlines() if what in line)


def test_a_dry_run_changes_nothing(archive: Path) -> None:
    assert "would be begun" in import_logs(archive, processes=2, dry_run=True)
    assert stored() == {}
    assert not ImportedLog.objects.exists()


def test_there_are_no_more_processes_than_files(archive: Path) -> None:
    import_logs(archive / "0.log", processes=50)
    assert stored()


def test_what_is_piped_in_is_not_shared_out() -> None:
    with pytest.raises(CommandError, match="piped in"):
        import_logs("-", processes=2)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_one_bar_shows_how_far_all_of_them_are(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    show = command._Bar.__call__

    def look(self: Any, path: str, bytes_read: int, lines: int) -> None:
        seen.append((bytes_read, lines))
        show(self, path, bytes_read, lines)

    monkeypatch.setattr(command._Bar, "__call__", look)
    stream = Terminal()
    call_command("learner_profile_import_tracking_logs", str(archive), processes=2, stdout=io.StringIO(), stderr=stream)
    assert seen == sorted(seen)
    assert seen[-1][0] <= sum(path.stat().st_size for path in archive.iterdir())
    assert seen[-1][1] > 0


def test_a_file_that_cannot_be_read_ends_all_of_them(archive: Path) -> None:
    (archive / "8.zst").write_bytes(b"\x28\xb5\x2f\xfd and more")
    with pytest.raises(CommandError, match="packed with zstd"):
        import_logs(archive, processes=2)
    assert multiprocessing.active_children() == []


def test_an_interruption_ends_all_of_them(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command._Bar, "__call__", interrupt)
    for processes in (1, 3):
        with pytest.raises(CommandError, match="goes on where it was"):
            import_logs(archive, processes=processes)
        assert multiprocessing.active_children() == []
    monkeypatch.undo()
    assert "Stopped" not in import_logs(archive, processes=3)


def test_a_process_that_is_lost_is_named_and_the_others_go_on(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = log_import._Import._read

    def read_or_end(self: Any, file: Any, reader: Any) -> None:
        if file.path.endswith("5.log"):
            os.kill(os.getpid(), signal.SIGKILL)
        read(self, file, reader)

    monkeypatch.setattr(log_import._Import, "_read", read_or_end)
    said = io.StringIO()
    with pytest.raises(CommandError, match="Not everything was imported"):
        call_command("learner_profile_import_tracking_logs", str(archive), processes=2, stdout=said, stderr=said)
    assert f"A process ended too early (exit code -9), while it read {archive / '5.log'}." in said.getvalue()
    monkeypatch.undo()
    import_logs(archive, processes=2)
    after = stored()
    clear()
    import_logs(archive)
    assert after == stored()
