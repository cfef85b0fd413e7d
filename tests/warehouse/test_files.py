"""A folder of files is brought up to date, however it was left."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from learner_profile_plugin.retirement import forget_learner
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import Interval
from learner_profile_plugin.warehouse import files
from tests.conftest import PersonFactory
from tests.time_on_task.material import KNOTS, MIDNIGHT, NOON
from tests.warehouse.conftest import actor, export, keep

pytestmark = pytest.mark.shown


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def content(folder: Path) -> list[list[str]]:
    return [
        line.split(",")
        for path in sorted(folder.iterdir())
        for line in gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
    ]


def test_a_file_holds_the_intervals_of_each_learner_by_day(learner: User, tmp_path: Path) -> None:
    keep(learner.pk, MIDNIGHT - 60, MIDNIGHT + 60, beats=(Interval(NOON, NOON + 5),))
    assert export(to_files=tmp_path) == "1 learners exported, 2 of their days written."
    head = [str(KNOTS), actor(learner.pk)]
    assert content(tmp_path) == [
        [*head, "2026-03-03", "2026-03-03 23:59:00", "2026-03-04 00:00:00", "acts", str(rule.VERSION)],
        [*head, "2026-03-04", "2026-03-04 00:00:00", "2026-03-04 00:01:00", "acts", str(rule.VERSION)],
        [*head, "2026-03-04", "2026-03-04 12:00:00", "2026-03-04 12:00:05", "beats", str(rule.VERSION)],
    ]


def test_only_files_of_whom_something_changed_are_written_again(
    learner: User, person: PersonFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "IDS_PER_FILE", 1)
    ben = person("ben")
    for user in (learner, ben):
        keep(user.pk, NOON, NOON + 60)
    export(to_files=tmp_path)
    before = names(tmp_path)
    assert len(before) == 2

    assert export(to_files=tmp_path) == "0 learners exported, 0 of their days written."
    keep(ben.pk, NOON + 120)
    assert export("--dry-run", to_files=tmp_path) == "0 learners would be exported, 0 erased."
    assert export(to_files=tmp_path) == "1 learners exported, 1 of their days written."
    assert len(set(before) & set(names(tmp_path))) == 1
    assert len(names(tmp_path)) == 2
    assert export("--all", to_files=tmp_path).startswith("2 learners")


def test_who_is_forgotten_is_in_no_file_after_the_next_export(
    learner: User, person: PersonFactory, tmp_path: Path
) -> None:
    far = person("ben", pk=learner.pk + 5 * files.IDS_PER_FILE)
    for user in (learner, far):
        keep(user.pk, NOON, NOON + 60)
    export(to_files=tmp_path)
    forget_learner(far.pk)
    export(to_files=tmp_path)
    assert {line[1] for line in content(tmp_path)} == {actor(learner.pk)}
    assert len(names(tmp_path)) == 1


def test_what_an_interruption_left_is_cleared_away_and_what_is_not_ours_stays(learner: User, tmp_path: Path) -> None:
    keep(learner.pk, NOON, NOON + 60)
    left = [".active_intervals-0000000-0123456789abcdef.csv.gz", "active_intervals-0000000-0123456789abcdef.csv.gz"]
    for name in [*left, "notes.txt", "active_intervals-mine.csv.gz"]:
        (tmp_path / name).touch()
    export(to_files=tmp_path)
    assert len(names(tmp_path)) == 3
    assert {"notes.txt", "active_intervals-mine.csv.gz"} < set(names(tmp_path))
    assert not set(left) & set(names(tmp_path))


def test_a_file_that_cannot_be_finished_is_not_there(
    learner: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(learner.pk, NOON, NOON + 60)
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(CommandError, match="cannot be written to: No space left on device"):
        export(to_files=tmp_path)
    assert not list(tmp_path.glob("active*"))
    monkeypatch.undo()
    export(to_files=tmp_path)
    assert len(names(tmp_path)) == 1


def _full(descriptor: int) -> None:
    raise OSError(28, os.strerror(28))


def test_a_folder_that_is_not_there_is_told(transactional_db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere cannot be written to: No such file or directory"):
        export(to_files=tmp_path / "nowhere")
