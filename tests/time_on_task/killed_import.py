"""
The import of logs in processes that are killed at any moment, one after the other; see test_log_import_killed.

Prints how far the log was read each time, and nothing else. What is killed is the import itself (``import``), or one
of several processes of it (``process``).
"""

from __future__ import annotations

import functools
import multiprocessing
import sys
import time

from tests import killing

KILLED_WITHIN = 0.02, 0.9
"""Seconds."""


def main(seed: str, victim: str, folder: str, *options: str) -> None:
    """Import until it is done."""
    killing.set_up()
    from django.core.management import CommandError, call_command
    from django.db.models import Sum

    from learner_profile_plugin.time_on_task.models import ImportedLog

    def work() -> int | None:
        try:
            call_command("learner_profile_import_tracking_logs", folder, *options, verbosity=0, stdout=sys.stderr)
        except CommandError:
            return killing.AGAIN
        return None

    def tell() -> int:
        return ImportedLog.objects.aggregate(Sum("offset"))["offset__sum"] or 0

    killing.until_done(work, tell, seed=seed, within=KILLED_WITHIN, kill=functools.partial(kill, victim))


def kill(victim: str) -> None:
    """End the import, or one of its processes, with no time to do anything."""
    if victim == "import":
        killing.die()
    while not (processes := multiprocessing.active_children()):
        time.sleep(0.001)
    processes[0].kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
