"""The tables in ClickHouse: what stands in them, and how it gets there and goes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY
from learner_profile_plugin.warehouse.clickhouse import ClickHouse
from learner_profile_plugin.warehouse.data import ActiveDay, Days, Place, Span, WarehouseError

TABLE = "learner_profile_active_day"
VIEW = "learner_profile_active_interval"
AT_ONCE = 10_000
"""How many rows are sent in one request."""
Row = tuple[Place, ActiveDay, int]
"""What stands of a place, and its version."""
LAST_DAY = (2**32 - 1) // SECONDS_PER_DAY - 1
"""The last one of which ClickHouse's DateTime holds every second, in 2106. What a clock says beyond is left out."""


def statements() -> str:
    """Return the SQL that makes the tables, where they are not there yet."""
    return Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")


def create(server: ClickHouse) -> None:
    """Make the tables where they are not there yet. Raises WarehouseError."""
    for statement in statements().split(";\n"):
        if statement.strip():
            server.execute(statement)


def require(server: ClickHouse) -> None:
    """Raise WarehouseError unless the table is there."""
    answer = server.execute(f"EXISTS TABLE {TABLE}").strip()
    if answer == "0":
        raise WarehouseError(f"There is no table {TABLE} at {server.place}. --print-tables says how to make it.")
    if answer != "1":
        raise WarehouseError(f"What answers at {server.place} is not ClickHouse.")


def read(server: ClickHouse, actor_ids: Collection[str]) -> Days:
    """Return the days that stand in the table of some learners, also those of which nothing counts any more."""
    # An index by learner changes nothing of which row holds, since all rows of a day are of one learner.
    answer = server.execute(
        "SELECT course_key, actor_id, toUInt16(day), starts, ends, kinds, rule "  # noqa: S608 - UUIDs
        f"FROM {TABLE} FINAL WHERE actor_id IN ({_listed(actor_ids)}) "
        "SETTINGS use_skip_indexes_if_final = 1 FORMAT JSONCompactEachRow"
    )
    return {
        Place(course_key, actor_id, day): ActiveDay(
            tuple(Span(*span) for span in zip(starts, ends, kinds, strict=True)), rule
        )
        for course_key, actor_id, day, starts, ends, kinds, rule in _rows(answer)
    }


def write(server: ClickHouse, rows: Iterable[Row]) -> None:
    """Write days with their versions, each in place of what is there of it."""
    columns = "course_key, actor_id, day, starts, ends, kinds, rule, version"
    sql = f"INSERT INTO {TABLE} ({columns}) FORMAT JSONCompactEachRow"
    for some in _in_parts(rows):
        server.insert(sql, (_line(*row) for row in some))


def find_actors(server: ClickHouse, actor_ids: Collection[str]) -> set[str]:
    """Return of which of these learners there is anything, be it replaced or not."""
    answer = server.execute(
        f"SELECT DISTINCT actor_id FROM {TABLE} WHERE actor_id IN ({_listed(actor_ids)}) "  # noqa: S608 - UUIDs
        "FORMAT JSONCompactEachRow"
    )
    return {actor_id for (actor_id,) in _rows(answer)}


def erase(server: ClickHouse, actor_ids: Collection[str]) -> None:
    """
    Have all rows of some learners removed, from the disk too.

    ClickHouse writes the parts anew that hold any, by and by; until then ``find_actors`` tells of them.
    """
    server.execute(f"ALTER TABLE {TABLE} DELETE WHERE actor_id IN ({_listed(actor_ids)})")


def _listed(actor_ids: Collection[str]) -> str:
    return ", ".join(f"'{UUID(actor_id)}'" for actor_id in actor_ids)


def _rows(answer: str) -> Iterator[list[Any]]:
    return (json.loads(line) for line in answer.split("\n") if line)


def _line(place: Place, active: ActiveDay, version: int) -> bytes:
    day = datetime.fromtimestamp(place.day * SECONDS_PER_DAY, UTC).date().isoformat()
    starts, ends, kinds = ([span[part] for span in active.spans] for part in range(3))
    row = [place.course_key, place.actor_id, day, starts, ends, kinds, active.rule, version]
    return json.dumps(row, separators=(",", ":")).encode()


def _in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some
