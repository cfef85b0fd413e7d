"""Gathers the admin pages of all domains, where Django looks for them."""

from learner_profile_plugin.learning_record.admin import LearningRecordAdmin
from learner_profile_plugin.profile_fields.admin import ProfileAdmin

__all__ = ["LearningRecordAdmin", "ProfileAdmin"]
