"""
How long the import of an archive takes by the clock, on one database: a part of ``benchmarks.log_import``.

DuckDB reads the same fields of the same files and does nothing with them. ``writing`` is the share of the
time in which processes unite evidence with the database: its own work, and ours to pack and to ask.
``memory`` is the most that one process takes, all of Django included. ``cores`` is how many processors the
work kept busy, without the database server: on a machine that does other things, less than it could have.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

COMMAND = "learner_profile_import_tracking_logs"
FILES = 4
PROCESSES = (1, 2)
ROUNDS = 3


def main() -> None:
    """Make a site on a database of its own, measure, and print lines of a table."""
    arguments = argparse.ArgumentParser(prog="benchmarks.log_archive", description=__doc__)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("learners", type=int)
    arguments.add_argument("database", help="mysql://, postgres:// or sqlite:")
    options = arguments.parse_args()
    lines = sum(1 for path in options.archive.iterdir() for _ in path.open("rb"))
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        from benchmarks.growth.database import name_of_database, own_database

        with own_database(options.database, Path(var)):
            make_people(options.learners)
            print(name_of_database())
            rows: list[tuple[str, Callable[[], Any], bool]] = []
            for threads in PROCESSES:
                if (read := duckdb_reader(threads)) is not None:
                    reading = functools.partial(read, f"{options.archive}/*")
                    rows.append((f"DuckDB: reading alone, threads: {threads}", reading, False))
            for processes in PROCESSES:
                importing = functools.partial(call, options.archive, processes)
                rows.append((f"the command, processes: {processes}", importing, True))
            # Before anything was done in this process, which would stay in its memory and so in that of its children.
            used = [memory(work) for _, work, _ in rows]
            for (name, work, writes), megabytes in zip(rows, used, strict=True):
                with writing_watched() as written:
                    seconds, cores = best(work, written)
                share = f"{written.value / seconds / int(name[-1]):.0%}" if writes else ""
                print(f"  {name:<48}{lines / seconds:>10,.0f}{cores:>7.2f}{share:>9}{megabytes:>6} MB", flush=True)


def call(archive: Path, processes: int) -> None:
    """Import an archive."""
    from django.core.management import call_command

    call_command(COMMAND, str(archive), again=True, processes=processes, verbosity=0, stdout=io.StringIO())


@contextlib.contextmanager
def writing_watched() -> Iterator[Any]:
    """Let a number grow by the seconds that this process, and those that it starts, spend on uniting evidence."""
    from learner_profile_plugin.time_on_task import bulk

    written = multiprocessing.get_context("fork").Value("d", 0.0)
    unite = bulk.unite

    def watched(*arguments: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return unite(*arguments, **options)
        finally:
            with written.get_lock():
                written.value += time.perf_counter() - begun

    bulk.unite = watched
    yield written
    bulk.unite = unite


def best(work: Callable[[], Any], written: Any) -> tuple[float, float]:
    """Return the seconds of the best of some rounds and how many cores it had; ``written`` is what it was in that."""
    from learner_profile_plugin.time_on_task.models import LearningDay

    rounds = []
    for _ in range(ROUNDS):
        LearningDay.objects.all().delete()
        written.value = 0.0
        begun, used = time.perf_counter(), sum(os.times()[:4])
        work()
        seconds = time.perf_counter() - begun
        rounds.append((seconds, (sum(os.times()[:4]) - used) / seconds, written.value))
    seconds, cores, written.value = min(rounds)
    return seconds, cores


def memory(work: Callable[[], Any]) -> int:
    """Return the most memory that a process takes which does something, or one that it starts, in MB."""
    from django.db import connections

    context = multiprocessing.get_context("fork")
    used = context.Value("i", 0)

    def measure() -> None:
        work()
        used.value = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    connections.close_all()
    process = context.Process(target=measure)
    process.start()
    process.join()
    return int(used.value) // 1024


def duckdb_reader(threads: int) -> Callable[[str], Any] | None:
    """Return what reads the fields that the import asks for with DuckDB; None where that is not installed."""
    try:
        import duckdb
    except ModuleNotFoundError:
        return None
    columns = dict.fromkeys(("name", "event_type", "time", "username", "session", "host", "page"), "VARCHAR")
    columns |= {"event_source": "VARCHAR", "event": "JSON", "context": "STRUCT(user_id VARCHAR, course_id VARCHAR)"}
    counts = ", ".join(f"count({name})" for name in columns)
    query = f"SELECT {counts} FROM read_json(?, columns = ?, format = 'newline_delimited', ignore_errors = true)"  # noqa: S608

    def read(path: str) -> Any:
        with duckdb.connect(config={"threads": threads}) as connection:
            return connection.execute(query, [path, columns]).fetchall()

    return read


def make_people(learners: int) -> None:
    """Make the people of the log."""
    from django.contrib.auth.models import User

    User.objects.bulk_create(User(pk=number + 1, username=f"learner{number:05}") for number in range(learners))


if __name__ == "__main__":
    main()
