"""An event bus of one's own, for benchmarks and tests: a Redis, and messages as the platform's producer makes them."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from typing import Any

TOPIC = "analytics"
AT_ONCE = 5000


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """
    Start a server on a free port, and stop it afterwards; give its address.

    Raises SystemExit where there is none to be started, or it does not answer.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed, and the event bus needs it.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - a program of the system
        try:
            url = f"redis://127.0.0.1:{port}/0"
            _wait_for(url)
            yield url
        finally:
            server.terminate()


def message(event: dict[str, Any]) -> dict[bytes, bytes]:
    """Return a tracking event as the platform's producer puts it into a stream."""
    from edx_event_bus_redis.internal.message import RedisMessage
    from eventtracking.backends.logger import DateTimeJSONEncoder
    from openedx_events.analytics.data import TrackingLogData
    from openedx_events.analytics.signals import TRACKING_EVENT_EMITTED
    from openedx_events.event_bus.avro.serializer import serialize_event_data_to_bytes

    encode = DateTimeJSONEncoder().encode
    log = TrackingLogData(event["name"], event["timestamp"], encode(event["data"]), encode(event["context"]))
    data = serialize_event_data_to_bytes({"tracking_log": log}, TRACKING_EVENT_EMITTED)
    metadata = TRACKING_EVENT_EMITTED.generate_signal_metadata()
    made: dict[bytes, bytes] = RedisMessage(topic=TOPIC, event_data=data, event_metadata=metadata).to_binary_dict()
    return made


def fill(client: Any, messages: Iterable[dict[bytes, bytes]], stream: str = TOPIC) -> None:
    """Put messages into a stream, many at a time."""
    pipe = client.pipeline(transaction=False)
    for number, fields in enumerate(messages, start=1):
        pipe.xadd(stream, fields)
        if number % AT_ONCE == 0:
            pipe.execute()
    pipe.execute()


def _wait_for(url: str) -> None:
    import redis

    with redis.Redis.from_url(url) as client:
        for _ in range(100):
            with contextlib.suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(0.1)
    raise SystemExit("redis-server does not answer.")
