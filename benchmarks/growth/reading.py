"""How long it takes to read a learner's time and a course's learners, against single rows by their primary keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from benchmarks.growth.figures import A_SECOND, MILLISECONDS, Figure, milliseconds, queries, say, seconds
from benchmarks.growth.population import EVERYBODYS, HUNDREDTHS, TENTHS, Population
from learner_profile_plugin.time_on_task import api, totals
from learner_profile_plugin.time_on_task.models import CourseTotal, LearningDay

PAGE, TURNS = 50, 20
ROW = "SELECT of one row by its primary key"


class Reading:
    """
    Takes the figures of reading.

    Attributes:
        population, times: the learners, and how many of them are taken for a figure.
        row, days: milliseconds of the references.
    """

    def __init__(self, population: Population, times: int) -> None:
        self.population, self.times = population, times
        first, last = LearningDay.objects.order_by("pk").first(), LearningDay.objects.order_by("-pk").first()
        assert first is not None and last is not None  # noqa: PT018,S101 - the tables are full
        keys = [population.chance.randint(first.pk, last.pk) for _ in range(5 * times)]
        self.row = milliseconds(partial(_select, "id"), keys)
        self.days = {name: milliseconds(partial(_select, "user_id"), learners) for name, learners in self.learners()}

    def learners(self) -> list[tuple[str, list[int]]]:
        """Return learners of two kinds, other ones each time: what is known of those of last time is in memory."""
        veterans = self.population.veterans
        often = [*itertools.islice(itertools.cycle(veterans), max(5, len(veterans)))]
        return [("a learner", self.population.some(self.times)), ("a learner of ten years", often)]

    def with_totals(self) -> Iterator[Figure]:
        """Measure where totals hold."""
        say("reading learners and courses")
        yield Figure(ROW, MILLISECONDS, self.row)
        for name, taken in self.days.items():
            yield Figure(f"SELECT of the days of {name}", MILLISECONDS, taken, ROW, taken / self.row)
        for name, learners in self.learners():
            yield self._figure(f"total of {name}", api.get_learning_time, learners)
        for name, learners in self.learners():
            newest = partial(api.get_sessions, limit=20)
            yield self._figure(f"newest 20 sessions of {name}", newest, learners, name)
        yield from self._pages()
        say("looking for totals that do not hold")
        taken = seconds(lambda: [*totals.find_outdated()]) / self.population.learners
        yield Figure("learners found to have a total, by the command", A_SECOND, 1 / taken)

    def with_events_pending(self, waiting: list[int]) -> Iterator[Figure]:
        """Measure where events of the day are not united yet."""
        yield self._figure("total of a learner, a day of events pending", api.get_learning_time, waiting)

    def without_totals(self, outdated: list[int]) -> Iterator[Figure]:
        """Measure where totals do not hold, and how fast they are derived anew."""
        say("reading learners without totals")
        with transaction.atomic():
            totals.outdate(self.population.veterans)
        (usual, _), (often, veterans) = self.learners()
        yield self._figure(f"total of {usual}, derived", api.get_learning_time, outdated[: self.times], usual)
        yield self._figure(f"total of {often}, derived", api.get_learning_time, veterans, often)
        say("deriving totals anew")
        done: list[int] = []
        taken = seconds(lambda: done.extend(itertools.islice(api.rederive(), self.times)))
        yield Figure("learners derived anew, by the command", A_SECOND, len(done) / taken)

    def _pages(self) -> Iterator[Figure]:
        for course, share in ((HUNDREDTHS, 100), (TENTHS, 10), (EVERYBODYS, 1)):
            size = self.population.learners // share
            learners = CourseTotal.objects.filter(course_key=CourseKey.from_string(course))
            if learners.count() <= PAGE:
                continue
            last = [*learners.order_by("seconds", "pk").values_list("seconds", "pk")[PAGE : PAGE + TURNS]]
            for which, befores in (("first", [None] * TURNS), ("last", last)):
                what = f"{which} {PAGE} of {size:,} learners in a course, by time"
                yield self._figure(what, partial(page, learners), befores)

    def _figure(self, what: str, work: Callable[[Any], Any], things: list[Any], learner: str | None = None) -> Figure:
        """Measure something; against the days of a kind of learner, or else against one row."""
        taken = milliseconds(work, things)
        reference, name = (
            (self.row, ROW) if learner is None else (self.days[learner], f"SELECT of the days of {learner}")
        )
        return Figure(what, MILLISECONDS, taken, name, taken / reference, queries(work, things[-1]))


def page(learners: QuerySet[CourseTotal], before: tuple[int, int] | None) -> list[tuple[int, int, int]]:
    """Return user, seconds and key of the learners of a course who come next, the longest time first."""
    if before is not None:
        least, key = before
        # The first condition is the one that the index serves; the second alone would have all rows read.
        learners = learners.filter(seconds__lte=least).filter(Q(seconds__lt=least) | Q(pk__lt=key))
    return [*learners.order_by("-seconds", "-pk").values_list("user_id", "seconds", "pk")[:PAGE]]


def _select(column: str, key: int) -> None:
    with connection.cursor() as cursor:
        table = LearningDay._meta.db_table
        cursor.execute(f"SELECT id, user_id, course_key, day, evidence FROM {table} WHERE {column} = %s", [key])  # noqa: S608
        cursor.fetchall()
