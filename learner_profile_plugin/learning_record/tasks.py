"""Celery tasks of the learning record."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from learner_profile_plugin.learning_record import intake
from learner_profile_plugin.learning_record.data import fact_from_json


@shared_task(
    name="learner_profile_plugin.learning_record.store_fact",
    autoretry_for=(Exception,),
    retry_backoff=10,
    retry_backoff_max=3600,
    max_retries=12,
    ignore_result=True,
)
def store_fact(fact: dict[str, Any]) -> None:
    """Record a fact (as ``Fact.to_json`` wrote it) that could not be recorded when it arrived."""
    intake.store(fact_from_json(fact))
