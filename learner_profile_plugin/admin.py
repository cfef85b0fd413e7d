"""Gathers the admin pages of all domains, where Django looks for them."""

from learner_profile_plugin.learning_record.admin import LearningRecordAdmin
from learner_profile_plugin.profile_fields.admin import ProfileAdmin
from learner_profile_plugin.secret_links.admin import SecretLinkAdmin
from learner_profile_plugin.section_rules.admin import SectionRuleAdmin

__all__ = ["LearningRecordAdmin", "ProfileAdmin", "SecretLinkAdmin", "SectionRuleAdmin"]
