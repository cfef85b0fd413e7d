"""Everything that the plugin holds of a learner goes, in one place."""

from __future__ import annotations

from django.db import transaction

from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.time_on_task import api as time_on_task


def forget_learner(user_id: int) -> None:
    """
    Remove all that is stored of a learner: profile, learning record, evidence of learning time.

    All of it or nothing; doing it again does no harm. Raises what the database raises, so that the
    caller can try again.
    """
    with transaction.atomic():
        for domain in (profile_fields, learning_record, time_on_task):
            domain.delete_learner(user_id)
