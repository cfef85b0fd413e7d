"""
Keeps evidence that arrives while the caller is inside a transaction until that has ended.

A tracking event stays true when the request that sent it is rolled back, so its evidence must not
share the fate of the request's transaction. Outside of a transaction it is written at once. Inside
of one it waits in memory for the end: for the commit, for the end of the request or Celery task, or
for the next event of this thread, whichever comes first.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from typing import Any

from asgiref.local import Local
from celery.signals import task_postrun
from django.core.signals import request_finished
from django.db import transaction

from learner_profile_plugin.failsafe import never_raises, store_or_retry
from learner_profile_plugin.time_on_task import api
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import Activity
from learner_profile_plugin.time_on_task.tasks import store_evidence

RETRY_AFTER_SECONDS = 10

_waiting = Local()


def accept(activity: Activity) -> None:
    """Take evidence: write it now, or as soon as the transaction around the caller has ended."""
    _list().append(activity)
    if transaction.get_connection().in_atomic_block:
        # Each time anew: a savepoint that is rolled back takes its callbacks with it.
        transaction.on_commit(flush, robust=True)
    else:
        flush()


@never_raises("evidence of learning")
def flush(**_: Any) -> None:
    """Write what waits, unless a transaction is (still) open around the caller."""
    waiting = _list()
    if not waiting or transaction.get_connection().in_atomic_block:
        return
    activities = tuple(waiting)
    waiting.clear()
    learners = sorted({activity.user_id for activity in activities})
    store_or_retry(
        f"{len(activities)} piece(s) of evidence of user(s) {learners}",
        functools.partial(api.keep, activities),
        functools.partial(_queue, activities),
    )


def drop(user_id: int) -> None:
    """Forget what waits of a learner in this thread. What waits in others is of requests of theirs that still run."""
    _list()[:] = [activity for activity in _list() if activity.user_id != user_id]


def _list() -> list[Activity]:
    if not hasattr(_waiting, "activities"):
        _waiting.activities = []
    found: list[Activity] = _waiting.activities
    return found


def _queue(activities: Sequence[Activity]) -> None:
    """Hand evidence to Celery, as rows of user, course, day and stored form."""
    rows = [
        [activity.user_id, str(activity.course_key), day, base64.b64encode(pack(evidence, day)).decode()]
        for activity in activities
        for day, evidence in activity.evidence.by_day().items()
    ]
    store_evidence.apply_async((rows,), countdown=RETRY_AFTER_SECONDS, retry=False)


request_finished.connect(flush, dispatch_uid="learner_profile_plugin.spool.request")
task_postrun.connect(flush, dispatch_uid="learner_profile_plugin.spool.task", weak=False)
