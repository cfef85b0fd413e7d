"""
Tracking events that travel on the platform's event bus: which of them do, and what they are evidence of.

Platform: eventtracking/backends/event_bus.py sends them (``TRACKING_EVENT_EMITTED``, with data and context
as JSON texts) where the site is set up for it. A process of its own takes them off the bus again.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import close_old_connections
from opaque_keys.edx.keys import CourseKey
from openedx_events.analytics.signals import TRACKING_EVENT_EMITTED
from openedx_events.event_bus.avro.deserializer import deserialize_bytes_to_event_data

from learner_profile_plugin.patience import AWAY, endlessly, patiently
from learner_profile_plugin.settings import ROUTING_BACKEND
from learner_profile_plugin.time_on_task import api
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.time_on_task.events import read_event
from learner_profile_plugin.time_on_task.log_learners import still_open


class UnreadableMessageError(ValueError):
    """A message of the bus that says it is a tracking event, and cannot be read as one."""


def is_carried(name: object) -> bool:
    """
    Return whether the site sends tracking events of this name over its bus, so that a consumer takes them.

    Where anything is missing that they need to get there, they do not: whoever sees them keeps them.
    """
    return bool(settings.LEARNER_PROFILE_EVENT_BUS) and name in _names() and not missing_settings()


def missing_settings() -> list[str]:
    """Return the settings of the host that keep its tracking events from the bus."""
    producers = getattr(settings, "EVENT_BUS_PRODUCER_CONFIG", None) or {}
    topics = producers.get(TRACKING_EVENT_EMITTED.event_type) or {}
    backends = getattr(settings, "EVENT_TRACKING_BACKENDS", None) or {}
    needed = {
        "EVENT_BUS_PRODUCER": getattr(settings, "EVENT_BUS_PRODUCER", None),
        "EVENT_BUS_PRODUCER_CONFIG": any(topic.get("enabled") for topic in topics.values()),
        "EVENT_BUS_TRACKING_LOGS": _names(),
        "EVENT_TRACKING_BACKENDS": any(backend.get("ENGINE") == ROUTING_BACKEND for backend in backends.values()),
        "INSTALLED_APPS": apps.is_installed("openedx_events"),
        "SEND_TRACKING_EVENT_EMITTED_SIGNAL": getattr(settings, "SEND_TRACKING_EVENT_EMITTED_SIGNAL", False),
    }
    return [name for name, value in needed.items() if not value]


def decode(fields: Mapping[bytes, bytes]) -> Activity | None:
    """
    Return the evidence in a message as Redis holds it; None if it is another event, or evidence of nothing.

    Platform: edx_event_bus_redis/internal/message.py. Raises UnreadableMessageError.
    """
    if fields.get(b"type") != TRACKING_EVENT_EMITTED.event_type.encode():
        return None
    try:
        data = deserialize_bytes_to_event_data(fields[b"event_data"], TRACKING_EVENT_EMITTED)
    except Exception as error:
        # Whatever it is that bytes from elsewhere make a decoder raise.
        raise UnreadableMessageError(f"It is not in the form of its kind: {error!r}") from error
    return read(data["tracking_log"])


def read(tracking_log: Any) -> Activity | None:
    """
    Return the evidence in the data of an event (``openedx_events.analytics.data.TrackingLogData``), if any.

    Raises UnreadableMessageError.
    """
    try:
        context = json.loads(tracking_log.context)
        event = {
            "name": tracking_log.name,
            "timestamp": tracking_log.timestamp,
            "data": json.loads(tracking_log.data),
            "context": context if isinstance(context, Mapping) else {},
        }
        return read_event(event)
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        raise UnreadableMessageError(f"It is no tracking event: {error!r}") from error


def keep(activities: Sequence[Activity]) -> int:
    """
    Store evidence durably, one row for each learner, course run and day; return how many pieces were kept.

    Only for processes that do nothing else: while the database does not answer, it waits. Messages may
    have waited for long, so evidence of accounts that are closed by now is not kept.
    """
    what = "storing evidence from the event bus"
    return patiently(functools.partial(_keep, activities), what, pauses=endlessly(), errors=AWAY)


def _keep(activities: Iterable[Activity]) -> int:
    close_old_connections()
    given = list(activities)
    held = still_open({activity.user_id for activity in given})
    parts: dict[tuple[int, CourseKey], list[Evidence]] = defaultdict(list)
    for activity in given:
        if activity.user_id in held:
            parts[activity.user_id, activity.course_key].append(activity.evidence)
    api.keep(Activity(user_id, course_key, Evidence.union(found)) for (user_id, course_key), found in parts.items())
    return sum(map(len, parts.values()))


def _names() -> Any:
    return getattr(settings, "EVENT_BUS_TRACKING_LOGS", None) or ()
