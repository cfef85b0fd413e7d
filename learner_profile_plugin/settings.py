"""
Settings of the plugin, with their defaults.

The LMS calls :func:`plugin_settings` while it assembles its own settings; what the operator set
before stays. Read them late, through ``django.conf.settings``.
"""

from __future__ import annotations

from typing import Any

IGNORED_PATHS = (r"^/learner-profile/", r"^/api/learner_profile/")
TRACKING_BACKEND = {"ENGINE": "learner_profile_plugin.time_on_task.backend.TrackingBackend"}


def plugin_settings(settings: Any) -> None:
    """Add what the plugin needs to the settings of the host. Safe to call more than once."""
    # .. setting_name: LEARNER_PROFILE_COLLECT_LEARNING_TIME
    # .. setting_default: True
    # .. setting_description: Whether activity events are collected as evidence of learning time.
    #   Switched off, nothing new is collected; what was collected stays and is shown.
    if not hasattr(settings, "LEARNER_PROFILE_COLLECT_LEARNING_TIME"):
        settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = True
    # .. setting_name: LEARNER_PROFILE_COMPAT
    # .. setting_default: None
    # .. setting_description: Dotted name of a module that answers in place of the LMS, for hosts
    #   that are not one. Leave it alone on an Open edX site.
    if not hasattr(settings, "LEARNER_PROFILE_COMPAT"):
        settings.LEARNER_PROFILE_COMPAT = None

    # A new dictionary, not a change of the old one: Studio's settings import from the LMS's and
    # would share the change.
    backends = getattr(settings, "EVENT_TRACKING_BACKENDS", None)
    if backends is not None:
        settings.EVENT_TRACKING_BACKENDS = {"learner_profile": dict(TRACKING_BACKEND), **backends}

    # The LMS writes the start of every request's form data to its tracking log. What a learner
    # types into their profile has no business there.
    ignored = getattr(settings, "TRACKING_IGNORE_URL_PATTERNS", None)
    if ignored is not None:
        settings.TRACKING_IGNORE_URL_PATTERNS = [*ignored, *(path for path in IGNORED_PATHS if path not in ignored)]
