"""
An export in processes that are killed at any moment, one after the other; see test_export_killed.

Prints how many learners were done each time, and nothing else. Each process is a fork of this one.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sys
import threading

import django
from django.conf import settings

KILLED_WITHIN = 0.05, 0.4
"""Seconds."""


def main(seed: str) -> None:
    """Export until it is done."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    settings.LEARNER_PROFILE_CLICKHOUSE = json.loads(os.environ["CLICKHOUSE"])
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from learner_profile_plugin.warehouse.models import ExportedLearner

    chance = random.Random(seed)
    for number in itertools.count():
        # More and more, so that it comes to an end on any machine.
        within = chance.uniform(*KILLED_WITHIN) * (1 + number / 10)
        child = os.fork()
        if not child:
            threading.Timer(within, os.kill, (os.getpid(), signal.SIGKILL)).start()
            call_command("learner_profile_export_intervals", "--batch", "4", stdout=sys.stderr)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(ExportedLearner.objects.exclude(mark="").count(), flush=True)  # noqa: T201
        connection.close()
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
