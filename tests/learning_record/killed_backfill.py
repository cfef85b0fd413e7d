"""
The backfill in processes that are killed at any moment, one after the other; see test_backfill_killed.

Prints each time how many records there are and how far it came, and nothing else. Each process is a fork of this one,
which saves starting Django anew; none of them shares a connection with another.
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

KILLED_WITHIN = 0.02, 0.4
"""Seconds."""


def main(seed: str, *options: str) -> None:
    """Backfill until it is done."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from learner_profile_plugin.learning_record.models import BackfillPosition, LearningRecord

    # Whatever is imported on the way is here before the first is killed.
    call_command("learner_profile_backfill", "--dry-run", "--batch", "1000", verbosity=0, stdout=sys.stderr)
    connection.close()
    chance = random.Random(seed)
    for number in itertools.count():
        # More and more, so that it comes to an end on any machine.
        within = chance.uniform(*KILLED_WITHIN) * (1 + number / 5)
        child = os.fork()
        if not child:
            threading.Timer(within, os.kill, (os.getpid(), signal.SIGKILL)).start()
            call_command("learner_profile_backfill", *options, verbosity=0, stdout=sys.stderr)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        positions = dict(BackfillPosition.objects.values_list("source", "row_id"))
        print(json.dumps([LearningRecord.objects.count(), positions]), flush=True)  # noqa: T201
        connection.close()
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
