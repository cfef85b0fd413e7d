"""What tests that kill processes share: how such a process is run, and how it goes on until it is done."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import django
from django.conf import settings
from django.db import connection

AGAIN = 75
"""What a process exits with where it has to be started again."""


def run(module: str, *arguments: str, **environment: str) -> str:
    """Run a module of these tests on the database of the test that runs now; return what it printed."""
    kept = ("ENGINE", "NAME", "HOST", "PORT", "USER", "PASSWORD", "OPTIONS")
    database = {key: connection.settings_dict[key] for key in kept}
    done = subprocess.run(  # noqa: S603 - this Python, on a module of these tests
        [sys.executable, "-m", module, *arguments],
        env=os.environ | {"DATABASE": json.dumps(database, default=str)} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def set_up() -> None:
    """Let Django work on the database that :func:`run` names. In the process that it starts."""
    settings.DATABASES["default"].update(json.loads(os.environ["DATABASE"]))
    django.setup()


def die() -> None:
    """End this process, with no time to do anything."""
    os.kill(os.getpid(), signal.SIGKILL)


def start(work: Callable[[], int | None], seconds: float, kill: Callable[[], None] = die) -> int:
    """
    Do something in a fork of this process, where it is killed after some seconds; return the fork.

    A fork saves starting Django anew. It exits with what the work returns. Close connections before.
    """
    child = os.fork()
    if not child:
        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        os._exit(work() or 0)
    return child


def until_done(
    work: Callable[[], int | None],
    tell: Callable[[], object],
    *,
    seed: str,
    within: tuple[float, float],
    kill: Callable[[], None] = die,
    grows: float = 0.1,
) -> None:
    """
    Do something again and again, killed at any moment each time, until once it came to its end; exit with its code.

    Prints what ``tell`` returns after each time. ``within`` are seconds. They grow by a share each
    time, so that it comes to an end on any machine.
    """
    chance = random.Random(seed)
    for number in itertools.count():
        child = start(work, chance.uniform(*within) * (1 + number * grows), kill)
        _, status = os.waitpid(child, 0)
        print(tell(), flush=True)  # noqa: T201
        connection.close()
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) != AGAIN:
            sys.exit(os.WEXITSTATUS(status))
