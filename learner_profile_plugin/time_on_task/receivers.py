"""What comes off the platform's event bus, message by message, in a process that does nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from learner_profile_plugin.time_on_task import bus


def on_tracking_event(*, tracking_log: Any, from_event_bus: bool = False, **_: Any) -> None:
    """
    Take TRACKING_EVENT_EMITTED off the bus; where it is only sent, do nothing.

    The consumers of the platform count a message as done when this returns or raises. So it does not
    return before the evidence is stored, and waits while the database does not answer. Where a
    message cannot be read it raises UnreadableMessageError, which they log together with the message.
    """
    if not (from_event_bus and settings.LEARNER_PROFILE_EVENT_BUS and settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME):
        return
    activity = bus.read(tracking_log)
    if activity is not None:
        bus.keep([activity])
