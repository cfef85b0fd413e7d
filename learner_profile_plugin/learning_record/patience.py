"""Trying again what a database refused for the moment."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSES = (0.05, 0.5, 2.0, 5.0, 15.0)
"""Seconds between attempts: a deadlock is over at once, a database that starts anew takes longer."""


def patiently(work: Callable[[], T], what: str) -> T:
    """
    Do something, again where transactions locked each other out, the database was away, or an account was just deleted.

    Raises what the last attempt raised.
    """
    for pause in PAUSES:
        try:
            return work()
        except (OperationalError, InterfaceError, IntegrityError) as error:
            log.warning("Tried again in %g s: %s failed (%s).", pause, what, error)
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return work()
