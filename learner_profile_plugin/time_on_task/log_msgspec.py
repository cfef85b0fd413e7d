"""Reading lines with msgspec. Only to be imported where that is installed."""

from __future__ import annotations

from typing import Any

import msgspec

from learner_profile_plugin.time_on_task.log_lines import Parser

Text = str | None


class Context(msgspec.Struct, gc=False, frozen=True):
    """What is asked of the context of an event. One with times in it is of an app on a device, and not plain."""

    user_id: int | str | None = None
    course_id: Text = None
    received_at: None = None
    timestamp: None = None


class Event(msgspec.Struct, gc=False, frozen=True):
    """What is asked of the event itself."""

    user_id: Any = ...
    attempt_user_id: Any = ...
    course_id: Any = ...
    id: Any = ...
    module_id: Any = ...
    currentTime: Any = ...  # noqa: N815 - so the player names it
    current_time: Any = ...
    new_time: Any = ...
    duration: Any = ...
    speed: Any = ...
    new_speed: Any = ...


NO_CONTEXT = Context()
NO_EVENT = Event()


class Line(msgspec.Struct, gc=False):
    """What is asked of a line."""

    name: Text = None
    event_type: Text = None
    time: Text = None
    username: Text = None
    session: Text = None
    host: Text = None
    page: Text = None
    event_source: Text = None
    context: Context = NO_CONTEXT
    event: Event | Text = None


_event = msgspec.json.Decoder(Event).decode


def told(event: Event | Text) -> Event:
    """Read what an event tells."""
    if type(event) is str:
        return _event(event) if event.startswith("{") else NO_EVENT
    return event or NO_EVENT  # type: ignore[return-value]


MSGSPEC = Parser("msgspec", (msgspec.MsgspecError, ValueError, RecursionError), msgspec.json.Decoder(Line).decode, told)
