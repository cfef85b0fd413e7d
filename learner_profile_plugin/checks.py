"""System checks: what an operator set, and what of it does not hold."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.files.storage import InvalidStorageError, storages

from learner_profile_plugin.section_rules import api as section_rules
from learner_profile_plugin.section_rules.data import ProblemKind
from learner_profile_plugin.settings import API_RATES, is_rate
from learner_profile_plugin.time_on_task.checks import check_event_bus
from learner_profile_plugin.warehouse.checks import check_clickhouse

__all__ = [
    "check_api_rates",
    "check_clickhouse",
    "check_event_bus",
    "check_flags",
    "check_section_rules",
    "check_storage",
]

STORAGE = "LEARNER_PROFILE_STORAGE"
RATES = "LEARNER_PROFILE_API_RATES"
FLAGS = ("LEARNER_PROFILE_COLLECT_LEARNING_TIME", "LEARNER_PROFILE_EVENT_BUS")

# An operator can silence each by its id, so an id keeps its meaning.
SECTION_RULES = {
    ProblemKind.NO_DICTIONARY: (Error, "learner_profile.E001"),
    ProblemKind.UNKNOWN_SECTION: (Error, "learner_profile.E003"),
    ProblemKind.UNKNOWN_KEY: (Error, "learner_profile.E004"),
    ProblemKind.UNREADABLE: (Error, "learner_profile.E005"),
    ProblemKind.IMPOSSIBLE: (Error, "learner_profile.E006"),
    ProblemKind.IN_VAIN: (checks.Warning, "learner_profile.W002"),
}


@register(Tags.compatibility)
def check_section_rules(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell what is wrong with ``LEARNER_PROFILE_SECTIONS``; no setting is fine."""
    configuration = getattr(settings, section_rules.SETTING, None)
    found: list[CheckMessage] = []
    for problem in section_rules.problems(configuration) if configuration is not None else ():
        level, check_id = SECTION_RULES[problem.kind]
        where = f"{section_rules.SETTING}[{problem.section}]" if problem.section else section_rules.SETTING
        found.append(level(f"{where}: {problem.text}", hint=problem.hint, id=check_id))
    return found


@register(Tags.compatibility)
def check_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell if ``LEARNER_PROFILE_STORAGE`` names no storage."""
    alias = getattr(settings, STORAGE, "default")
    try:
        storages[alias]
    except (InvalidStorageError, TypeError) as error:
        hint = f"Set it to a name in STORAGES: {', '.join(storages.backends)}."
        return [Error(f"{STORAGE}: {error}", hint=hint, id="learner_profile.E002")]
    return []


@register(Tags.compatibility)
def check_flags(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell if a switch is set to something else than yes or no."""
    return [
        checks.Warning(
            f"{name} is {getattr(settings, name)!r}, and counts as {bool(getattr(settings, name))}.",
            hint="Set it to True or False, without quotes.",
            id="learner_profile.W001",
        )
        for name in FLAGS
        if not isinstance(getattr(settings, name, True), bool)
    ]


@register(Tags.compatibility)
def check_api_rates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell if a limit of the REST API cannot be read, or limits nothing that there is."""
    rates = getattr(settings, RATES, API_RATES)
    if not isinstance(rates, dict):
        wrong = [f"{RATES}: {rates!r} is no dictionary"]
    else:
        wrong = [f"{RATES}: there is no limit for {name!r}" for name in rates if name not in API_RATES]
        wrong += [
            f"{RATES}: {name!r} cannot be {rates[name]!r}"
            for name in API_RATES
            if rates.get(name) is not None and not is_rate(rates[name])
        ]
    hint = f"It looks like {API_RATES!r}; None stands for no limit. Until then that limit is as built in."
    return [Error(f"{text}.", hint=hint, id="learner_profile.E007") for text in wrong]
