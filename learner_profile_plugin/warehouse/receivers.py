"""What has to follow where a learner goes, however they go."""

from __future__ import annotations

from typing import Any

from learner_profile_plugin.warehouse.models import ExportedLearner, PendingErasure


def on_exported_learner_deleted(*, instance: ExportedLearner, using: str, **_: Any) -> None:
    """Note, in the same transaction, that what was exported has to be erased: forgotten, retired or deleted."""
    PendingErasure.objects.using(using).bulk_create([PendingErasure(actor_id=instance.actor_id)], ignore_conflicts=True)
