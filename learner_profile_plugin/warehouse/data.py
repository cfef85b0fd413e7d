"""What is exported, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class WarehouseError(Exception):
    """The database for analysts cannot be used as it is; the text says what to do. Doing it again does no harm."""


class Place(NamedTuple):
    """
    What is replaced as a whole: a learner's day in a course run.

    Attributes:
        course_key: the run.
        actor_id: the UUID by which xAPI statements name the learner.
        day: days since 1970 (UTC).
    """

    course_key: str
    actor_id: str
    day: int


class Span(NamedTuple):
    """A stretch of active time within one day, in epoch seconds; its kind is one of ``time_on_task.data.Kind``."""

    start: int
    end: int
    kind: str


class ActiveDay(NamedTuple):
    """All active time of a place, in order, and the version of the rule that gave it."""

    spans: tuple[Span, ...]
    rule: int


Days = dict[Place, ActiveDay]


@dataclass(slots=True)
class Outcome:
    """
    What became of an export so far.

    Attributes:
        learners: whose days were compared, or would be.
        days: learners' days in a course that were written.
        waiting: learners who have no UUID, or who are to be erased first; they are not exported.
        erased: learners of whom there was something to be removed.
    """

    learners: int = 0
    days: int = 0
    waiting: int = 0
    erased: int = 0
