"""Reading lines with msgspec. Only to be imported where that is installed."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from learner_profile_plugin.time_on_task.log_lines import Parser

Text = str | None


class Context(msgspec.Struct, gc=False, frozen=True):
    """What is asked of the context of an event. One with times in it is of an app on a device, and not plain."""

    user_id: int | str | None = None
    course_id: Text = None
    received_at: None = None
    timestamp: None = None


class Told(msgspec.Struct, gc=False, frozen=True):
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
NOTHING = Told()


class Event(msgspec.Struct, gc=False):
    """What is asked of the line of an event whose name is known. Fields are found fastest in the order of the LMS."""

    context: Context = NO_CONTEXT
    username: Text = None
    session: Text = None
    host: Text = None
    event: Told | Text = None
    time: Text = None
    event_source: Literal["browser", "server", None] = None
    page: Text = None


class Request(Event, gc=False, rename={"page": "name"}):
    """The same of a request: its name is the path that says where it happened."""

    page: Text = None


class Line(Event, gc=False):
    """What is asked of a line of which nothing is known."""

    name: Text = None
    event_type: Text = None


_told = msgspec.json.Decoder(Told).decode


def told(event: Told | Text) -> Told:
    """Read what an event tells."""
    if type(event) is str:
        return _told(event) if event.startswith("{") else NOTHING
    return event or NOTHING  # type: ignore[return-value]


MSGSPEC = Parser(
    "msgspec",
    (msgspec.MsgspecError, ValueError, RecursionError),
    line=msgspec.json.Decoder(Line).decode,
    event=msgspec.json.Decoder(Event).decode,
    request=msgspec.json.Decoder(Request).decode,
    told=told,
)
