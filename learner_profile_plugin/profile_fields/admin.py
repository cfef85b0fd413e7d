"""Profiles in Django admin: only their owners write them."""

from django.contrib import admin

from learner_profile_plugin.profile_fields.models import Profile
from learner_profile_plugin.read_only_admin import ReadOnlyAdmin


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    """Whose profile is there, and whether it is published; what it says is for those who may see it."""

    list_display = ("user", "published_at", "modified_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
