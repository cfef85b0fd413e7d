"""
Unites evidence of many learners with their days at once: for imports.

The outcome is that of ``api.keep`` followed by ``api.compact``, since a set is united with a set. But
nothing is pending in between: one row is written for each learner, course run and day, and none at
all where everything was known.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import CharField, ExpressionWrapper, F, QuerySet
from django.db.models.constants import OnConflict
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.patience import patiently
from learner_profile_plugin.time_on_task import totals
from learner_profile_plugin.time_on_task.codec import MalformedEvidenceError, pack, unpack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.log_learners import still_open
from learner_profile_plugin.time_on_task.models import LearnerTotal, LearningDay, PendingEvidence

log = logging.getLogger(__name__)

T = TypeVar("T")
Place = tuple[int, str, int]
"""User, course run and day (days since 1970)."""

COURSE = ExpressionWrapper(F("course_key"), CharField())
"""Course keys are compared as texts: to parse each costs more than all else here."""

WRITTEN = ("user", "course_key", "day", "evidence")
"""The fields of a day: those of a place, and the form."""

AT_ONCE = 400
AT_ONCE_AGAIN = (0.0,) * 4


@dataclass(slots=True)
class Written:
    """How many days were begun, how many grew, and how many held everything already."""

    begun: int = 0
    grown: int = 0
    same: int = 0

    def add(self, other: Written) -> None:
        """Count what another wrote too."""
        self.begun += other.begun
        self.grown += other.grown
        self.same += other.same


def unite(evidence: Mapping[Place, Evidence], *, dry_run: bool = False) -> Written:
    """
    Unite evidence with the days that it belongs to. A dry run writes nothing.

    Any number of these may run at once, beside those that compact or delete a learner. Each part of it
    is a transaction, so that nobody waits long. Where it is interrupted, do it again: a set does not
    grow by what it holds. Evidence of accounts that are closed by now is left out.
    """
    written = Written()
    for part in _parts(evidence):
        if dry_run:
            written.add(_Part(part).written)
        else:
            written.add(written_at_last(functools.partial(_unite, part), f"evidence of {len(part)} days"))
    return written


def _parts(evidence: Mapping[Place, Evidence]) -> Iterator[dict[Place, Evidence]]:
    """Yield it in parts, a day together, so that few rows are read in vain."""
    order = sorted(evidence, key=lambda place: (place[2], place[0], place[1]))
    for start in range(0, len(order), AT_ONCE):
        yield {place: evidence[place] for place in order[start : start + AT_ONCE]}


def written_at_last(write: Callable[[], T], what: str) -> T:
    """Write something, again at once where two locked each other out, or an account was deleted at this very moment."""
    return patiently(write, f"writing {what}", pauses=AT_ONCE_AGAIN, errors=(OperationalError, IntegrityError))


def _unite(evidence: dict[Place, Evidence]) -> Written:
    totals.ensure(still_open({user_id for user_id, _, _ in evidence}))
    with transaction.atomic():
        # The totals first, as whoever changes days does, and in order. Who has none was deleted meanwhile.
        rows = LearnerTotal.objects.select_for_update().filter(pk__in={user_id for user_id, _, _ in evidence})
        held = still_open(list(rows.order_by("pk").values_list("pk", flat=True)))
        part = _Part({place: found for place, found in evidence.items() if place[0] in held})
        _write(part.begun, OnConflict.IGNORE)
        _write(part.grown, OnConflict.UPDATE)
        unplaced = part.begun.keys() - part.known_places() if part.begun else set()
        _let_wait(part.unreadable | {place: part.begun[place] for place in unplaced})
        totals.outdate({user_id for user_id, _, _ in part.begun.keys() | part.grown.keys()})
    return part.written


class _Part:
    """
    As much evidence as is written at once, compared with what is there.

    Attributes:
        begun, grown: forms of days to be written that are not there yet, and of those that are.
        unreadable: forms of evidence for days that are of a form that cannot be read.
    """

    def __init__(self, evidence: Mapping[Place, Evidence]) -> None:
        self._evidence = evidence
        forms = {place: pack(found, place[2]) for place, found in evidence.items()}
        self.begun, self.grown = dict(forms), dict[Place, bytes]()
        self.unreadable = dict[Place, bytes]()
        for user_id, course, day, stored in self._rows().values_list("user_id", COURSE, "day", "evidence"):
            place, known = (user_id, course, day), bytes(stored)
            if place not in forms:
                continue
            del self.begun[place]
            try:
                united = known if known == forms[place] else pack(unpack(known, day) | evidence[place], day)
            except MalformedEvidenceError as error:
                log.error("Left as it is: day %d of user %d in %s cannot be read (%s).", day, user_id, course, error)
                self.unreadable[place] = forms[place]
            else:
                if united != known:
                    self.grown[place] = united

    @property
    def written(self) -> Written:
        begun, grown = len(self.begun), len(self.grown)
        return Written(begun, grown, len(self._evidence) - begun - grown)

    def known_places(self) -> set[Place]:
        """Return the places that have a row."""
        return set(self._rows().values_list("user_id", COURSE, "day"))

    def _rows(self) -> QuerySet[LearningDay]:
        """Return the rows of these places, and some of the same learners and days in other courses."""
        users, days = {user_id for user_id, _, _ in self._evidence}, {day for _, _, day in self._evidence}
        return LearningDay.objects.filter(user_id__in=users, day__in=days)


def _write(forms: Mapping[Place, bytes], on_conflict: OnConflict) -> None:
    """Write days in as few statements as the database takes. A model of each would take longer than all the rest."""
    database: Any = connection
    operations, meta = database.ops, LearningDay._meta
    fields: list[Any] = [meta.get_field(name) for name in WRITTEN]
    columns = ", ".join(operations.quote_name(field.column) for field in fields)
    begin = f"{operations.insert_statement(on_conflict)} {operations.quote_name(meta.db_table)} ({columns})"
    row = f"(%s, %s, %s, {operations.binary_placeholder_sql(b'')})"
    end = operations.on_conflict_suffix_sql(fields, on_conflict, ["evidence"], [field.column for field in fields[:3]])
    values = [(*place, database.Database.Binary(form)) for place, form in forms.items()]
    many = operations.bulk_batch_size(fields, values) or 1
    with database.cursor() as cursor:
        for start in range(0, len(values), many):
            some = values[start : start + many]
            cursor.execute(f"{begin} VALUES {', '.join([row] * len(some))} {end}", [*chain.from_iterable(some)])


def _let_wait(forms: dict[Place, bytes]) -> None:
    """
    Keep as pending, once, what could not be united.

    Its day is of a newer form; or its row is that of another course, where a database takes course
    keys for equal that differ in case alone.
    """
    if not forms:
        return
    users = {user_id for user_id, _, _ in forms}
    waiting = PendingEvidence.objects.filter(user_id__in=users).values_list("user_id", "course_key", "day", "evidence")
    known = {((user_id, str(course), day), bytes(form)) for user_id, course, day, form in waiting}
    PendingEvidence.objects.bulk_create(
        PendingEvidence(user_id=place[0], course_key=_course_key(place[1]), day=place[2], evidence=form)
        for place, form in forms.items()
        if (place, form) not in known
    )


@functools.lru_cache(maxsize=2000)
def _course_key(course: str) -> CourseKey:
    return CourseKey.from_string(course)
