"""Celery tasks of time on task."""

from __future__ import annotations

import base64
from typing import Any

from celery import shared_task
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api, late
from learner_profile_plugin.time_on_task.codec import unpack
from learner_profile_plugin.time_on_task.data import Activity


@shared_task(
    name="learner_profile_plugin.time_on_task.store_evidence",
    autoretry_for=(Exception,),
    retry_backoff=10,
    retry_backoff_max=3600,
    max_retries=12,
    ignore_result=True,
)
def store_evidence(rows: list[list[Any]]) -> None:
    """Store evidence (rows of user id, course key, day and stored form) that could not be stored at once."""
    activities = (
        Activity(user_id, CourseKey.from_string(course_key), unpack(base64.b64decode(form), day))
        for user_id, course_key, day, form in rows
    )
    api.keep(late.of_open_accounts(activities))
