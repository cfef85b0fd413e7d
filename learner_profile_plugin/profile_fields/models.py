"""The tables of the profile: what a learner states. Written through ``api`` only."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """
    The row that everything else of a learner's profile hangs on.

    .. pii: That a person shows their portfolio, and whether they were a minor when they agreed to it.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_as_minor = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each learner who ever saved something."""

        app_label = "learner_profile_plugin"
        verbose_name = "profile"

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"profile of user {self.user_id}"


class Item(models.Model):
    """
    An entry in a section: a position held, a school, a skill, ...

    What its fields are is told by ``kinds``; see docs/decisions for why they share a table.

    .. pii: Whatever a learner writes about themself.
    .. pii_types: biography, location, external_service, other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="items")
    section = models.CharField(max_length=32)
    position = models.PositiveIntegerField()
    values = models.JSONField()
    is_hidden = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Removed, and for a short time to be had back.")

    class Meta:
        """Read all at once, by learner; swept by the time of removal."""

        app_label = "learner_profile_plugin"
        ordering = ("position", "created_at", "id")
        indexes = [models.Index(fields=["removed_at"], name="lpp_items_by_removal")]

    def __str__(self) -> str:
        """Name the row by its id, not by what it says."""
        return f"{self.section} item {self.id} of user {self.profile_id}"


class Picture(models.Model):
    """
    A picture of an item. The file is in the site's storage, and goes when the row goes.

    .. pii: Pictures that a learner shows.
    .. pii_types: image
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    description = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """In the learner's order."""

        app_label = "learner_profile_plugin"
        ordering = ("position", "id")

    def __str__(self) -> str:
        """Name the row by its id."""
        return f"picture {self.id}"


class SectionChoice(models.Model):
    """
    What the learner chose for a section: who sees it, and in which order it stands. No row: the defaults.

    .. no_pii: Of the person it says nothing.
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="section_choices")
    section = models.CharField(max_length=32)
    audience = models.PositiveSmallIntegerField(null=True, blank=True)
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        """One choice for each section."""

        app_label = "learner_profile_plugin"
        constraints = [models.UniqueConstraint(fields=["profile", "section"], name="lpp_one_choice_per_section")]

    def __str__(self) -> str:
        """Name the row by numbers."""
        return f"choice for {self.section} of user {self.profile_id}"


class Draft(models.Model):
    """
    What was typed into a form and is not saved yet.

    .. pii: Whatever a learner was about to write about themself.
    .. pii_types: biography, location, external_service, other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        """One draft for each form."""

        app_label = "learner_profile_plugin"
        constraints = [models.UniqueConstraint(fields=["profile", "form"], name="lpp_one_draft_per_form")]

    def __str__(self) -> str:
        """Name the row by numbers."""
        return f"draft of user {self.profile_id}"


class Consent(models.Model):
    """
    A learner's word that the portfolio be shown to others: when, and to which text they gave it.

    .. pii: That a person agreed, and to what.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(help_text="As it was shown.")
    audiences = models.JSONField(help_text="Who was to see which section at that time.")

    class Meta:
        """Every time is kept."""

        app_label = "learner_profile_plugin"
        ordering = ("given_at", "id")

    def __str__(self) -> str:
        """Name the row by numbers."""
        return f"consent of user {self.profile_id}"
