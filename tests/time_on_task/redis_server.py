"""A Redis of its own for tests, and the platform's producer in front of it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from typing import Any

import redis
from eventtracking.backends.logger import DateTimeJSONEncoder
from openedx_events.analytics.data import TrackingLogData
from openedx_events.analytics.signals import TRACKING_EVENT_EMITTED
from openedx_events.event_bus.avro.serializer import serialize_event_data_to_bytes

TOPIC = "analytics"


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """Start a server on a free port, and stop it afterwards; give its address."""
    program = shutil.which("redis-server")
    assert program is not None, "redis-server is not installed, and tests of the event bus need it."
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - a program of the system
        try:
            url = f"redis://127.0.0.1:{port}/0"
            wait_for(url)
            yield url
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    with redis.Redis.from_url(url) as client:
        for _ in range(100):
            with contextlib.suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(0.1)
    raise AssertionError("redis-server does not answer.")


def message(event: dict[str, Any]) -> dict[bytes, bytes]:
    """Return a tracking event as the platform's producer puts it into a stream, of which it is no different."""
    from edx_event_bus_redis.internal.message import RedisMessage

    log = TrackingLogData(
        name=event["name"],
        timestamp=event["timestamp"],
        data=DateTimeJSONEncoder().encode(event["data"]),
        context=DateTimeJSONEncoder().encode(event["context"]),
    )
    metadata = TRACKING_EVENT_EMITTED.generate_signal_metadata()
    data = serialize_event_data_to_bytes({"tracking_log": log}, TRACKING_EVENT_EMITTED)
    made: dict[bytes, bytes] = RedisMessage(topic=TOPIC, event_data=data, event_metadata=metadata).to_binary_dict()
    return made


def fill(client: redis.Redis, messages: Iterable[dict[bytes, bytes]], stream: str = TOPIC) -> None:
    """Put messages into a stream, many at a time."""
    pipe = client.pipeline(transaction=False)
    for number, fields in enumerate(messages, start=1):
        pipe.xadd(stream, fields)  # type: ignore[arg-type]
        if number % 5000 == 0:
            pipe.execute()
    pipe.execute()
