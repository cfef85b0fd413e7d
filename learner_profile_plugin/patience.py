"""Trying again what a database refused for the moment; for work outside of the host's requests."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSES = (0.05, 0.5, 2.0, 5.0, 15.0)
"""Seconds between attempts: a deadlock is over at once, a database that starts anew takes longer."""

UNTIL_IT_ANSWERS = (1, 2, 5, 10, 30)
"""Seconds between attempts where nothing else can be done than to wait; the last one again and again."""

AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError)
"""Transactions locked each other out, or the database does not answer."""


def patiently(
    work: Callable[[], T],
    what: str,
    *,
    pauses: Iterable[float] | None = None,
    errors: tuple[type[Exception], ...] = (*AWAY, IntegrityError),
) -> T:
    """
    Do something, again after each of some pauses (``PAUSES``) where it failed with one of these errors.

    An IntegrityError is one of them since an account may just have been deleted. Raises what the last
    attempt raised, and any other error at once.
    """
    for pause in PAUSES if pauses is None else pauses:
        try:
            return work()
        except errors as error:
            log.warning("Tried again in %g s: %s failed (%s).", pause, what, error)
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return work()


def endlessly() -> Iterator[float]:
    """Return pauses that grow and do not end."""
    return itertools.chain(UNTIL_IT_ANSWERS, itertools.repeat(UNTIL_IT_ANSWERS[-1]))
