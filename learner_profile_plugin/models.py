"""Gathers the tables of all domains, where Django looks for them."""

from learner_profile_plugin.learning_record.models import BackfillPosition, LearningRecord
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
from learner_profile_plugin.warehouse.models import ExportedLearner, PendingErasure

__all__ = [
    "BackfillPosition",
    "Consent",
    "CourseTotal",
    "Draft",
    "ExportedLearner",
    "ImportedLog",
    "Item",
    "LearnerTotal",
    "LearningDay",
    "LearningRecord",
    "PendingErasure",
    "PendingEvidence",
    "Picture",
    "Profile",
    "SecretLink",
    "SectionChoice",
    "SectionRule",
]
