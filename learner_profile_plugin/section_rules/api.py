"""
The door of the rules for sections. Of the sources of a rule the most specific wins, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from logging import getLogger
from typing import Any

from django.conf import settings
from django.utils import translation

from learner_profile_plugin import compat
from learner_profile_plugin.access import Section, SectionRule
from learner_profile_plugin.section_rules import models
from learner_profile_plugin.section_rules.data import BUILT_IN, Problem
from learner_profile_plugin.section_rules.reading import read

__all__ = ["SETTING", "get_problems", "get_rules", "problems"]

SETTING = "LEARNER_PROFILE_SECTIONS"

log = getLogger(__name__)


def get_rules() -> Mapping[Section, SectionRule]:
    """
    Return what holds for every section on the site of the present request. One query.

    On top of the plugin's own rules come the setting, then what stands in Django admin, then the
    configuration of the site. What is wrong in one of them never raises: it is logged, and errs to
    the narrow side. Nobody is asked to fill what is locked or switched off.
    """
    rules = dict(BUILT_IN)
    for source, configuration in _sources().items():
        reading = read(configuration)
        if reading.problems:
            _log(source, configuration)
        for section, values in reading.values.items():
            rules[section] = replace(rules[section], **values)
    return {section: _fillable(rule) for section, rule in rules.items()}


def get_problems() -> list[str]:
    """Return what is wrong in any source of the present request's site, in words that tell where and what to do."""
    return [
        f"{source}: {problem}"
        for source, configuration in _sources().items()
        for problem in read(configuration).problems
    ]


def problems(configuration: Any) -> list[Problem]:
    """Return what is wrong with a configuration, which can be anything."""
    return list(read(configuration).problems)


def _sources() -> dict[str, Any]:
    """Return all that is configured, from the general to the specific, by what the places are called."""
    sources = {
        SETTING: getattr(settings, SETTING, None),
        "Django admin": {row.section: models.entry_of(row) for row in models.SectionRule.objects.all()},
        f"{SETTING} of the site configuration": compat.get_site_setting(SETTING),
    }
    return {source: configuration for source, configuration in sources.items() if configuration is not None}


def _fillable(rule: SectionRule) -> SectionRule:
    """Return the rule, not required if the learner could not do what it requires."""
    return replace(rule, is_required=rule.is_required and rule.is_enabled and not rule.is_locked)


def _log(source: str, configuration: Any) -> None:
    # A log is for the operator, whatever language the reader of the page has.
    with translation.override(None):
        for problem in read(configuration).problems:
            _log_once(source, str(problem))


@lru_cache(maxsize=1000)
def _log_once(source: str, problem: str) -> None:
    """Log a problem, once in the life of the process: rules are read for every page."""
    log.error("%s: %s", source, problem)
