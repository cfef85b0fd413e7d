"""
Bringing what stands in ClickHouse up to what follows from the evidence, learner by learner.

What stands there of a learner is read and compared, so that what was lost, doubled or is stale for
whatever reason is put right, and what is right is not written again. Wherever it ends, it can begin
again: a learner is only marked as done when ClickHouse has said that it holds everything.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from learner_profile_plugin import compat
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.warehouse import tables
from learner_profile_plugin.warehouse.clickhouse import ClickHouse
from learner_profile_plugin.warehouse.data import ActiveDay, Days, Outcome
from learner_profile_plugin.warehouse.days import compact_evidence, days_of
from learner_profile_plugin.warehouse.models import ExportedLearner, PendingErasure

LEARNERS_AT_ONCE = 100
PAGE = 500
SETTLED_AFTER = timedelta(hours=1)
"""For how long it is looked whether something of a forgotten learner arrives yet, from an export that was cut off."""

Marks = dict[int, str]
Told = Callable[[Outcome], None]


def export(
    server: ClickHouse, *, again: bool = False, dry_run: bool = False, batch: int = LEARNERS_AT_ONCE, told: Told
) -> Outcome:
    """
    Export the learners whose active time may have changed since they were exported, and erase the forgotten ones.

    Args:
        server: where to.
        again: compare everybody. Who was done before it was interrupted is not compared again by the next run.
        dry_run: change nothing here or there; count the learners only.
        batch: how many learners are held in memory at once.
        told: is called with what became of it so far.

    Raises:
        WarehouseError: where ClickHouse cannot do its part.
    """
    outcome = Outcome()
    tables.require(server)
    place = hashlib.sha256(server.place.encode()).hexdigest()[:16]
    if dry_run:
        waiting = set(time_on_task.get_learners_with_pending_evidence())
        due = {user_id for marks in _due(place, PAGE, again=again) for user_id in marks}
        return Outcome(learners=len(waiting | due), erased=PendingErasure.objects.count())
    if again:
        ExportedLearner.objects.update(mark="")
    _erase(server, outcome)
    compact_evidence()
    for marks in _due(place, batch):
        _export(server, marks, outcome)
        told(outcome)
    return outcome


def _due(place: str, batch: int, *, again: bool = False) -> Iterator[Marks]:
    """Yield the learners who are not exported as they are, each with the mark that they are to get."""
    after = 0
    while marks := time_on_task.get_marks(after, PAGE):
        after = max(marks)
        known = dict(ExportedLearner.objects.filter(pk__in=marks).values_list("pk", "mark"))
        wanted = {user_id: f"{mark}@{place}" for user_id, mark in marks.items()}
        due = [user_id for user_id, mark in wanted.items() if again or known.get(user_id) != mark]
        for start in range(0, len(due), batch):
            yield {user_id: wanted[user_id] for user_id in due[start : start + batch]}


def _export(server: ClickHouse, marks: Marks, outcome: Outcome) -> None:
    actors = compat.get_external_ids(list(marks))
    erased_first = set(PendingErasure.objects.filter(pk__in=actors.values()).values_list("pk", flat=True))
    actors = {user_id: actor for user_id, actor in actors.items() if UUID(actor) not in erased_first}
    outcome.waiting += len(marks) - len(actors)
    if not actors:
        return
    # Before their evidence is read, and for good: whoever is forgotten from now on is known to have gone out.
    versions = _claim(actors)
    wanted: Days = {}
    version_of: dict[str, int] = {}
    for user_id, version in versions.items():
        active = time_on_task.get_active_time(user_id)
        if not active.by_course:
            # Forgotten meanwhile, and perhaps before the claim.
            ExportedLearner.objects.filter(pk=user_id).delete()
        wanted |= days_of(active, actors[user_id])
        version_of[actors[user_id]] = version
    outcome.days += _bring_up(server, wanted, version_of)
    _settle(versions, marks)
    outcome.learners += len(versions)


def _bring_up(server: ClickHouse, wanted: Days, version_of: dict[str, int]) -> int:
    """Write the days that are not as they should be; return how many."""
    there = tables.read(server, version_of)
    wanted = {place: active for place, active in wanted.items() if place.day <= tables.LAST_DAY}
    changed = {place: active for place, active in wanted.items() if there.get(place) != active}
    # One that is gone is written as one without spans; a row says nothing else of itself.
    changed |= {
        place: ActiveDay((), active.rule) for place, active in there.items() if active.spans and place not in wanted
    }
    tables.write(server, ((place, active, version_of[place.actor_id]) for place, active in sorted(changed.items())))
    return len(changed)


def _claim(actors: dict[int, str]) -> dict[int, int]:
    """Note that learners are being exported; return the version of what is exported of each now."""
    known = set(ExportedLearner.objects.filter(pk__in=actors).values_list("pk", flat=True))
    missing = [ExportedLearner(user_id=user_id, actor_id=actors[user_id]) for user_id in actors.keys() - known]
    ExportedLearner.objects.bulk_create(missing, ignore_conflicts=True)
    # The clock, so that versions grow even if this database is set back to an earlier state.
    now = time.time_ns() // 1_000_000
    with transaction.atomic():
        rows = _held(actors)
        PendingErasure.objects.bulk_create(
            [PendingErasure(actor_id=row.actor_id) for row in rows if str(row.actor_id) != actors[row.pk]],
            ignore_conflicts=True,
        )
        for row in rows:
            row.version, row.actor_id = max(row.version + 1, now), UUID(actors[row.pk])
        ExportedLearner.objects.bulk_update(rows, ["version", "actor_id"])
    return {row.pk: row.version for row in rows}


def _settle(versions: dict[int, int], marks: Marks) -> None:
    """Mark learners as exported, but for those whom another export has claimed since, or who are forgotten."""
    with transaction.atomic():
        rows = [row for row in _held(versions) if row.version == versions[row.pk]]
        for row in rows:
            row.mark = marks[row.pk]
        ExportedLearner.objects.bulk_update(rows, ["mark"])


def _held(user_ids: Collection[int]) -> list[ExportedLearner]:
    return list(ExportedLearner.objects.select_for_update().filter(pk__in=list(user_ids)).order_by("pk"))


def _erase(server: ClickHouse, outcome: Outcome) -> None:
    """Erase forgotten learners; a note of one goes when nothing is left, and nothing can arrive any more."""
    settled = timezone.now() - SETTLED_AFTER
    notes = list(PendingErasure.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(notes), PAGE):
        some = {str(actor_id) for actor_id in notes[start : start + PAGE]}
        there = tables.find_actors(server, some)
        if there:
            tables.erase(server, there)
            outcome.erased += len(there)
        PendingErasure.objects.filter(pk__in=some - there, noted_at__lt=settled).delete()
