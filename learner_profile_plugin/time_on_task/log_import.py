"""Importing tracking logs: evidence of all their lines, once, however often and in whatever order they are read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from learner_profile_plugin.time_on_task import bulk
from learner_profile_plugin.time_on_task.log_evidence import MAX_UNKNOWN_PEOPLE, LogEvidence, Tally, Wanted
from learner_profile_plugin.time_on_task.log_files import (
    DAMAGE,
    PIPED,
    LogFile,
    LogReader,
    LogSourceError,
    Spot,
    find_files,
)
from learner_profile_plugin.time_on_task.log_lines import Parser, best_parser, parser_named
from learner_profile_plugin.time_on_task.log_processes import Progress, share_out
from learner_profile_plugin.time_on_task.models import ImportedLog

__all__ = [
    "BATCH",
    "MAX_UNKNOWN_PEOPLE",
    "PIPED",
    "How",
    "LogSourceError",
    "Outcome",
    "Wanted",
    "best_parser",
    "find_files",
    "import_logs",
    "parser_named",
]

BATCH = 200_000


@dataclass(frozen=True, slots=True)
class How:
    """
    How to import.

    Attributes:
        parser: what reads the lines.
        wanted: what to leave out.
        dry_run: write nothing.
        again: read files from the beginning also where that was done before.
        batch: how many lines of activity are held in memory before they are written.
    """

    parser: Parser
    wanted: Wanted = field(default_factory=Wanted)
    dry_run: bool = False
    again: bool = False
    batch: int = BATCH


@dataclass(slots=True)
class Outcome:
    """
    What became of it.

    Attributes:
        tally: lines.
        written: days.
        read_before: how many files were read before to their end.
        damaged: files that are damaged, and how.
        lost: files at which a process ended before it was done, with its exit code (negative: the signal).
    """

    tally: Tally
    written: bulk.Written = field(default_factory=bulk.Written)
    read_before: int = 0
    damaged: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, int | None]] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count what became of other files too."""
        self.tally.add(other.tally)
        self.written.add(other.written)
        self.read_before += other.read_before
        self.damaged += other.damaged
        self.lost += other.lost


def import_logs(files: list[LogFile], how: How, progress: Progress, processes: int = 1) -> Outcome:
    """
    Import files, one after the other; or by several processes, each of which does so with some of them.

    How far a file was read is stored after the evidence before that place, so that an import which is
    interrupted, in whatever way, goes on there and loses nothing. What it reads twice is the same
    evidence, and changes nothing.
    """
    if processes == 1:
        return _Import(how, progress).run(files)
    outcome = Outcome(Tally())
    for done in share_out(files, lambda some, tell: _Import(how, tell).run(some), progress, processes):
        if done.result is None:
            outcome.lost.append((done.path, done.exit_code))
        else:
            outcome.add(done.result)
    return outcome


class _Import:
    """One run."""

    def __init__(self, how: How, progress: Progress) -> None:
        self._how = how
        self._progress = progress
        self._evidence = LogEvidence(how.parser, how.wanted)
        self._outcome = Outcome(self._evidence.tally)
        self._read_to: dict[str, ImportedLog] = {}
        self._bytes_before = 0

    def run(self, files: Iterable[LogFile]) -> Outcome:
        for file in files:
            try:
                with file.open() as source:
                    self._read(file, LogReader(file, source))
            except DAMAGE as error:
                self._outcome.damaged.append((file.path, str(error) or type(error).__name__))
            self._bytes_before += file.size or 0
        self._write()
        return self._outcome

    def _read(self, file: LogFile, reader: LogReader) -> None:
        state = self._state_of(file, reader)
        if file.size is not None and file.size == state.size:
            self._outcome.read_before += 1
            return
        state.size = None
        if state.offset:
            reader.go_to(Spot(state.offset, state.number, state.mark))
        try:
            for block in reader.blocks():
                if self._evidence.is_full(self._how.batch):
                    self._note(state, reader.spot)
                    self._write()
                self._evidence.read(block)
                self._progress(file.path, self._bytes_before + reader.bytes_read, self._outcome.tally.lines)
            state.size = file.size
        finally:
            self._note(state, reader.spot)

    def _state_of(self, file: LogFile, reader: LogReader) -> ImportedLog:
        """Return how far a file was read, with these filters; a new state where that is not to be gone by."""
        if file.path == PIPED:
            return ImportedLog()
        wanted, path = self._how.wanted, file.path if "://" in file.path else os.path.abspath(file.path)
        name = [path, reader.first_line().decode("latin-1"), wanted.since, wanted.until, sorted(wanted.courses)]
        key = hashlib.sha256(json.dumps(name).encode()).hexdigest()
        known = None if self._how.again else ImportedLog.objects.filter(key=key).first()
        return known or ImportedLog(key=key, path=path)

    def _note(self, state: ImportedLog, spot: Spot) -> None:
        """Remember how far a file was read, until what was read is written."""
        if state.key:
            state.offset, state.number, state.mark = spot.offset, spot.number, spot.mark
            self._read_to[state.key] = state

    def _write(self) -> None:
        """Write the evidence, and only then how far it goes."""
        self._outcome.written.add(bulk.unite(self._evidence.take(), dry_run=self._how.dry_run))
        if not self._how.dry_run:
            bulk.written_at_last(self._store_places, f"how far {len(self._read_to)} files were read")
        self._read_to.clear()

    def _store_places(self) -> None:
        with transaction.atomic():
            for state in self._read_to.values():
                fields = {name: getattr(state, name) for name in ("path", "offset", "number", "mark", "size")}
                ImportedLog.objects.update_or_create(key=state.key, defaults=fields)
