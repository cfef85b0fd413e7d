"""Who took which course when, and how it went: the plan that the seeding carries out."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from opaque_keys.edx.keys import CourseKey

from demo.lms.sample.catalogue import MAIN_RUNS, many_runs


class Outcome(enum.Enum):
    """How a learner's time in a course ends."""

    CERTIFICATE = "certificate"
    REVOKED = "revoked"
    FAILED = "failed"
    UNDER_WAY = "under way"
    LEFT = "left"
    ENROLLED = "enrolled"


@dataclass(frozen=True)
class Participation:
    """
    One learner's time in one course run.

    Attributes:
        start_days_ago: when the learner enrolled, before the end of the recorded history.
        days: over how many days the sessions are spread.
        upgraded_after: days after which the learner moved to the verified track; None for never.
        comes_back: whether the learner left once in between and enrolled again.
    """

    username: str
    course_key: CourseKey
    start_days_ago: int
    days: int
    sessions: int
    outcome: Outcome
    mode: str = "honor"
    upgraded_after: int | None = None
    comes_back: bool = False


KEYS = {run.number: run.key for run in MAIN_RUNS}
MANY_COURSES = 200
MANY_SPAN = 2150

STAFFED = ("DS101", "A11Y101")
"""The runs of which ``sam`` is staff."""

# number, days ago, spread, sessions, outcome
ADA = (
    ("LEARN100", 990, 12, 5, Outcome.CERTIFICATE),
    ("DS101", 930, 40, 12, Outcome.CERTIFICATE),
    ("PY110", 850, 35, 11, Outcome.CERTIFICATE),
    ("CLIM101", 760, 25, 7, Outcome.CERTIFICATE),
    ("STAT210", 700, 45, 14, Outcome.CERTIFICATE),
    ("PM101", 610, 20, 6, Outcome.CERTIFICATE),
    ("A11Y101", 520, 30, 10, Outcome.CERTIFICATE),
    ("CALL100", 430, 28, 8, Outcome.CERTIFICATE),
    ("NEG120", 380, 16, 4, Outcome.FAILED),
    ("SEC200", 320, 30, 9, Outcome.CERTIFICATE),
    ("OCEAN220", 250, 18, 5, Outcome.REVOKED),
    ("STORY140", 190, 8, 2, Outcome.LEFT),
    ("UX205", 150, 30, 8, Outcome.CERTIFICATE),
    ("PH150", 60, 24, 7, Outcome.CERTIFICATE),
    ("ENER130", 21, 20, 6, Outcome.UNDER_WAY),
    ("TEST150", 5, 4, 2, Outcome.UNDER_WAY),
)
LAYLA = (
    ("LEARN100", 410, 10, 3, Outcome.CERTIFICATE),
    ("CALL100", 370, 30, 9, Outcome.CERTIFICATE),
    ("DS101", 260, 40, 10, Outcome.CERTIFICATE),
    ("STORY140", 140, 20, 5, Outcome.CERTIFICATE),
    ("A11Y101", 30, 28, 6, Outcome.UNDER_WAY),
)
THEODORA = (
    ("A11Y101", 280, 30, 6, Outcome.CERTIFICATE),
    ("PM101", 120, 20, 4, Outcome.FAILED),
    ("DS101", 10, 8, 2, Outcome.UNDER_WAY),
)
FINN = (
    ("LEARN100", 80, 15, 5, Outcome.CERTIFICATE),
    ("DS101", 40, 35, 6, Outcome.UNDER_WAY),
)
NOOR = (
    ("A11Y101", 200, 30, 7, Outcome.CERTIFICATE),
    ("OCEAN220", 90, 20, 4, Outcome.UNDER_WAY),
    ("SEC200", 3, 1, 0, Outcome.ENROLLED),
)
SAM = (
    ("LEARN100", 900, 12, 4, Outcome.CERTIFICATE),
    ("UX205", 300, 25, 6, Outcome.CERTIFICATE),
)
PLANS = {"ada": ADA, "layla": LAYLA, "theodora": THEODORA, "finn": FINN, "noor": NOOR, "sam": SAM}

UPGRADES = {("ada", "DS101"), ("ada", "STAT210"), ("ada", "SEC200"), ("layla", "CALL100")}
RETURNS = {("ada", "CLIM101"), ("layla", "DS101")}


def participations() -> list[Participation]:
    """Answer every participation of every sample account, in the order of the accounts."""
    planned = [
        Participation(
            username=username,
            course_key=KEYS[number],
            start_days_ago=days_ago,
            days=days,
            sessions=sessions,
            outcome=outcome,
            upgraded_after=2 if (username, number) in UPGRADES else None,
            comes_back=(username, number) in RETURNS,
        )
        for username, plan in PLANS.items()
        for number, days_ago, days, sessions, outcome in plan
    ]
    return planned + _many()


def _many() -> list[Participation]:
    """Plan the learner of two hundred courses: a steady pace, most finished, some not."""
    ends = (Outcome.CERTIFICATE,) * 7 + (Outcome.FAILED, Outcome.LEFT, Outcome.CERTIFICATE)
    runs = [*many_runs(), *MAIN_RUNS[:13]][:MANY_COURSES]
    pace = MANY_SPAN / len(runs)
    return [
        Participation(
            username="maya",
            course_key=run.key,
            start_days_ago=round(MANY_SPAN - place * pace) + 9,
            days=8,
            sessions=3 + place % 2,
            outcome=ends[place % len(ends)] if place < len(runs) - 2 else Outcome.UNDER_WAY,
            mode="audit" if place % 23 == 0 else "honor",
        )
        for place, run in enumerate(runs)
    ]
