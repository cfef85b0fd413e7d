"""What a figure is, and how it is taken."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

MILLISECONDS, A_SECOND = "ms", "/s"

T = TypeVar("T")
Work = Callable[[T], Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One line of the table.

    Attributes:
        what: what was measured.
        unit: ``MILLISECONDS`` that one takes, or how many were done ``A_SECOND``.
        value: the figure.
        reference: what else was measured in the same run, and ``ratio`` the value divided by its.
        queries: how many statements one takes, where one is asked for on its own.
    """

    what: str
    unit: str
    value: float
    reference: str = ""
    ratio: float = 1.0
    queries: int | None = None


def milliseconds(work: Work[T], things: Iterable[T]) -> float:
    """Return how long one takes: the median over things, each of which is taken once."""
    taken = []
    for thing in things:
        begun = time.perf_counter()
        work(thing)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3


def seconds(work: Callable[[], Any]) -> float:
    """Return how long something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def queries(work: Work[T], thing: T) -> int:
    """Return how many statements one takes."""
    counted = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        work(thing)
    return counted


def say(what: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"... {what}", file=sys.stderr, flush=True)
