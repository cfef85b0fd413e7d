"""
Never hurt the host: what the LMS calls of ours neither raises nor keeps a failure to itself.

A failure is logged once, with what it was about and what became of it: tried again later, or lost.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

log = logging.getLogger(__name__)

P = ParamSpec("P")


def never_raises(what: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Decorate what the host calls: log an exception with ``what`` it was about and swallow it."""

    def decorate(function: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                function(*args, **kwargs)
            except Exception:
                log.exception("Lost: %s could not be read and is not kept.", what)

        return guarded

    return decorate


def store_or_retry(what: str, store: Callable[[], object], retry: Callable[[], object]) -> None:
    """
    Store now; where that fails, hand over to ``retry`` (which queues the work for later).

    Args:
        what: names the thing for the log, without personal data.
        store: does the work; any exception of it counts as "not now".
        retry: queues the same work, without waiting for a queue that does not answer: the host's
            request waits with it. An exception of it means that the thing is lost.
    """
    try:
        store()
    except Exception as error:  # noqa: BLE001 - whatever it is, the host must not feel it
        try:
            retry()
        except Exception:
            log.exception("Lost: %s could be neither stored (%r) nor queued.", what, error)
        else:
            log.warning("Kept: %s could not be stored now and is queued to be tried again.", what, exc_info=error)
