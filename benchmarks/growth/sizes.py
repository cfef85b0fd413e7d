"""How much room tables and indexes take, by what the database says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from learner_profile_plugin.time_on_task.models import CourseTotal, LearnerTotal, LearningDay

MODELS: tuple[type[Model], ...] = (LearningDay, LearnerTotal, CourseTotal)
QUERIES = {
    "mysql": (
        "SELECT table_name, IF(index_name = 'PRIMARY', '', index_name), stat_value * @@innodb_page_size"
        " FROM mysql.innodb_index_stats WHERE database_name = DATABASE() AND stat_name = 'size'"
    ),
    "postgresql": (
        "SELECT relname, '', pg_table_size(relid) FROM pg_stat_user_tables"
        " UNION ALL SELECT relname, indexrelname, pg_relation_size(indexrelid) FROM pg_stat_user_indexes"
    ),
    "sqlite": (
        "SELECT m.tbl_name, CASE m.type WHEN 'table' THEN '' ELSE m.name END, sum(s.pgsize)"
        " FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.name"
    ),
}


@dataclass(frozen=True, slots=True)
class Size:
    """The bytes of a table's rows, or of an index of it, and the number of rows."""

    what: str
    bytes: int
    rows: int


def sizes() -> list[Size]:
    """Let the database count anew, and return what it says: rows (with their primary key) before indexes."""
    rows = {model._meta.db_table: model.objects.count() for model in MODELS}  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for table in rows:
            cursor.execute(_analysis(table))
            if connection.vendor == "mysql":
                cursor.fetchall()
        cursor.execute(QUERIES[connection.vendor])
        found = {(table, index): int(size) for table, index, size in cursor.fetchall() if table in rows}
    return [Size(what, found[place], rows[place[0]]) for place, what in _named(found)]


def _analysis(table: str) -> str:
    return {"mysql": "ANALYZE TABLE", "postgresql": "VACUUM ANALYZE", "sqlite": "ANALYZE"}[
        connection.vendor
    ] + f" {table}"


def _named(found: dict[tuple[str, str], int]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield places with their names, in order of tables; an index is called by its columns."""
    for model in MODELS:
        table = model._meta.db_table
        for place in sorted(place for place in found if place[0] == table):
            part = f"index on {', '.join(_columns(*place))}" if place[1] else "rows"
            yield place, f"{model._meta.verbose_name_plural}: {part}"


def _columns(table: str, index: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Django does not tell of indexes that SQLite makes for a constraint.
            cursor.execute("SELECT name FROM pragma_index_info(%s)", [index])
            return [name for (name,) in cursor.fetchall()]
        return [*connection.introspection.get_constraints(cursor, table)[index]["columns"]]
