"""
A site of ten years: who learned on which day in which courses, always the same for a size.

On each day as many learners come, each for one to three courses, 1.37 in the mean. A learner comes for
a year, on one day of ten; one in 5,000 comes on every third day for all of the ten years. One course
is everybody's, one that of each tenth learner and one that of each hundredth; besides, a learner has
four of 300 others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.evidence_size import DAY, SEED, real_day, with_beats
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import union

SPAN = 3650
"""Days of ten years."""
COURSES, WEIGHTS = (1, 2, 3), (68, 27, 5)
MEAN_COURSES = 1.37
LEARNERS_PER_DAILY = 100
"""How many learners a site has for each that comes on a day."""
OFTEN, VETERANS = 3, 5000
DRAWN = 3000
RUN = "course-v1:HarbourX+{}+2024_T3"
EVERYBODYS, TENTHS, HUNDREDTHS = (RUN.format(name) for name in ("Welcome", "Statics", "Seminar"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    What a learner does on a day.

    Attributes:
        forms: the packed evidence in each course, which is the same on any day.
        seconds: how much counts in each course.
        together: how much counts over all of them.
    """

    forms: tuple[bytes, ...]
    seconds: tuple[int, ...]
    together: int


@dataclass(frozen=True, slots=True)
class Visit:
    """That a learner came on a day (since 1970), for some courses."""

    day: int
    user_id: int
    courses: tuple[str, ...]
    drawn: Drawn


class Population:
    """
    The learners of a site with about so many learner-course-days.

    Attributes:
        daily: how many learners come on a day.
        learners: how many there are; their user ids begin with 1.
        veterans: the ids of those who come for ten years.
        drawn: by number of courses, what may be done on a day.
    """

    def __init__(self, days: int) -> None:
        visits = max(round(days / MEAN_COURSES), 1)
        self.span = min(SPAN, visits)
        self.daily = max(round(visits / self.span), 1)
        self.learners = LEARNERS_PER_DAILY * self.daily
        step = min(VETERANS, self.learners)
        self.veterans = [*range(step, self.learners + 1, step)]
        self.chance = random.Random(SEED)  # noqa: S311 - sample data
        self.drawn = {number: self._draw(number, min(days, DRAWN // number)) for number in COURSES}

    @property
    def window(self) -> int:
        """How many learners come in a year."""
        return self.learners // 10

    def visits(self) -> Iterator[Visit]:
        """Yield who came, in order of days."""
        for number in range(self.span):
            day = DAY - self.span + 1 + number
            first = number * self.learners // self.span
            often = [user_id for user_id in self.veterans if (number + user_id) % OFTEN == 0]
            present = self.chance.sample(range(self.window), max(self.daily - len(often), 0))
            for user_id in {**dict.fromkeys(often), **dict.fromkeys((first + k) % self.learners + 1 for k in present)}:
                (count,) = self.chance.choices(COURSES, WEIGHTS)
                courses = self.chance.sample(courses_of(user_id), count)
                yield Visit(day, user_id, tuple(courses), self.chance.choice(self.drawn[count]))

    def some(self, number: int) -> list[int]:
        """Return learners at random, none of them a veteran."""
        usual = [*{*range(1, self.learners + 1)}.difference(self.veterans)]
        return self.chance.sample(usual, min(number, len(usual)))

    def newest(self, number: int) -> list[int]:
        """Return some of the learners of the last year, none of them a veteran."""
        usual = [*{*range(1, max(self.window, min(number, self.learners)) + 1)}.difference(self.veterans)]
        return self.chance.sample(usual, min(number, len(usual)))

    def _draw(self, courses: int, times: int) -> list[Drawn]:
        found: list[Drawn] = []
        while len(found) < times:
            days = [with_beats(real_day(self.chance)[0], self.chance) for _ in range(courses)]
            if any({*day.by_day()} != {DAY} for day in days):
                # One that went on after midnight: forms are of one day.
                continue
            counted = [rule.active_intervals(day) for day in days]
            found.append(
                Drawn(
                    forms=tuple(pack(day, DAY) for day in days),
                    seconds=tuple(map(rule.total_seconds, counted)),
                    together=rule.total_seconds(union(interval for intervals in counted for interval in intervals)),
                )
            )
        return found


def courses_of(user_id: int) -> list[str]:
    """Return the course runs of a learner."""
    shared = [EVERYBODYS, *([TENTHS] if user_id % 10 == 0 else []), *([HUNDREDTHS] if user_id % 100 == 0 else [])]
    return [*shared, *(RUN.format(f"C{(7 * user_id + 61 * number) % 300:03}") for number in range(4))]
