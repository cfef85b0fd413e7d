"""The table of secret links. Written through ``api`` only."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

NAME_LENGTH = 100


class SecretLink(models.Model):
    """
    A link that shows a part of a learner's portfolio. Of its secret there is a hash only.

    .. pii: What a learner calls the people that they share their portfolio with.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    secret_hash = models.CharField(max_length=64, editable=False, help_text="SHA-256, in hexadecimal.")
    sections = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    use_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by id, or by learner."""

        app_label = "learner_profile_plugin"
        verbose_name = "secret link"
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        """Name the row by numbers, not by what it is called."""
        return f"secret link {self.id} of user {self.user_id}"
