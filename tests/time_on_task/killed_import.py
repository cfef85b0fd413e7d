"""
The import of logs in processes that are killed at any moment, one after the other; see test_log_import_killed.

Prints how far the log was read each time, and nothing else. Each process is a fork of this one, which saves starting
Django anew; none of them shares a connection or a file with another. What is killed is the import itself (``import``),
or one of several processes of it (``process``).
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import sys
import threading
import time

import django
from django.conf import settings

KILLED_WITHIN = 0.02, 0.9
"""Seconds."""


AGAIN = 75
"""What the import exits with where it has to be started again."""


def main(seed: str, victim: str, folder: str, *options: str) -> None:
    """Import until it is done."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    django.setup()
    from django.core.management import CommandError, call_command
    from django.db import connection
    from django.db.models import Sum

    from learner_profile_plugin.time_on_task.models import ImportedLog

    chance = random.Random(seed)
    for number in itertools.count():
        # More and more, so that it comes to an end on any machine.
        within = chance.uniform(*KILLED_WITHIN) * (1 + number / 10)
        child = os.fork()
        if not child:
            timer = threading.Timer(within, kill, [victim])
            timer.daemon = True
            timer.start()
            try:
                call_command("learner_profile_import_tracking_logs", folder, *options, verbosity=0, stdout=sys.stderr)
            except CommandError:
                os._exit(AGAIN)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(ImportedLog.objects.aggregate(Sum("offset"))["offset__sum"] or 0, flush=True)  # noqa: T201
        connection.close()
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) != AGAIN:
            sys.exit(os.WEXITSTATUS(status))


def kill(victim: str) -> None:
    """End the import, or one of its processes, with no time to do anything."""
    if victim == "import":
        os.kill(os.getpid(), signal.SIGKILL)
    while not (processes := multiprocessing.active_children()):
        time.sleep(0.001)
    processes[0].kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
