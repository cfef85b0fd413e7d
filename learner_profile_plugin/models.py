"""Gathers the tables of all domains, where Django looks for them."""

from learner_profile_plugin.learning_record.models import LearningRecord
from learner_profile_plugin.profile_fields.models import Consent, Draft, Item, Picture, Profile, SectionChoice
from learner_profile_plugin.secret_links.models import SecretLink
from learner_profile_plugin.section_rules.models import SectionRule
from learner_profile_plugin.time_on_task.models import (
    CourseTotal,
    ImportedLog,
    LearnerTotal,
    LearningDay,
    PendingEvidence,
)

__all__ = [
    "Consent",
    "CourseTotal",
    "Draft",
    "ImportedLog",
    "Item",
    "LearnerTotal",
    "LearningDay",
    "LearningRecord",
    "PendingEvidence",
    "Picture",
    "Profile",
    "SecretLink",
    "SectionChoice",
    "SectionRule",
]
