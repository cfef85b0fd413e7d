"""Gathers the receivers of all domains, where ``plugin_app`` looks for them."""

from learner_profile_plugin.learning_record.receivers import (
    on_certificate_event,
    on_enrolment_event,
    on_grade_event,
    on_passing_status_event,
)
from learner_profile_plugin.profile_fields.receivers import on_picture_deleted
from learner_profile_plugin.retirement import on_retirement
from learner_profile_plugin.time_on_task.receivers import on_tracking_event
from learner_profile_plugin.warehouse.receivers import on_exported_learner_deleted

__all__ = [
    "on_certificate_event",
    "on_enrolment_event",
    "on_exported_learner_deleted",
    "on_grade_event",
    "on_passing_status_event",
    "on_picture_deleted",
    "on_retirement",
    "on_tracking_event",
]
