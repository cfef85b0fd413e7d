"""Secret links in Django admin: only learners make and revoke them."""

from django.contrib import admin

from learner_profile_plugin.read_only_admin import ReadOnlyAdmin
from learner_profile_plugin.secret_links.models import SecretLink


@admin.register(SecretLink)
class SecretLinkAdmin(ReadOnlyAdmin):
    """Who shares with how many, and until when; no secrets, and no names."""

    list_display = ("id", "user", "created_at", "expires_at", "revoked_at", "use_count", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    exclude = ("name", "secret_hash")
