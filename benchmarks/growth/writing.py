"""
How many learner-course-days can be stored in a second, against plain upserts of the same bytes into the same table.

Both take turns, each with learners of its own: what one of them read would be in memory for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction
from opaque_keys.edx.keys import CourseKey

from benchmarks.evidence_size import DAY
from benchmarks.growth.figures import A_SECOND, Figure, say, seconds
from benchmarks.growth.filling import COLUMNS, insertion, upsertion
from benchmarks.growth.population import EVERYBODYS, Population
from learner_profile_plugin.time_on_task import api, bulk
from learner_profile_plugin.time_on_task.codec import pack, unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.time_on_task.models import PendingEvidence

LIVE, LATER = DAY + 1, DAY + 2
"""The day on which evidence arrives piece by piece, and the first of those that are written many at once."""
BATCHES = (3, 25)
"""How many batches are written at least and at most: the tables are to stay about as large as they are."""
DAYS_A_BATCH = 20_000
KEY = CourseKey.from_string(EVERYBODYS)

Batch = dict[bulk.Place, Evidence]


@dataclass(slots=True)
class Race:
    """How long two ways took for the same number of things, by turns."""

    things: int = 0
    plain: float = 0.0
    ours: float = 0.0

    def run(self, plain: Callable[[], Any], ours: Callable[[], Any], things: int = 1) -> None:
        """Let each way store some."""
        self.plain += seconds(plain)
        self.ours += seconds(ours)
        self.things += things

    def store(self, plain: Batch, ours: Batch) -> None:
        """Let each way store a batch of days; the plain one has its bytes already."""
        rows = [(*place, pack(found, place[2])) for place, found in plain.items()]
        self.run(partial(upsert, rows), partial(bulk.unite, ours), len(ours))

    def figures(self, what: str, reference: str) -> Iterator[Figure]:
        """Yield the reference and the figure."""
        yield Figure(reference, A_SECOND, self.things / self.plain)
        yield Figure(what, A_SECOND, self.things / self.ours, reference, self.plain / self.ours)


@dataclass(slots=True)
class Writing:
    """
    Takes the figures of writing.

    Attributes:
        population, days: the learners, and about how many days are in the table.
        times: how many learners are taken where it is one by one.
        waiting: evidence of a day that is pending, and as much of others for the ``plain`` way.
        touched: learners whose totals do not hold any more.
    """

    population: Population
    days: int
    times: int
    waiting: Batch = field(default_factory=dict)
    plain: Batch = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)

    def events(self) -> Iterator[Figure]:
        """Measure how a site stores events: each as a row that is pending."""
        say("writing events")
        self.plain, self.waiting = self._batches(LIVE, self.times)
        race = Race()
        for place, (user_id, _, day), found in zip(self.plain, self.waiting, self.waiting.values(), strict=True):
            parts = [*pieces(found)]
            rows = [(*place, pack(part, day)) for part in parts]
            activities = [Activity(user_id, KEY, part) for part in parts]
            race.run(partial(_insert_each, rows), partial(_keep_each, activities), len(parts))
        PendingEvidence.objects.filter(user_id__in=[user_id for user_id, _, _ in self.plain]).delete()
        print(f"{race.things / len(self.waiting):.0f} events and beats of a learner-course-day are stored one by one")
        yield from race.figures("events, by api.keep", "plain INSERTs, one row a transaction")

    def compacted(self, learners: list[int]) -> Iterator[Figure]:
        """Measure how days are made of what is pending of learners, one by one."""
        say("uniting what is pending")
        race = Race()
        for user_id, (place, found) in zip(learners, self.plain.items(), strict=False):
            race.run(partial(upsert, [(*place, pack(found, LIVE))]), partial(api.compact, user_id))
        yield from race.figures("new days of such events, by api.compact", "plain upserts, one row a transaction")
        for user_id, _, _ in self.waiting:
            api.compact(user_id)

    def together(self) -> Iterator[Figure]:
        """Measure days of many learners at once, as an import writes them: new ones, more of them, and all known."""
        say("writing days of many learners")
        begun, grown, known = Race(), Race(), Race()
        least, most = BATCHES
        for number in range(min(max(self.days // DAYS_A_BATCH, least), most)):
            plain, ours = self._batches(LATER + number, bulk.AT_ONCE)
            begun.store(*({place: Evidence(found.points) for place, found in days.items()} for days in (plain, ours)))
            grown.store(plain, ours)
            known.store(plain, ours)
            self.touched = [user_id for user_id, _, _ in ours]
        many = f"plain upserts, {bulk.AT_ONCE} rows a transaction"
        yield from begun.figures("new days, by bulk.unite", f"{many}: new rows")
        yield from grown.figures("days that grow, by bulk.unite", f"{many}: more bytes")
        yield from known.figures("days that are known, by bulk.unite", f"{many}: the same bytes")

    def _batches(self, day: int, size: int) -> tuple[Batch, Batch]:
        """Return evidence of a day of learners of the last year, and as much of others."""
        learners = self.population.newest(2 * size)
        forms = [drawn.forms[0] for drawn in self.population.drawn[1]]
        half = len(learners) // 2
        plain, ours = (
            {(user_id, EVERYBODYS, day): unpack(self.population.chance.choice(forms), day) for user_id in some}
            for some in (learners[:half], learners[half : 2 * half])
        )
        return plain, ours


def pieces(found: Evidence) -> Iterator[Evidence]:
    """Yield evidence as events and beats bring it."""
    yield from (Evidence(frozenset({at})) for at in sorted(found.points))
    yield from (Evidence(video=frozenset({point})) for point in sorted(found.video))
    yield from (Evidence.asserting([interval]) for interval in found.asserted)


def upsert(rows: list[tuple[Any, ...]]) -> None:
    """Store days by one plain statement, in a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(upsertion(len(rows)), [value for row in rows for value in row])


def _insert_each(rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        with connection.cursor() as cursor:
            cursor.execute(insertion(PendingEvidence, COLUMNS, 1), row)


def _keep_each(activities: list[Activity]) -> None:
    for activity in activities:
        api.keep([activity])
