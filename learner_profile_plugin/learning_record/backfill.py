"""
Backfill and repair: brings records up to what the platform's own tables say.

A run reads pages of the platform's rows and unites each with the records (see ``bulk``); then it looks
records up whose rows the platform may not hold any more. How far it came is stored after each page, so
that a run which is interrupted, in whatever way, goes on there and loses nothing: what it reads twice
changes nothing. Once it is through, the next one begins anew.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from learner_profile_plugin.learning_record.bulk import Page, Settled
from learner_profile_plugin.learning_record.data import Fact
from learner_profile_plugin.learning_record.differences import Difference
from learner_profile_plugin.learning_record.models import BackfillPosition
from learner_profile_plugin.learning_record.platform_facts import MARGIN
from learner_profile_plugin.learning_record.platform_pages import PAGES, Read, Scope, Source, sources_of
from learner_profile_plugin.patience import patiently

__all__ = ["BATCH", "KINDS", "MARGIN", "Difference", "How", "Outcome", "Scope", "backfill"]

BATCH = 1000
KINDS = tuple(PAGES)
"""What can be read of the platform."""
DRIFT = ("missing", "differs", "gone")
"""Why a difference is one that a repair removes."""


class Progress(Protocol):
    """Who is told how far it has come."""

    def __call__(self, source: str, done: int, total: int) -> None:
        """Take note of what is read, and how many rows of how many there were when it began."""


@dataclass(frozen=True, slots=True)
class How:
    """
    How to backfill.

    Attributes:
        scope: of whom and where.
        kinds: which of :data:`KINDS`.
        dry_run: write nothing.
        again: begin anew also where a run was interrupted.
        batch: how many rows are held in memory, and written in one transaction at most.
        pause: seconds between two pages.
        shown: how many differences and malformed rows are kept to be shown.
    """

    scope: Scope = field(default_factory=Scope)
    kinds: Sequence[str] = KINDS
    dry_run: bool = False
    again: bool = False
    batch: int = BATCH
    pause: float = 0.0
    shown: int = 100


@dataclass(slots=True)
class Outcome:
    """
    What became of it.

    Attributes:
        rows: how many were read, by source.
        counts: how many rows, by kind and by what was the matter with their records: ``missing``,
            ``differs``, ``gone``, ``too fresh`` (see ``Difference``), ``same``, or ``closed`` (of
            accounts that get nothing new).
        malformed: how many rows cannot be understood or written.
        differences, reasons: the first of these, and of those by source and row or place.
        went_on: from which row, and when that was stored, by source, where a run was interrupted.
    """

    rows: Counter[str] = field(default_factory=Counter)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    malformed: int = 0
    differences: list[Difference] = field(default_factory=list)
    reasons: list[tuple[str, str, str]] = field(default_factory=list)
    went_on: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    @property
    def drift(self) -> int:
        """How many are to be repaired, or were."""
        return sum(count for (_, why), count in self.counts.items() if why in DRIFT)


def backfill(how: How, progress: Progress) -> Outcome:
    """
    Bring records up to the platform's rows, or only compare them.

    Any number of these may run, beside those that record events. Raises what the database and compat
    raise if that does not pass (see ``patience``); run it again then.
    """
    return _Run(how, progress).run()


class _Run:
    """One run."""

    def __init__(self, how: How, progress: Progress) -> None:
        self._how, self._progress = how, progress
        self._outcome = Outcome()
        self._stores_positions = not how.dry_run and how.scope.user_id is None
        names = sorted(map(str, how.scope.courses))
        self._scope = hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""

    def run(self) -> Outcome:
        sources = list(sources_of(self._how.kinds))
        positions = self._positions([source.name for source in sources])
        for source in sources:
            self._read(source, positions.get(source.name, 0))
        if self._stores_positions:
            names = [source.name for source in sources]
            done = BackfillPosition.objects.filter(scope=self._scope, source__in=names)
            patiently(done.delete, "forgetting how far it came")
        return self._outcome

    def _positions(self, names: Sequence[str]) -> dict[str, int]:
        if not self._stores_positions or self._how.again:
            return {}
        stored = BackfillPosition.objects.filter(scope=self._scope, source__in=names)
        self._outcome.went_on = {row.source: (row.row_id, row.changed_at) for row in stored}
        return {source: row_id for source, (row_id, _) in self._outcome.went_on.items()}

    def _read(self, source: Source, after: int) -> None:
        how, start = self._how, after
        total = patiently(lambda: source.count(how.scope, start), f"counting {source.name}")
        done = 0
        self._progress(source.name, done, total)
        while (read := source.read(how.scope, after, how.batch)).last is not None:
            for row_id, reason in sorted(read.malformed.items()):
                self._note_malformed(source, f"row {row_id}", reason)
            self._unite(source, read, read.facts)
            after, done = read.last, done + read.rows
            self._outcome.rows[source.name] = done
            self._store(source.name, after)
            self._progress(source.name, done, max(total, done))
            time.sleep(how.pause)

    def _unite(self, source: Source, read: Read, facts: Sequence[Fact]) -> None:
        """Compare and write; what cannot be written is left out, and nothing else."""
        page = Page(facts, read.read_at, is_gone=read.is_gone)
        try:
            settled = patiently(page.compare if self._how.dry_run else page.write, f"{len(facts)} facts")
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must not suffer
            places = sorted({_place(fact) for fact in facts})
            if len(places) > 1:
                half = set(places[: len(places) // 2])
                self._unite(source, read, [fact for fact in facts if _place(fact) in half])
                self._unite(source, read, [fact for fact in facts if _place(fact) not in half])
            else:
                # Not the text of the error: it can quote what could not be written, a name for one.
                self._note_malformed(source, "user {} in {}".format(*places[0]), type(error).__name__)
        else:
            self._count(source, settled)

    def _count(self, source: Source, settled: Settled) -> None:
        counts, kind = self._outcome.counts, source.name.split()[0]
        # A grade is two facts: itself, and whether it is enough to pass.
        found = {(difference.user_id, difference.course, difference.why) for difference in settled.differences}
        counts.update((kind, why) for _, _, why in found)
        counts[kind, "same"] += settled.same
        counts[kind, "closed"] += settled.closed
        room = self._how.shown - len(self._outcome.differences)
        self._outcome.differences += settled.differences[:room] if room > 0 else []
        for user_id, course in settled.refused:
            self._note_malformed(source, f"user {user_id} in {course}", "a record of another course takes its place")

    def _note_malformed(self, source: Source, where: str, reason: str) -> None:
        self._outcome.malformed += 1
        if len(self._outcome.reasons) < self._how.shown:
            self._outcome.reasons.append((source.name, where, reason))

    def _store(self, source: str, row_id: int) -> None:
        if self._stores_positions:
            patiently(lambda: _store_position(self._scope, source, row_id), "storing how far it came")


def _place(fact: Fact) -> tuple[int, str]:
    return fact.user_id, str(fact.course_key)


def _store_position(scope: str, source: str, row_id: int) -> None:
    # Most often it is there, and one statement will do.
    known = BackfillPosition.objects.filter(scope=scope, source=source)
    if not known.update(row_id=row_id, changed_at=timezone.now()):
        BackfillPosition.objects.update_or_create(scope=scope, source=source, defaults={"row_id": row_id})
