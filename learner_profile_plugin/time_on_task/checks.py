"""System checks of how learning time is collected."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from learner_profile_plugin.time_on_task import bus


@register(Tags.compatibility)
def check_event_bus(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Tell if activity is to come over an event bus that the host does not send it over."""
    missing = bus.missing_settings() if getattr(settings, "LEARNER_PROFILE_EVENT_BUS", False) else []
    if not missing:
        return []
    return [
        checks.Warning(
            f"LEARNER_PROFILE_EVENT_BUS is on, but the site sends no tracking events: see {', '.join(missing)}.",
            hint="The settings that an event bus needs are in the documentation, under 'Collect over the event bus'. "
            "Until then requests of the LMS keep evidence themselves, as without a bus.",
            id="learner_profile.W003",
        )
    ]
