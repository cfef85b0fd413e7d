"""
Brings many records up to what the platform's rows say, at once: for backfills.

The outcome is that of ``api.record`` for each fact that is to be believed (see ``differences.settle``),
whatever else records at the same moment. Rows that are not there are inserted, or left to whoever
inserted them first. Rows that are there are locked, in the order of their keys, compared again, and
updated by their keys alone: who records a single fact goes over the index to the row, so that the two
wait for each other but never both ways. Rows that agree are neither locked nor written.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, ExpressionWrapper, F, QuerySet
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.learning_record.columns import GROUPS
from learner_profile_plugin.learning_record.data import Fact
from learner_profile_plugin.learning_record.differences import NOTHING, Difference, settle
from learner_profile_plugin.learning_record.models import LearningRecord as Row

COURSE = ExpressionWrapper(F("course_key"), CharField())
"""Course keys are compared as texts: to parse each costs more than all else here."""

UPDATED_AT_ONCE = 250
"""Rows in one UPDATE: the database looks each of them up in as long a list for each column."""

COURSES_AT_ONCE = 300

Place = tuple[int, str]
"""User and course run."""
Known = dict[Place, dict[str, Any]]


@dataclass(slots=True)
class Settled:
    """
    What became, or is to become, of facts.

    Attributes:
        differences: what is to be written, or was, and what is too fresh to be.
        same: of how many places everything is recorded already.
        closed: how many places belong to accounts that are closed or gone, of which nothing is begun.
        refused: places for which the table has no room: their course differs from another one's only
            in a way that the database does not see.
    """

    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    closed: int = 0
    refused: list[Place] = field(default_factory=list)


class Page:
    """
    Facts that were read from the platform at one moment, to be compared and written together.

    Args:
        facts: of any number of places, all kinds of each place in a row.
        read_at: the moment before they were read.
        is_gone: they say that the platform holds nothing.
    """

    def __init__(self, facts: Iterable[Fact], read_at: datetime, *, is_gone: bool = False) -> None:
        self._facts: dict[Place, list[Fact]] = {}
        for fact in facts:
            self._facts.setdefault(place_of(fact.user_id, str(fact.course_key)), []).append(fact)
        kinds = {fact.kind for told in self._facts.values() for fact in told}
        self._columns = [name for kind in sorted(kinds) for name in GROUPS[kind]]
        self._read_at, self._is_gone = read_at, is_gone

    def compare(self) -> Settled:
        """Say what would be written, and write nothing."""
        return self._compare(self._known(self._facts))

    def write(self) -> Settled:
        """
        Write what differs, in short transactions. Doing it again changes nothing.

        Raises what the database raises, be it that two locked each other out; what was written by then stays.
        """
        known = self._known(self._facts)
        settled = self._compare(known)
        values: dict[Place, dict[str, Any]] = {}
        for found in settled.differences:
            values.setdefault(place_of(found.user_id, found.course), {}).update(found.values)
        begun = {place: values[place] for place in values.keys() - known.keys()}
        changed = {place for place in values.keys() & known.keys() if values[place]}
        if begun:
            self._begin(begun)
            there = self._known(begun)
            changed |= {place for place in there if any(self._differences(place, there[place]))}
            known |= there
            settled.refused = [place for place in begun.keys() - there.keys() if self._is_open(place)]
        if changed:
            self._replace([known[place]["pk"] for place in changed])
        return settled

    def _compare(self, known: Known) -> Settled:
        settled = Settled()
        strangers = {user_id for user_id, _ in self._facts.keys() - known.keys()}
        held = compat.get_open_accounts(strangers) if strangers else set()
        for place in self._facts:
            if place not in known and place[0] not in held:
                settled.closed += 1
                continue
            found = self._differences(place, known.get(place, NOTHING))
            settled.differences += found
            settled.same += not found
        return settled

    def _differences(self, place: Place, known: Mapping[str, Any]) -> list[Difference]:
        found = (settle(fact, known, self._read_at, is_gone=self._is_gone) for fact in self._facts[place])
        return [difference for difference in found if difference is not None]

    def _begin(self, values: Mapping[Place, dict[str, Any]]) -> None:
        """Insert rows; take back those of accounts that were closed meanwhile, of which nothing may be begun."""
        frames = {place: self._facts[place][0] for place in values}
        rows = {
            place: Row(user_id=frames[place].user_id, course_key=frames[place].course_key, **columns)
            for place, columns in values.items()
        }
        with transaction.atomic():
            Row.objects.bulk_create(rows.values(), ignore_conflicts=True)
            held = compat.get_open_accounts({user_id for user_id, _ in rows})
            for place, row in rows.items():
                if place[0] not in held:
                    self._take_back(row, frames[place].kind)

    @staticmethod
    def _take_back(row: Row, kind: str) -> None:
        inserted = {name: getattr(row, name) for name in (f"{kind}_as_of", f"{kind}_rank")}
        Row.objects.filter(user_id=row.user_id, course_key=row.course_key, **inserted).delete()

    def _is_open(self, place: Place) -> bool:
        return place[0] in compat.get_open_accounts([place[0]])

    def _replace(self, keys: list[int]) -> None:
        """Write over rows that are there, by what they say once they are locked."""
        with transaction.atomic():
            locked = self._read(Row.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
            rows, columns = dict[int, dict[str, Any]](), set[str]()
            for place, known in locked.items():
                values = {name: v for found in self._differences(place, known) for name, v in found.values.items()}
                if values:
                    rows[known["pk"]] = known | values
                    columns |= values.keys()
            for start in range(0, len(rows), UPDATED_AT_ONCE):
                _update(dict(itertools.islice(rows.items(), start, start + UPDATED_AT_ONCE)), sorted(columns))

    def _known(self, places: Collection[Place]) -> Known:
        """Return the rows of these places."""
        known: Known = {}
        for some in by_few_courses([(place[0], self._facts[place][0].course_key) for place in places]):
            known |= self._read(_rows_of(some))
        return known

    def _read(self, rows: QuerySet[Row]) -> Known:
        names = ("pk", "user_id", *self._columns)
        found = (dict(zip((*names, "course"), row, strict=True)) for row in rows.values_list(*names, COURSE))
        return {place_of(row["user_id"], row["course"]): row for row in found}


def _update(rows: Mapping[int, Mapping[str, Any]], columns: Sequence[str]) -> None:
    """
    Write these columns of rows, by their keys, in one statement.

    What ``bulk_update`` does, which takes ten times as long to put the statement together.
    """
    settings, params = [], list[Any]()
    for name in columns:
        column: Any = Row._meta.get_field(name)
        value = f"CASE id {' '.join(f'WHEN {int(key)} THEN %s' for key in rows)} END"
        if connection.features.requires_casted_case_in_updates:
            value = f"CAST({value} AS {column.db_type(connection)})"
        settings.append(f"{name} = {value}")
        params += [column.get_db_prep_save(row[name], connection) for row in rows.values()]
    keys = ", ".join(str(int(key)) for key in rows)
    # Names of columns and numbers are all that is put into the text.
    statement = f"UPDATE {Row._meta.db_table} SET {', '.join(settings)} WHERE id IN ({keys})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _rows_of(places: Iterable[tuple[int, CourseKey]]) -> QuerySet[Row]:
    """
    Return the rows of these people in these courses.

    Not of all of them in all of these: most of what is read would be their other courses. The conditions
    are text, since to put some hundred of them together as objects takes longer than the query.
    """
    users_in: dict[str, list[int]] = {}
    for user_id, course_key in places:
        users_in.setdefault(str(course_key), []).append(user_id)
    conditions = [f"(course_key = %s AND user_id IN ({', '.join(['%s'] * len(users))}))" for users in users_in.values()]
    params = [value for course, users in users_in.items() for value in (course, *users)]
    return Row.objects.extra(where=[" OR ".join(conditions)], params=params)  # noqa: S610 - nothing in it is given


def by_few_courses(places: Collection[tuple[int, CourseKey]]) -> Iterator[list[tuple[int, CourseKey]]]:
    """Yield them in parts of few courses, as few as a query can name: SQLite takes a thousand at most."""
    order = sorted({course_key for _, course_key in places}, key=str)
    part_of = {course_key: place // COURSES_AT_ONCE for place, course_key in enumerate(order)}
    parts: dict[int, list[tuple[int, CourseKey]]] = {}
    for user_id, course_key in places:
        parts.setdefault(part_of[course_key], []).append((user_id, course_key))
    yield from parts.values()


def place_of(user_id: int, course: str) -> Place:
    """Return where a fact belongs; MySQL and MariaDB take course keys for equal that differ in case alone."""
    return user_id, course.casefold() if connection.vendor == "mysql" else course
