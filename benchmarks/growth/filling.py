"""
Fills the tables by plain statements, in the order in which days come.

The plugin's own path would take an hour for millions of days. The rows are the same, but that nothing
was united on the way; that the totals follow from the days is checked afterwards.
"""

from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model
from tqdm import tqdm

from benchmarks.growth.population import Population
from learner_profile_plugin.time_on_task import api, rule
from learner_profile_plugin.time_on_task.data import union
from learner_profile_plugin.time_on_task.models import CourseTotal, LearnerTotal, LearningDay

AT_ONCE = 1000
COLUMNS = ("user_id", "course_key", "day", "evidence")


class Totals:
    """What the days add up to, while they are written."""

    def __init__(self) -> None:
        self.rows = 0
        self.bytes = 0
        self.of_learner: dict[int, int] = defaultdict(int)
        self.visits: dict[int, int] = defaultdict(int)
        self.of_course: dict[tuple[int, str], int] = defaultdict(int)

    def days(self, population: Population) -> Iterator[tuple[int, str, int, bytes]]:
        """Yield the rows of days, and count them."""
        for visit in population.visits():
            drawn = visit.drawn
            self.of_learner[visit.user_id] += drawn.together
            self.visits[visit.user_id] += 1
            for course, form, seconds in zip(visit.courses, drawn.forms, drawn.seconds, strict=True):
                self.of_course[visit.user_id, course] += seconds
                self.rows += 1
                self.bytes += len(form)
                yield visit.user_id, course, visit.day, form


def fill(population: Population, days: int) -> Totals:
    """Write learners, their days and their totals; return what there is."""
    numbers = range(1, population.learners + 1)
    User.objects.bulk_create((User(pk=n, username=f"learner{n}") for n in numbers), batch_size=AT_ONCE)
    totals = Totals()
    with tqdm(total=days, desc="filled", unit=" days", unit_scale=True, mininterval=5, file=sys.stderr) as progress:
        for rows in insert(LearningDay, COLUMNS, totals.days(population)):
            progress.update(rows)
    learners = ((n, s, rule.VERSION, totals.visits[n]) for n, s in totals.of_learner.items() if s)
    courses = ((user_id, course, seconds) for (user_id, course), seconds in totals.of_course.items() if seconds)
    for _ in insert(LearnerTotal, ("user_id", "seconds", "rule_version", "changes"), learners):
        pass
    for _ in insert(CourseTotal, ("user_id", "course_key", "seconds"), courses):
        pass
    return totals


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[int]:
    """Write rows in statements of many, each a transaction; yield how many each wrote."""
    source = iter(rows)
    while some := [*itertools.islice(source, AT_ONCE)]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insertion(model, columns, len(some)), [value for row in some for value in row])
        yield len(some)


def insertion(model: type[Model], columns: Sequence[str], rows: int) -> str:
    """Return the statement that inserts rows."""
    places = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {', '.join([places] * rows)}"  # noqa: S608


def upsertion(rows: int) -> str:
    """Return the statement that inserts days, or replaces their evidence: the least that any way to store them does."""
    statement = insertion(LearningDay, COLUMNS, rows)
    if connection.vendor == "mysql":
        return f"{statement} ON DUPLICATE KEY UPDATE evidence = VALUES(evidence)"
    return f"{statement} ON CONFLICT (user_id, course_key, day) DO UPDATE SET evidence = excluded.evidence"


def check(population: Population, times: int) -> int:
    """
    Compare totals of so many learners with what follows from their days; return how many were compared.

    Raises:
        AssertionError: if one of them does not follow.
    """
    learners = [*population.some(times), *population.veterans[:2]]
    for user_id in learners:
        stored, intervals = api.get_learning_time(user_id), api.get_active_intervals(user_id)
        of_course = {course_key: rule.total_seconds(found) for course_key, found in intervals.items()}
        together = rule.total_seconds(union(itertools.chain.from_iterable(intervals.values())))
        if (stored.seconds, stored.by_course) != (together, of_course):
            raise AssertionError(f"learner {user_id}: {stored} is stored, {together} s follow, {of_course}")
    return len(learners)
