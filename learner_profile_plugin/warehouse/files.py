"""
When learners were learning, as files that analysts read with the tool of their choice.

A file holds the learners of a range of user ids. Its name says, by a digest, who they are and how far
their evidence has come: it is written once, and replaced when something of that changed. So a folder
can be brought up to date however it was left, and holds nobody who was forgotten before.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Protocol

from learner_profile_plugin import compat
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY
from learner_profile_plugin.warehouse.data import Outcome, WarehouseError
from learner_profile_plugin.warehouse.days import compact_evidence, days_of

HEADER = ("course_key", "actor_id", "day", "start", "end", "kind", "rule")
IDS_PER_FILE = 1000
OURS = re.compile(r"\.?active_intervals-(?P<range>[0-9]{7,})-[0-9a-f]{16}\.csv\.gz")
"""Names of files that are ours to replace; one that is being written begins with a dot."""


class _Writer(Protocol):
    """A writer of the csv module, which does not tell their type."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write a row."""


def export(folder: Path, *, again: bool = False, dry_run: bool = False, told: Callable[[Outcome], None]) -> Outcome:
    """
    Bring a folder up to date: one gzipped CSV file with a header for each range of learners that has any.

    Args:
        folder: where to; it has to be there.
        again: write also the files that are up to date by their names.
        dry_run: write nothing; count the learners whose files would be.
        told: is called with what became of it so far.

    Raises:
        WarehouseError: if the folder cannot be written to.
    """
    if not dry_run:
        compact_evidence()
    outcome = Outcome()
    try:
        present = _present(folder)
        for number, marks in _ranges():
            actors = compat.get_external_ids(list(marks))
            outcome.waiting += len(marks) - len(actors)
            name = f"active_intervals-{number:07}-{_digest(marks, actors)}.csv.gz"
            if again or name not in present.get(number, ()):
                outcome.learners += len(actors)
                if not dry_run:
                    outcome.days += _write(folder / name, actors)
            if not dry_run:
                _remove(folder, present.pop(number, set()) - {name})
            told(outcome)
        if not dry_run:
            # Ranges of which everybody is forgotten.
            _remove(folder, {name for names in present.values() for name in names})
    except OSError as error:
        raise WarehouseError(f"{folder} cannot be written to: {error.strerror}.") from error
    return outcome


def _ranges() -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the learners with days by ranges of their ids, each with a mark of their days."""
    for number, found in groupby(_marks(), lambda item: item[0] // IDS_PER_FILE):
        yield number, dict(found)


def _marks() -> Iterator[tuple[int, str]]:
    after = 0
    while marks := time_on_task.get_marks(after):
        yield from marks.items()
        after = max(marks)


def _digest(marks: dict[int, str], actors: dict[int, str]) -> str:
    content = [[user_id, mark, actors.get(user_id)] for user_id, mark in marks.items()]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _present(folder: Path) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for name in os.listdir(folder):
        match = OURS.fullmatch(name)
        if match:
            found.setdefault(int(match["range"]), set()).add(name)
    return found


def _remove(folder: Path, names: set[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _write(path: Path, actors: dict[int, str]) -> int:
    """Write a file, which is there as a whole or not at all; return how many learners' days are in it."""
    unfinished = path.with_name(f".{path.name}")
    with open(unfinished, "wb") as raw:
        # Without the time and a name in it, the same content has the same bytes.
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0)
        with packed, io.TextIOWrapper(packed, encoding="utf-8", newline="") as text:
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(HEADER)
            days = sum(_write_learner(lines, user_id, actor_id) for user_id, actor_id in actors.items())
        raw.flush()
        os.fsync(raw.fileno())
    os.replace(unfinished, path)
    return days


def _write_learner(lines: _Writer, user_id: int, actor_id: str) -> int:
    found = days_of(time_on_task.get_active_time(user_id), actor_id)
    for place, active in sorted(found.items()):
        day = _moment(place.day * SECONDS_PER_DAY)[:10]
        for start, end, kind in active.spans:
            lines.writerow([place.course_key, actor_id, day, _moment(start), _moment(end), kind, active.rule])
    return len(found)


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")
