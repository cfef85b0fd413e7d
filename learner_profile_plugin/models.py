"""Gathers the tables of all domains, where Django looks for them."""

from learner_profile_plugin.learning_record.models import LearningRecord
from learner_profile_plugin.profile_fields.models import Link, Profile, SectionAudience, WorkExperience
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence

__all__ = [
    "LearningDay",
    "LearningRecord",
    "Link",
    "PendingEvidence",
    "Profile",
    "SectionAudience",
    "WorkExperience",
]
