"""
What is read for a backfill, a page at a time: rows of the platform, and records of which it may hold no row any more.

A page of the platform's that cannot be read as a whole is read up to the row that is to blame, which is
named and left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.learning_record.bulk import COURSE, by_few_courses, place_of
from learner_profile_plugin.learning_record.data import CERTIFIED, Fact
from learner_profile_plugin.learning_record.models import LearningRecord as Row
from learner_profile_plugin.learning_record.platform_facts import of_certificate, of_enrolment, of_grade, of_nothing
from learner_profile_plugin.patience import patiently

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Scope:
    """Of whom and where: one learner or all (None), and some courses or all (none named)."""

    user_id: int | None = None
    courses: tuple[CourseKey, ...] = ()

    def for_compat(self) -> dict[str, Any]:
        """Return it as functions of compat take it."""
        return {"user_id": self.user_id, "course_keys": self.courses or None}


@dataclass(slots=True)
class Read:
    """
    A page.

    Attributes:
        read_at: the moment before it was read.
        facts: what its rows say.
        rows: how many they were.
        last: the number of the last of them, from which to go on; None if there are no more.
        malformed: the rows that cannot be understood, by number, and why.
        is_gone: the facts say that the platform holds nothing.
    """

    read_at: datetime
    facts: list[Fact] = field(default_factory=list)
    rows: int = 0
    last: int | None = None
    malformed: dict[int, str] = field(default_factory=dict)
    is_gone: bool = False


@dataclass(frozen=True)
class Source:
    """
    Where facts are read from.

    Attributes:
        name: as an operator says it.
        count: how many rows there are after one.
        read: the page after a row, of a length.
    """

    name: str
    count: Callable[[Scope, int], int]
    read: Callable[[Scope, int, int], Read]


def sources_of(what: Sequence[str]) -> Iterator[Source]:
    """Return what is to be read, in order; rows that are gone last, so that what moved is not taken for gone."""
    for name in what:
        yield Source(name, functools.partial(_count_rows, name), functools.partial(_read_rows, name))
    for name in what:
        gone = functools.partial(_count_claims, name), functools.partial(_read_claims, name)
        yield Source(f"{name} that are gone", *gone)


PAGES: dict[str, tuple[Callable[..., list[Any]], Callable[[Any, datetime], list[Fact]]]] = {
    "certificates": (compat.get_certificates, of_certificate),
    "grades": (compat.get_grades, of_grade),
    "enrolments": (compat.get_enrolments_page, of_enrolment),
}
"""What can be read of the platform: by what, and what a row of it says."""

CLAIMS: dict[str, dict[str, Any]] = {
    "certificates": {"certificate_status": CERTIFIED},
    "grades": {"grade_percent__isnull": False},
    "enrolments": {"enrolment_is_active": True},
}
"""Which records say something that the platform must hold a row for."""


def _count_rows(name: str, scope: Scope, after: int) -> int:
    return compat.get_extent(name, **scope.for_compat(), after_row_id=after).count


def _read_rows(name: str, scope: Scope, after: int, limit: int) -> Read:
    get_page, facts_of = PAGES[name]

    def get(**bounds: int) -> list[Any]:
        page = functools.partial(get_page, **scope.for_compat(), after_row_id=after, **bounds)
        return patiently(page, f"reading {name} after row {after}")

    read = Read(datetime.now(UTC))
    try:
        rows = get(limit=limit)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        found = _narrow(get, after, compat.get_extent(name, **scope.for_compat()).last_row_id, limit)
        if found is None:
            raise
        rows, bad = found
        if bad:
            read.malformed[bad] = repr(error)[:LONGEST_REASON]
    for row in rows:
        try:
            read.facts += facts_of(row, read.read_at)
        except Exception as error:  # noqa: BLE001 - here too
            read.malformed[row.row_id] = repr(error)[:LONGEST_REASON]
    numbers = [*(row.row_id for row in rows), *read.malformed]
    read.rows, read.last = len({*numbers}), max(numbers, default=None)
    return read


def _narrow(get: Callable[..., list[Any]], after: int, last: int, limit: int) -> tuple[list[Any], int] | None:
    """
    Return the rows before the first that makes reading fail, and its number: 0 if it fails no more.

    None if no row is to blame, since reading fails also where there is none.
    """

    def read_to(end: int) -> list[Any] | None:
        try:
            return get(until_row_id=end, limit=limit)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - which is what is looked for
            return None

    good = read_to(after)
    if good is None:
        return None
    rows = read_to(last)
    if rows is not None:
        return rows, 0
    low, high = after, last
    while high - low > 1:
        middle = (low + high) // 2
        rows = read_to(middle)
        if rows is None:
            high = middle
        else:
            low, good = middle, rows
    return good, high


def _claims(name: str, scope: Scope, after: int) -> Any:
    rows = Row.objects.filter(**CLAIMS[name], pk__gt=after)
    if scope.user_id is not None:
        rows = rows.filter(user_id=scope.user_id)
    if scope.courses:
        rows = rows.filter(course_key__in=scope.courses)
    return rows


def _count_claims(name: str, scope: Scope, after: int) -> int:
    return int(_claims(name, scope, after).count())


def _read_claims(name: str, scope: Scope, after: int, limit: int) -> Read:
    read = Read(datetime.now(UTC), is_gone=True)
    columns = ("pk", "user_id", "enrolment_mode", "enrolment_created_at")
    ask = _claims(name, scope, after).order_by("pk").values(*columns, course=COURSE)[:limit]
    rows = [
        row | {"course_key": _course_key(row["course"])}
        for row in patiently(lambda: list(ask.all()), f"reading records after row {after}")
    ]
    held = {
        place_of(user_id, str(key)) for user_id, key in _held(name, [(r["user_id"], r["course_key"]) for r in rows])
    }
    for row in rows:
        if place_of(row["user_id"], row["course"]) not in held:
            read.facts += of_nothing(name, row, read.read_at)
    read.rows, read.last = len(rows), rows[-1]["pk"] if rows else None
    return read


def _held(name: str, places: list[tuple[int, CourseKey]]) -> Iterator[tuple[int, CourseKey]]:
    for some in by_few_courses(places):
        yield from patiently(functools.partial(compat.get_held, name, some), f"looking {name} up")


@functools.lru_cache(maxsize=2000)
def _course_key(course: str) -> CourseKey:
    return CourseKey.from_string(course)
