"""
Lines of the LMS's tracking log: one JSON object each, perhaps behind what a logger puts before it.

Two parsers read the same from them. ``json`` is Python's own. ``msgspec`` is several times as fast,
since it builds no more than is asked for; it is used where it is installed (the extra ``logs``).
What a parser does not take for a plain line goes to :func:`load` and :func:`raw_event`, whose word
is the last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NAME_FIRST = b'{"name": "'
"""How the LMS begins a line, so that the names of most events are known before anything is decoded."""


@dataclass(frozen=True, slots=True, order=True)
class Malformed:
    """A line that could not be read: its file, its number and first byte there, and why."""

    path: str
    line: int
    offset: int
    reason: str


class Block:
    """Whole lines that follow each other in a file, from the line and the byte where they begin."""

    def __init__(self, path: str, number: int, offset: int, lines: list[bytes]) -> None:
        self.path, self.number, self.offset, self.lines = path, number, offset, lines

    def malformed(self, at: int, error: Exception) -> Malformed:
        """Say where a line is, and why it cannot be read."""
        offset = self.offset + sum(len(line) + 1 for line in self.lines[:at])
        return Malformed(self.path, self.number + at, offset, str(error) or type(error).__name__)


class UnreadableLineError(ValueError):
    """A line that is no JSON object."""


class NotPlainError(ValueError):
    """A line, or an event in one, that has to be read in full."""


@dataclass(frozen=True, slots=True)
class Parser:
    """
    A way to read lines.

    Attributes:
        name: the package that does it.
        errors: what these functions raise where something is not plain.
        line: reads a line. What it returns has the attributes of :class:`PlainLine`.
        event: reads a line whose name is known, so that name and type of the event need not be read.
        request: reads one that is named by a path; ``page`` is that path.
        told: reads the ``event`` of a line, which is an object or the text of one. What it returns has
            the attributes of :class:`PlainEvent`.
    """

    name: str
    errors: tuple[type[Exception], ...]
    line: Callable[[bytes], Any]
    event: Callable[[bytes], Any]
    request: Callable[[bytes], Any]
    told: Callable[[Any], Any]

    def names_course(self, event: Any) -> bool:
        """Tell whether an event names a course."""
        if type(event) is str and "course_id" not in event and "\\u" not in event:
            return False
        return self.told(event).course_id not in (..., None, "")


@dataclass(slots=True)
class PlainContext:
    """What is asked of the context of an event. One with times in it is of an app on a device, and not plain."""

    user_id: int | str | None
    course_id: str | None


@dataclass(slots=True)
class PlainLine:
    """
    What is asked of a line.

    Each field is of the type that the LMS gives it, and the source one of ``PLAIN_SOURCES``, or the
    line is not plain.
    """

    context: PlainContext
    event: Any
    name: str | None
    event_type: str | None
    time: str | None
    username: str | None
    session: str | None
    host: str | None
    page: str | None
    event_source: str | None


class PlainEvent:
    """What is asked of the event itself; ``...`` stands for what it does not say."""

    __slots__ = (
        "attempt_user_id",
        "course_id",
        "currentTime",
        "current_time",
        "duration",
        "id",
        "module_id",
        "new_speed",
        "new_time",
        "speed",
        "user_id",
    )


def load(line: bytes) -> dict[str, Any]:
    """
    Read a line with Python's own parser. What is no UTF-8 does not keep the rest from being read.

    Raises:
        UnreadableLineError: with the reason.
    """
    try:
        found = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableLineError(str(error)) from error
    if not isinstance(found, dict):
        raise UnreadableLineError("no JSON object")
    return found


def raw_event(line: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return an event as it was emitted, from the form in which the LMS logged it.

    The LMS moves parts of the context up when it logs an event (common/djangoapps/track/shim.py).
    This moves them back.
    """
    given = line.get("context")
    context = dict(given) if isinstance(given, Mapping) else {}
    context |= {field: line[field] for field in MOVED_UP if field in line}
    if line.get("event_source") == "mobile":
        context["timestamp"] = line.get("time")  # by the clock of the device
    return {
        "name": line.get("name") or line.get("event_type"),
        "timestamp": line.get("time"),
        "data": line.get("event"),
        "context": context,
    }


MOVED_UP = ("username", "session", "ip", "agent", "host", "referer", "accept_language", "event_source", "page")


def named_in(event: Any) -> int | str | None:
    """
    Return the number of the learner whom a plain event names.

    Raises:
        NotPlainError: if that is no number, or there may be two.
    """
    named = event.user_id
    if event.attempt_user_id is not ...:
        raise NotPlainError
    if named is ... or named is None:
        return None
    if type(named) not in USER_ID_TYPES or len(str(named)) > LONGEST_NUMBER:
        raise NotPlainError
    return named  # type: ignore[no-any-return]


def without_prefix(line: bytes) -> bytes:
    """Return a line from its first brace on."""
    return line if line.startswith(b"{") else line[max(line.find(b"{"), 0) :]


def parser_named(name: str) -> Parser:
    """
    Return a parser: ``json`` or ``msgspec``.

    Raises:
        ModuleNotFoundError: if it is not installed.
    """
    if name == "json":
        return JSON
    from learner_profile_plugin.time_on_task.log_msgspec import MSGSPEC

    return MSGSPEC


def best_parser() -> Parser:
    """Return the fastest parser that is installed."""
    try:
        return parser_named("msgspec")
    except ModuleNotFoundError:
        return JSON


def _read(line: bytes) -> PlainLine:
    found = load(line)
    context = found.get("context", NOTHING)
    texts = [found.get(field) for field in TEXTS]
    if type(context) is not dict or not all(type(text) in TEXT_TYPES for text in texts):
        raise NotPlainError
    if found.get("event_source") not in PLAIN_SOURCES:
        raise NotPlainError
    user_id, course_id = context.get("user_id"), context.get("course_id")
    if type(user_id) not in USER_ID_TYPES or type(course_id) not in TEXT_TYPES:
        raise NotPlainError
    if context.get("received_at") is not None or context.get("timestamp") is not None:
        raise NotPlainError
    return PlainLine(PlainContext(user_id, course_id), found.get("event"), *texts)


def _read_request(line: bytes) -> PlainLine:
    plain = _read(line)
    plain.page = plain.name
    return plain


NOTHING: dict[str, Any] = {}
TEXTS = ("name", "event_type", "time", "username", "session", "host", "page", "event_source")
PLAIN_SOURCES = frozenset({"browser", "server", None})
LONGEST_NUMBER = 20
TEXT_TYPES = frozenset({str, type(None)})
USER_ID_TYPES = frozenset({int, str, type(None)})


def _told(event: Any) -> PlainEvent:
    if isinstance(event, str):
        event = json.loads(event) if event.startswith("{") else NOTHING
    elif event is None:
        event = NOTHING
    if type(event) is not dict:
        raise NotPlainError
    told = PlainEvent()
    for field in PlainEvent.__slots__:
        setattr(told, field, event.get(field, ...))
    return told


JSON = Parser("json", (ValueError, RecursionError), line=_read, event=_read, request=_read_request, told=_told)
