"""Gathers the Celery tasks of all domains, where Celery looks for them."""

from learner_profile_plugin.learning_record.tasks import store_fact
from learner_profile_plugin.profile_fields.tasks import count_common_names, delete_picture_file
from learner_profile_plugin.time_on_task.tasks import store_evidence

__all__ = ["count_common_names", "delete_picture_file", "store_evidence", "store_fact"]
