"""Uniting pending evidence of a learner with the days that it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import totals
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence
from learner_profile_plugin.time_on_task.stored import Days, add, read, read_days

Place = tuple[CourseKey, int]


def compact(user_id: int, limit: int = 5000) -> int:
    """
    Unite pending evidence of a learner with its days; return how many pending rows are gone.

    Any number of these may run at once, and one that is interrupted leaves everything as it was.
    """
    if not PendingEvidence.objects.filter(user_id=user_id).exists():
        return 0
    totals.ensure([user_id])
    with transaction.atomic():
        total = totals.hold(user_id)
        if total is None:
            return 0
        pending = PendingEvidence.objects.filter(user_id=user_id).order_by("pk")[:limit]
        rows = [(row, part) for row in pending if (part := read(row)) is not None]
        # Taken first: where another got them, or the learner is deleted, everything is left as it is.
        taken, _ = PendingEvidence.objects.filter(pk__in=[row.pk for row, _ in rows]).delete()
        if taken != len(rows):
            transaction.set_rollback(True)
            return 0
        if not rows:
            if total.rule_version == totals.OUTDATED and not LearningDay.objects.filter(user_id=user_id).exists():
                total.delete()
            return 0
        parts: dict[Place, list[Evidence]] = defaultdict(list)
        for row, part in rows:
            parts[row.course_key, row.day].append(part)
        changed = {day for _, day in parts}
        before = read_days(LearningDay.objects.filter(user_id=user_id, day__in=totals.neighbours(changed)))
        united = _unite(user_id, {place: Evidence.union(pieces) for place, pieces in parts.items()})
        totals.follow(total, before, add(before, united), changed)
        back = [
            PendingEvidence(user_id=user_id, course_key=row.course_key, day=row.day, evidence=row.evidence)
            for row, _ in rows
            if (row.course_key, row.day) not in united
        ]
        PendingEvidence.objects.bulk_create(back, batch_size=500)
    return len(rows) - len(back)


def _unite(user_id: int, days: Mapping[Place, Evidence]) -> Days:
    """Unite evidence with its days, and return the days that could be read."""
    LearningDay.objects.bulk_create(
        [
            LearningDay(user_id=user_id, course_key=course_key, day=day, evidence=pack(Evidence(), day))
            for course_key, day in sorted(days, key=lambda item: (str(item[0]), item[1]))
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    stored = LearningDay.objects.select_for_update().filter(user_id=user_id, day__in={day for _, day in days})
    changed: list[LearningDay] = []
    united: Days = {}
    for row in stored.order_by("pk"):
        more, known = days.get((row.course_key, row.day)), read(row)
        if more is not None and known is not None:
            united[row.course_key, row.day] = known | more
            row.evidence = pack(known | more, row.day)
            changed.append(row)
    LearningDay.objects.bulk_update(changed, ["evidence"], batch_size=200)
    return united
