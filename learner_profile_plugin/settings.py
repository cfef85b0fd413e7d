"""
Settings of the plugin, with their defaults.

The LMS calls :func:`plugin_settings` while it assembles its own settings; what the operator set
before stays. Read them late, through ``django.conf.settings``.
"""

from __future__ import annotations

import re
from typing import Any

IGNORED_PATHS = (r"^/learner-profile/", r"^/api/learner_profile/")
UNIT_RENDERED = "org.openedx.learning.vertical_block.render.completed.v1"
ADD_BEATS = "learner_profile_plugin.time_on_task.filters.AddBeats"
API_RATES = {"read": "240/minute", "change": "60/minute"}
RATE = re.compile(r"[0-9]+/(s|sec|second|m|min|minute|h|hour|d|day)")
KEEP_EVIDENCE = "learner_profile_plugin.time_on_task.middleware.KeepEvidenceMiddleware"
TRACKING_BACKEND = {"ENGINE": "learner_profile_plugin.time_on_task.backend.TrackingBackend"}
ROUTING = "learner_profile_bus"
ROUTING_BACKEND = "eventtracking.backends.event_bus.EventBusRoutingBackend"


def plugin_settings(settings: Any) -> None:
    """Add what the plugin needs to the settings of the host. Safe to call more than once."""
    # .. setting_name: LEARNER_PROFILE_CLICKHOUSE
    # .. setting_default: {}
    # .. setting_description: Where active time is exported to, if it is: url, username, password,
    #   database and timeout_secs. Without a url, those of Aspects hold that are not named here.
    settings.LEARNER_PROFILE_CLICKHOUSE = getattr(settings, "LEARNER_PROFILE_CLICKHOUSE", {})
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
    # .. setting_name: LEARNER_PROFILE_SECTIONS
    # .. setting_default: {}
    # .. setting_description: What holds for the sections of portfolios: whether they are shown,
    #   locked and required, who sees them by default, and how many items they take.
    if not hasattr(settings, "LEARNER_PROFILE_SECTIONS"):
        settings.LEARNER_PROFILE_SECTIONS = {}
    # .. setting_name: LEARNER_PROFILE_STORAGE
    # .. setting_default: "default"
    # .. setting_description: Which of Django's STORAGES keeps the pictures of items.
    if not hasattr(settings, "LEARNER_PROFILE_STORAGE"):
        settings.LEARNER_PROFILE_STORAGE = "default"
    # .. setting_name: LEARNER_PROFILE_BEATS
    # .. setting_default: True
    # .. setting_description: Whether a small script in course units reports when a unit was before
    #   somebody's eyes. It shows nothing. Switched off, learning time rests on tracking events alone.
    if not hasattr(settings, "LEARNER_PROFILE_BEATS"):
        settings.LEARNER_PROFILE_BEATS = True
    # .. setting_name: LEARNER_PROFILE_BEATS_IDLE_SECONDS
    # .. setting_default: 120
    # .. setting_description: For how long after the last movement, key or touch a unit that is in view
    #   counts as being read. A video or sound that plays counts as long as it plays.
    if not hasattr(settings, "LEARNER_PROFILE_BEATS_IDLE_SECONDS"):
        settings.LEARNER_PROFILE_BEATS_IDLE_SECONDS = 120
    # .. setting_name: LEARNER_PROFILE_EVENT_BUS
    # .. setting_default: False
    # .. setting_description: Whether activity events are taken off the platform's event bus, by a process
    #   of its own. Then requests of the LMS leave those alone that are sent over the bus.
    if not hasattr(settings, "LEARNER_PROFILE_EVENT_BUS"):
        settings.LEARNER_PROFILE_EVENT_BUS = False
    # .. setting_name: LEARNER_PROFILE_API_RATES
    # .. setting_default: {"read": "240/minute", "change": "60/minute"}
    # .. setting_description: How many requests to the REST API one person may send, or one address
    #   where nobody is signed in: of those that read, and of those that change something. None for
    #   no limit.
    if not hasattr(settings, "LEARNER_PROFILE_API_RATES"):
        settings.LEARNER_PROFILE_API_RATES = dict(API_RATES)

    # A new dictionary, not a change of the old one: Studio's settings import from the LMS's and
    # would share the change.
    backends = getattr(settings, "EVENT_TRACKING_BACKENDS", None)
    if backends is not None:
        settings.EVENT_TRACKING_BACKENDS = {"learner_profile": dict(TRACKING_BACKEND), **backends}

    if settings.LEARNER_PROFILE_EVENT_BUS:
        _send_activity(settings)

    # First of all, outside of whatever opens a transaction.
    middleware = getattr(settings, "MIDDLEWARE", None)
    if middleware is not None and KEEP_EVIDENCE not in middleware:
        settings.MIDDLEWARE = [KEEP_EVIDENCE, *middleware]

    settings.OPEN_EDX_FILTERS_CONFIG = _with_beats(getattr(settings, "OPEN_EDX_FILTERS_CONFIG", None) or {})

    # The LMS writes the start of every request's form data to its tracking log. What a learner
    # types into their profile has no business there.
    ignored = getattr(settings, "TRACKING_IGNORE_URL_PATTERNS", None)
    if ignored is not None:
        settings.TRACKING_IGNORE_URL_PATTERNS = [*ignored, *(path for path in IGNORED_PATHS if path not in ignored)]


def _send_activity(settings: Any) -> None:
    """Let the host send activity events over its event bus. Whether it has one, and uses it, is the operator's."""
    # Not loaded where it is not needed: the settings are still being made.
    from learner_profile_plugin.time_on_task.activity_table import COUNTED

    sent = getattr(settings, "EVENT_BUS_TRACKING_LOGS", None) or []
    settings.EVENT_BUS_TRACKING_LOGS = [*sent, *sorted(COUNTED.keys() - {*sent})]
    backends = getattr(settings, "EVENT_TRACKING_BACKENDS", None)
    if backends is not None and all(backend.get("ENGINE") != ROUTING_BACKEND for backend in backends.values()):
        options = {"backend_name": ROUTING, "processors": [], "backends": {}}
        settings.EVENT_TRACKING_BACKENDS = {**backends, ROUTING: {"ENGINE": ROUTING_BACKEND, "OPTIONS": options}}


def api_rate(settings: Any, scope: str) -> str | None:
    """Return how often one caller may come; the default where nothing is set that can be read, None for no limit."""
    rates = getattr(settings, "LEARNER_PROFILE_API_RATES", API_RATES)
    rate = rates.get(scope, API_RATES[scope]) if isinstance(rates, dict) else API_RATES[scope]
    return rate if rate is None or is_rate(rate) else API_RATES[scope]


def is_rate(value: Any) -> bool:
    """Return whether it is a number of requests in a stretch of time, as ``60/minute``."""
    return isinstance(value, str) and RATE.fullmatch(value) is not None


def _with_beats(filters: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of filters with our step behind those that the host has for rendered units."""
    present = filters.get(UNIT_RENDERED, {})
    # A filter is configured by a dictionary, or in short by its steps, or by its one step.
    rest = present if isinstance(present, dict) else {"pipeline": present}
    steps = rest.get("pipeline", [])
    steps = [steps] if isinstance(steps, str) else list(steps)
    if ADD_BEATS not in steps:
        steps.append(ADD_BEATS)
    return {**filters, UNIT_RENDERED: {"fail_silently": True, **rest, "pipeline": steps}}
