"""
Two consumers of the event bus that are killed at any moment and begin anew, until nothing is left.

See test_event_bus_killed. Prints how often one was killed. Each is a fork of this process, which saves starting
Django anew; none of them shares a connection with another.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading

import django
from django.conf import settings

KILLED_WITHIN = 0.05, 1.5
"""Seconds."""


def main(seed: str, url: str) -> None:
    """Let two of them work, until both find nothing left to do."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    settings.EVENT_BUS_REDIS_CONNECTION_URL = url
    django.setup()

    chance = random.Random(seed)
    running: dict[int, str] = {}
    left, killed = ["one", "two"], 0
    while left or running:
        for name in left:
            # More and more time, so that it comes to an end on any machine.
            running[start(name, chance.uniform(*KILLED_WITHIN) * (1 + killed / 10))] = name
        child, status = os.wait()
        name = running.pop(child)
        left = [name] if os.WIFSIGNALED(status) else []
        killed += len(left)
        if not left and os.WEXITSTATUS(status):
            sys.exit(os.WEXITSTATUS(status))
    print(killed)  # noqa: T201


def start(name: str, seconds: float) -> int:
    """Start a consumer that is killed after some seconds; return its process."""
    from django.core.management import call_command

    from learner_profile_plugin.time_on_task import bus_stream

    child = os.fork()
    if not child:
        bus_stream.ABANDONED_AFTER = 0
        threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        options = ("--consumer", name, "--batch", "500", "--until-empty")
        call_command("learner_profile_consume_events", *options, stdout=sys.stderr)
        os._exit(0)
    return child


if __name__ == "__main__":
    main(*sys.argv[1:])
