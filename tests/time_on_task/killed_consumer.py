"""
Two consumers of the event bus that are killed at any moment and begin anew, until nothing is left.

See test_event_bus_killed. Prints how often one was killed.
"""

from __future__ import annotations

import functools
import os
import random
import sys

from django.conf import settings

from tests import killing

KILLED_WITHIN = 0.05, 1.5
"""Seconds."""


def main(seed: str, url: str) -> None:
    """Let two of them work, until both find nothing left to do."""
    settings.EVENT_BUS_REDIS_CONNECTION_URL = url
    killing.set_up()

    chance = random.Random(seed)
    running: dict[int, str] = {}
    left, killed = ["one", "two"], 0
    while left or running:
        for name in left:
            # More and more time, so that it comes to an end on any machine.
            seconds = chance.uniform(*KILLED_WITHIN) * (1 + killed / 10)
            running[killing.start(functools.partial(consume, name), seconds)] = name
        child, status = os.wait()
        name = running.pop(child)
        left = [name] if os.WIFSIGNALED(status) else []
        killed += len(left)
        if not left and os.WEXITSTATUS(status):
            sys.exit(os.WEXITSTATUS(status))
    print(killed)  # noqa: T201


def consume(name: str) -> None:
    """Take what there is, and at once what another left behind."""
    from django.core.management import call_command

    from learner_profile_plugin.time_on_task import bus_stream

    bus_stream.ABANDONED_AFTER = 0
    options = ("--consumer", name, "--batch", "500", "--until-empty")
    call_command("learner_profile_consume_events", *options, stdout=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
