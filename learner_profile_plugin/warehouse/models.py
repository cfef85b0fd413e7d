"""What was exported of whom, and who is to be erased where it went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class ExportedLearner(models.Model):
    """
    A learner of whom something was exported, or is being exported.

    .. pii: That a person was active, and the number by which analysts know them.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    actor_id = models.UUIDField(help_text="The number by which xAPI statements name the learner.")
    version = models.PositiveBigIntegerField(
        default=0, help_text="Of two exports of the same day, the one with the greater number holds."
    )
    mark = models.CharField(max_length=100, blank=True, help_text="What was exported, and where to; empty if due.")

    class Meta:
        """One row for each learner, written before anything of them goes out."""

        app_label = "learner_profile_plugin"
        verbose_name = "exported learner"

    def __str__(self) -> str:
        """Name the row by a number, not by name."""
        return f"{self._meta.verbose_name}: user {self.user_id}"


class PendingErasure(models.Model):
    """
    A number by which analysts knew somebody who is forgotten, until nothing is left under it.

    .. no_pii: It stands for somebody of whom nothing is held here any more.
    """

    actor_id = models.UUIDField(primary_key=True)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row for each number."""

        app_label = "learner_profile_plugin"
        verbose_name = "pending erasure"

    def __str__(self) -> str:
        """Name the row."""
        return f"{self._meta.verbose_name}: {self.actor_id}"
