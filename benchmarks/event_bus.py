"""
How many tracking events a second come off the event bus: run ``make bench``.

Messages lie in a Redis, evidence goes to a database; both are made for this. Beside each figure stands
the platform's own consumer in the same run, which takes the same messages and does nothing with them.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.host_requests import event
from benchmarks.redis_bus import TOPIC, fill, message, running_redis

MESSAGES = 20_000
LEARNERS = 1000
COMMAND = "learner_profile_consume_events"
BEGUN = datetime(2026, 3, 4, 9, tzinfo=UTC)
NAMES = ("problem_check", "play_video", "pause_video", "page_close", "seq_next")


def main() -> None:
    """Fill a stream again and again, let a consumer empty it each time, and print one table."""
    arguments = argparse.ArgumentParser(prog="benchmarks.event_bus", description=__doc__)
    arguments.add_argument("--messages", type=int, default=MESSAGES)
    arguments.add_argument("--database", help="mysql://, postgres:// or sqlite: (default: as benchmarks.growth)")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as var, running_redis() as url:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        from benchmarks.growth.database import name_of_database, own_database

        with own_database(options.database, Path(var)):
            print(f"Measured on {name_of_database()}, {options.messages:,} messages of {LEARNERS:,} learners.")
            measure(options.messages, url)


def measure(messages: int, url: str) -> None:
    """Measure the consumers one after the other."""
    import redis
    from django.conf import settings

    settings.EVENT_BUS_REDIS_CONNECTION_URL = url
    settings.EVENT_BUS_CONSUMER = "edx_event_bus_redis.RedisEventConsumer"
    settings.LEARNER_PROFILE_EVENT_BUS = True
    logging.disable(logging.ERROR)
    make_learners()
    with redis.Redis.from_url(url) as client:
        fill(client, map(message, events(messages)))
        few = messages // 10
        idle = platform_consumer(few, "idle", acts=False)
        print(f"{'what':<58}{'messages/s':>12}{'ratio':>8}   reference")
        name = "the platform's consumer, nothing to do"
        row(name, few, idle, idle / few, name)
        row("the platform's consumer, evidence kept", few, platform_consumer(few, "kept", acts=True), idle / few, name)
        for batch in (100, 1000):
            seconds = timed(lambda batch=batch: consume(f"batches of {batch}", batch))  # type: ignore[misc]
            row(f"ours, evidence kept, {batch} messages at a time", messages, seconds, idle / few, name)
        row("two of ours at once, 1000 at a time", messages, timed(lambda: two(url)), idle / few, name)


def events(number: int) -> Iterator[dict[str, Any]]:
    """Yield what learners did, each of them in turn."""
    for done in range(number):
        told = event(done % LEARNERS + 1, NAMES[done % len(NAMES)])
        yield told | {"timestamp": BEGUN + timedelta(seconds=done // LEARNERS * 40)}


def platform_consumer(messages: int, group: str, *, acts: bool) -> float:
    """Return how many seconds the platform's consumer takes for some messages, with our receiver or with none."""
    from django.conf import settings
    from openedx_events.analytics.signals import TRACKING_EVENT_EMITTED
    from openedx_events.event_bus import make_single_consumer

    settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = acts
    consumer: Any = make_single_consumer(topic=TOPIC, group_id=group, consumer_name=group, check_backlog=True)
    seen = []

    def count(**_: Any) -> None:
        seen.append(1)
        if len(seen) >= messages:
            consumer._shut_down()

    TRACKING_EVENT_EMITTED.connect(count)
    try:
        return timed(consumer.consume_indefinitely)
    finally:
        TRACKING_EVENT_EMITTED.disconnect(count)
        settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = True


def consume(group: str, batch: int = 1000, consumer: str = "one") -> None:
    """Empty the stream, as a group that has read nothing of it yet."""
    from django.core.management import call_command

    options = {"group": group, "batch": batch, "until_empty": True, "consumer": consumer}
    call_command(COMMAND, **options, stdout=io.StringIO(), stderr=sys.stderr)


def two(url: str) -> None:
    """Empty the stream by two processes that share it."""
    from django.db import connection

    connection.close()
    children = []
    for consumer in ("one", "two"):
        child = os.fork()
        if not child:
            consume("two", consumer=consumer)
            os._exit(0)
        children.append(child)
    for child in children:
        _, status = os.waitpid(child, 0)
        if status:
            raise SystemExit("A consumer failed.")


def make_learners() -> None:
    """Make the accounts that the messages are of, all of them open."""
    from django.contrib.auth.models import User

    User.objects.bulk_create(
        User(pk=number + 1, username=f"learner{number}", password="set")  # noqa: S106 - not closed
        for number in range(LEARNERS)
    )


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def row(what: str, messages: int, seconds: float, reference: float, name: str) -> None:
    """Print a figure beside its reference, which is in seconds for a message."""
    print(f"{what:<58}{messages / seconds:>12,.0f}{reference * messages / seconds:>8.2f}   {name}", flush=True)


if __name__ == "__main__":
    main()
