"""The learning record in Django admin: only the platform writes it."""

from django.contrib import admin

from learner_profile_plugin.learning_record.models import LearningRecord
from learner_profile_plugin.read_only_admin import ReadOnlyAdmin


@admin.register(LearningRecord)
class LearningRecordAdmin(ReadOnlyAdmin):
    """What the platform recorded."""

    list_display = ("user", "course_key", "enrolment_is_active", "certificate_status", "grade_percent")
    list_select_related = ("user",)
    search_fields = ("user__username", "course_key")
