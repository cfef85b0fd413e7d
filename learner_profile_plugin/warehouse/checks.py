"""System checks of where active time is exported to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from learner_profile_plugin.warehouse.connection import SETTING, find_problems


@register(Tags.compatibility)
def check_clickhouse(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell if ``LEARNER_PROFILE_CLICKHOUSE`` cannot be what is meant."""
    hint = "It looks like {'url': 'http://clickhouse:8123', 'username': ..., 'password': ..., 'database': ...}."
    return [
        Error(f"{SETTING}: {text}", hint=hint, id="learner_profile.E008")
        for text in find_problems(getattr(settings, SETTING, {}))
    ]
