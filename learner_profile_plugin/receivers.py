"""Gathers the receivers of all domains, where ``plugin_app`` looks for them."""

from learner_profile_plugin.learning_record.receivers import (
    on_certificate_event,
    on_enrolment_event,
    on_grade_event,
    on_passing_status_event,
)

__all__ = ["on_certificate_event", "on_enrolment_event", "on_grade_event", "on_passing_status_event"]
