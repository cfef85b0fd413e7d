"""The tracking backend: what event-tracking calls for every event of the site, inside the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from learner_profile_plugin.failsafe import never_raises


class TrackingBackend:
    """
    Takes activity events as evidence of learning time.

    It stands beside ``tracking_logs`` in ``EVENT_TRACKING_BACKENDS``, so it gets events as they were
    emitted. They are shared among backends: they are only read. It is built while the apps are still
    being loaded, hence the late imports.
    """

    @never_raises("a tracking event")
    def send(self, event: Mapping[str, Any]) -> None:
        """Keep the evidence that the event gives, if it gives any. Never raises."""
        from learner_profile_plugin.time_on_task import bus, late, spool
        from learner_profile_plugin.time_on_task.events import read_event

        if not settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME or bus.is_carried(event.get("name")):
            return
        activity = read_event(event)
        if activity is None or (late.may_be_late(event) and not late.of_open_accounts([activity])):
            return
        spool.accept(activity)
