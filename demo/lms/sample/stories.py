"""From the plan of a participation to what happened in it: its sessions, and what changed the records when."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from demo.lms.models import Unit
from demo.lms.sample.histories import Outcome, Participation
from demo.lms.sample.moments import Deed, Event, Session

FIRST_HOUR = 6
LAST_HOUR = 20
UNITS_AT_ONCE = 3


@dataclass
class Story:
    """What one participation left behind."""

    participation: Participation
    enrolled_at: datetime
    ended_at: datetime
    deeds: list[Deed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def tell(participation: Participation, user: User, units: list[Unit], end: datetime) -> Story:
    """
    Tell the story of a participation; ``end`` is the last midnight of the recorded history.

    The same plan always makes the same story.
    """
    rng = random.Random(f"{participation.username} in {participation.course_key}")
    first_day = end - timedelta(days=participation.start_days_ago + 1)
    enrolled_at = first_day + timedelta(hours=rng.uniform(1, FIRST_HOUR))
    story = Story(participation, enrolled_at, enrolled_at)
    wrong = _wrong_answers(participation.outcome, units, rng)
    done: set[int] = set()
    for number in range(participation.sessions):
        session = Session(
            user=user,
            course_key=participation.course_key,
            clock=_start(first_day, number, participation, rng),
            rng=rng,
            done=done,
            wants_right=lambda unit: unit.position not in wrong,
        )
        session.visit(_chosen(units, number, participation, rng))
        story.events += session.events
        story.deeds += session.deeds
        story.ended_at = session.clock
    return story


def _start(first_day: datetime, number: int, participation: Participation, rng: random.Random) -> datetime:
    day = round(number * participation.days / max(participation.sessions, 1))
    return first_day + timedelta(days=day, hours=rng.uniform(FIRST_HOUR, LAST_HOUR))


def _wrong_answers(outcome: Outcome, units: list[Unit], rng: random.Random) -> set[int]:
    """Choose the problems that the learner never gets right; all but one of them still makes a pass."""
    problems = [unit.position for unit in units if unit.kind == Unit.Kind.PROBLEM]
    if outcome is Outcome.FAILED:
        return set(problems)
    return {rng.choice(problems)} if rng.random() < 1 / 2 else set()


def _chosen(units: list[Unit], number: int, participation: Participation, rng: random.Random) -> list[Unit]:
    """Choose what a session is about: a few units further on each time, and one from before."""
    reach = len(units)
    if participation.outcome in {Outcome.UNDER_WAY, Outcome.LEFT}:
        reach = max(len(units) // 2, 1)
    fraction = (number + 1) / participation.sessions
    upto = max(round(reach * fraction), 1)
    begin = max(min(round(reach * number / participation.sessions), upto - 1), 0)
    fresh = units[begin:upto]
    before = units[:begin]
    again = rng.sample(before, min(len(before), max(UNITS_AT_ONCE - len(fresh), 1)))
    return sorted(again, key=lambda unit: unit.position) + fresh
