"""The door of the warehouse. Access is checked by whoever calls, not here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from learner_profile_plugin.warehouse import export, files, tables
from learner_profile_plugin.warehouse.clickhouse import ClickHouse
from learner_profile_plugin.warehouse.connection import find_connection
from learner_profile_plugin.warehouse.data import Outcome
from learner_profile_plugin.warehouse.models import ExportedLearner

__all__ = [
    "LEARNERS_AT_ONCE",
    "create_tables",
    "delete_learner",
    "export_to_clickhouse",
    "export_to_files",
    "get_table_statements",
]

LEARNERS_AT_ONCE = export.LEARNERS_AT_ONCE


def export_to_clickhouse(
    *,
    again: bool = False,
    dry_run: bool = False,
    batch: int = LEARNERS_AT_ONCE,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Bring ClickHouse up to date; see :func:`learner_profile_plugin.warehouse.export.export`."""
    with contextlib.closing(_server()) as server:
        return export.export(server, again=again, dry_run=dry_run, batch=batch, told=told)


def export_to_files(
    folder: Path,
    *,
    again: bool = False,
    dry_run: bool = False,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Bring a folder up to date; see :func:`learner_profile_plugin.warehouse.files.export`."""
    return files.export(folder, again=again, dry_run=dry_run, told=told)


def create_tables() -> None:
    """Make the tables in ClickHouse, where they are not there yet. Raises WarehouseError."""
    with contextlib.closing(_server()) as server:
        tables.create(server)


def get_table_statements() -> str:
    """Return the SQL that makes the tables in ClickHouse, for somebody who may."""
    return f"USE {find_connection().database};\n\n{tables.statements()}"


def delete_learner(user_id: int) -> None:
    """Forget that a learner was exported, and note that they are to be erased; the next export does it."""
    ExportedLearner.objects.filter(pk=user_id).delete()


def _server() -> ClickHouse:
    return ClickHouse(find_connection())
