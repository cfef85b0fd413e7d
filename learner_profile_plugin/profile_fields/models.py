"""The tables of the profile: what a learner states. Written through ``api`` only."""

from __future__ import annotations

from django.conf import settings
from django.db import models

HEADLINE_LENGTH = 120
ABOUT_LENGTH = 5000
NAME_LENGTH = 200
URL_LENGTH = 500
DESCRIPTION_LENGTH = 3000
MAX_WORK_EXPERIENCES = 50
MAX_LINKS = 20
MAX_VERSION = 2**31 - 1


class Profile(models.Model):
    """
    The part of the profile that there is one of.

    .. pii: Whatever a learner writes about themself.
    .. pii_types: biography, other
    .. pii_retirement: local_api
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    headline = models.CharField(max_length=HEADLINE_LENGTH, default="", blank=True)
    about = models.TextField(max_length=ABOUT_LENGTH, default="", blank=True, help_text="Markdown")
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row for each learner who ever saved something."""

        app_label = "learner_profile_plugin"
        verbose_name = "profile"

    def __str__(self) -> str:
        """Name the row by numbers, not by name."""
        return f"profile of user {self.user_id}"


class WorkExperience(models.Model):
    """
    A position held.

    .. pii: A person's employment history.
    .. pii_types: biography, location, other
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="work_experience")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=NAME_LENGTH)
    employer = models.CharField(max_length=NAME_LENGTH)
    location = models.CharField(max_length=NAME_LENGTH, default="", blank=True)
    start = models.CharField(max_length=10, help_text="YYYY, YYYY-MM or YYYY-MM-DD")
    end = models.CharField(max_length=10, default="", blank=True, help_text="As the start; empty means: until now.")
    description = models.TextField(max_length=DESCRIPTION_LENGTH, default="", blank=True)

    class Meta:
        """Kept in the learner's order."""

        app_label = "learner_profile_plugin"
        ordering = ("position",)

    def __str__(self) -> str:
        """Name the row by numbers, not by what it says."""
        return f"work experience {self.position} of user {self.profile_id}"


class Link(models.Model):
    """
    An address that the learner wants to be found at.

    .. pii: Addresses of a person's pages elsewhere.
    .. pii_types: external_service
    .. pii_retirement: local_api
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=URL_LENGTH)
    label = models.CharField(max_length=NAME_LENGTH, default="", blank=True)

    class Meta:
        """Kept in the learner's order."""

        app_label = "learner_profile_plugin"
        ordering = ("position",)

    def __str__(self) -> str:
        """Name the row by numbers, not by what it says."""
        return f"link {self.position} of user {self.profile_id}"


class SectionAudience(models.Model):
    """
    The audience that the learner chose for a section; no row means the default.

    .. no_pii:
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="section_audiences")
    section = models.CharField(max_length=32)
    audience = models.PositiveSmallIntegerField()

    class Meta:
        """One choice for each section."""

        app_label = "learner_profile_plugin"
        constraints = [models.UniqueConstraint(fields=["profile", "section"], name="lpp_one_audience_per_section")]

    def __str__(self) -> str:
        """Name the row by numbers."""
        return f"audience of {self.section} of user {self.profile_id}"
