"""The table of the rules that site administrators lay down in Django admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import Audience
from learner_profile_plugin.section_rules.reading import KEYS, read


class SectionRule(models.Model):
    """
    A rule for one section. What is left open (null) is as the settings say.

    Which sections and audiences there are is no business of the table: a row that an earlier or a
    later version wrote must not make this one fail.

    .. no_pii:
    """

    section = models.CharField(_("section"), max_length=32, unique=True)
    is_enabled = models.BooleanField(_("shown"), null=True, blank=True)
    is_locked = models.BooleanField(_("locked"), null=True, blank=True)
    is_required = models.BooleanField(_("required"), null=True, blank=True)
    default_audience = models.PositiveSmallIntegerField(_("default audience"), null=True, blank=True)
    max_items = models.PositiveSmallIntegerField(_("most items"), null=True, blank=True)
    modified_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        """One rule for each section."""

        app_label = "learner_profile_plugin"
        ordering = ("section",)
        verbose_name = _("section rule")
        verbose_name_plural = _("section rules")

    def __str__(self) -> str:
        """Name the section."""
        return f"rule for {self.section}"

    def clean(self) -> None:
        """Refuse what would not hold."""
        errors: dict[str, list[str]] = {}
        for problem in read({self.section: entry_of(self)}).problems if self.section else ():
            errors.setdefault(problem.field or NON_FIELD_ERRORS, []).append(f"{problem.text} {problem.hint}")
        if errors:
            raise ValidationError(errors)


def entry_of(row: SectionRule) -> dict[str, Any]:
    """Return what a row says, in the shape that settings have."""
    entry = {name: getattr(row, key.field) for name, key in KEYS.items()}
    if entry["default_audience"] in set(Audience):
        entry["default_audience"] = Audience(entry["default_audience"]).name.lower()
    return {name: value for name, value in entry.items() if value is not None}
