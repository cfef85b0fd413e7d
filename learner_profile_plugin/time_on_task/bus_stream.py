"""
The platform's event bus where it is a Redis stream, read many messages at a time.

The platform's own consumer takes one message, and one round to the database, at a time. This one
writes the evidence of a whole batch at once and only then counts the batch as done: a message is
handed out again until it is. Platform: edx_event_bus_redis/internal/{config,consumer,message}.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

SET_ASIDE = "set-aside"
SET_ASIDE_AT_MOST = 100_000
"""Messages; the oldest go where there are more."""
REASON = b"reason"

ABANDONED_AFTER = 60
"""Seconds after which a message that another consumer took, and did not finish, is taken from it."""


class NoStreamError(Exception):
    """The site has no event bus on Redis, or it cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the stream: what Redis calls it, and its fields; none where it was removed before it was done."""

    id: bytes
    fields: dict[bytes, bytes]


class EventStream:
    """
    A topic of the event bus, as a group of consumers sees it.

    Any number of consumers of a group share the messages out. Every message that is handed out stays
    with its consumer until it is ``done``; what a consumer leaves behind goes to another one.
    """

    def __init__(self, topic: str, group: str, consumer: str) -> None:
        """Connect. Raises NoStreamError, and errors of redis where the server does not answer."""
        try:
            import redis
        except ModuleNotFoundError as error:
            raise NoStreamError("Install redis: pip install 'learner-profile-plugin[event-bus]'") from error
        url = getattr(settings, "EVENT_BUS_REDIS_CONNECTION_URL", None)
        if not url:
            raise NoStreamError("Set EVENT_BUS_REDIS_CONNECTION_URL: it is how the platform's event bus is reached.")
        self.away = (redis.ConnectionError, redis.TimeoutError)
        prefix = getattr(settings, "EVENT_BUS_TOPIC_PREFIX", None)
        self.name = f"{prefix}-{topic}" if prefix else topic
        self._group, self._consumer = group, consumer
        self._redis = redis.Redis.from_url(url)
        try:
            self._redis.xgroup_create(self.name, group, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise NoStreamError(f"{self.name} cannot be read as a stream: {error}") from error
        self._unfinished = True
        self._look_for_abandoned_at = 0.0

    def take(self, count: int, wait: float) -> list[Message]:
        """
        Return the next messages: first those that were handed out and not done, then new ones.

        Waits for some ``wait`` seconds where there are none.
        """
        if self._unfinished:
            found = self._read("0", count, None)
            self._unfinished = bool(found)
            if found:
                return found
        now = time.monotonic()
        if now >= self._look_for_abandoned_at:
            found = self._abandoned(count)
            if found:
                return found
            self._look_for_abandoned_at = now + ABANDONED_AFTER / 2
        return self._read(">", count, max(int(wait * 1000), 1))

    def done(self, messages: Iterable[Message]) -> None:
        """Say that messages need not be handed out again."""
        ids = [message.id for message in messages]
        if ids:
            self._redis.xack(self.name, self._group, *ids)

    def set_aside(self, message: Message, reason: str) -> None:
        """Put a copy of a message, with the reason, into a stream of its own, which can be consumed like this one."""
        fields: dict[Any, Any] = {**message.fields, REASON: reason[:1000].encode(errors="replace")}
        self._redis.xadd(f"{self.name}-{SET_ASIDE}", fields, maxlen=SET_ASIDE_AT_MOST, approximate=True)

    def count_behind(self) -> tuple[int | None, int]:
        """
        Return how many messages are still to be handed out, and how many of them are gone already.

        The platform cuts its streams at a length; what a group had not read by then, it never gets. The
        first figure is None where Redis cannot tell, and then the second is 0.
        """
        groups: Any = {group["name"]: group for group in self._redis.xinfo_groups(self.name)}
        stream: Any = self._redis.xinfo_stream(self.name)
        group = groups[self._group.encode()]
        read = group.get("entries-read")
        if read is None:
            # A group that has not read anything yet, or a Redis before version 7.
            return group.get("lag"), 0
        behind = stream["entries-added"] - read
        first = stream["first-entry"]
        if first is None:
            return behind, behind
        is_cut = _order(group["last-delivered-id"]) < _order(first[0])
        return behind, max(behind - stream["length"], 0) if is_cut else 0

    def close(self) -> None:
        """Hang up."""
        self._redis.close()

    def _read(self, start: str, count: int, wait_ms: int | None) -> list[Message]:
        found: Any = self._redis.xreadgroup(self._group, self._consumer, {self.name: start}, count=count, block=wait_ms)
        return _messages(found[0][1]) if found else []

    def _abandoned(self, count: int) -> list[Message]:
        found: Any = self._redis.xautoclaim(
            self.name, self._group, self._consumer, min_idle_time=ABANDONED_AFTER * 1000, count=count
        )
        return _messages(found[1])


def _messages(found: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> list[Message]:
    return [Message(name, fields or {}) for name, fields in found]


def _order(name: bytes) -> tuple[int, int]:
    """Return what ids of messages are ordered by."""
    moment, number = name.split(b"-")
    return int(moment), int(number)
