"""
How fast tracking logs are imported, against decoding the same lines and doing nothing with them.

Times are those of the processor (one core), the best of some rounds. Absolute ones are of one machine;
the ratios are what is compared between versions: 0.5 means half as many lines a second as the reference.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

from benchmarks.sample_log import write_log

ROUNDS = 3
LINES = 300_000
LEARNERS = 1000
COMMAND = "learner_profile_import_tracking_logs"


def main() -> None:
    """Make a log and a site in a temporary place, measure, and print one table."""
    arguments = argparse.ArgumentParser(prog="benchmarks.log_import", description=__doc__)
    arguments.add_argument("--lines", type=int, default=LINES)
    arguments.add_argument("--learners", type=int, default=LEARNERS)
    arguments.add_argument("--import", dest="path", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.path:
        import_alone(options.path)
        return
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        django.setup()
        make_site(options.learners)
        log = Path(var) / "tracking.log"
        write_log(log, options.lines, options.learners)
        print(
            f"{options.lines:,} lines of {log.stat().st_size / options.lines:.0f} bytes, {options.learners:,} learners"
        )
        print(f"{'what':<52}{'lines/s':>10}{'ratio':>8}   reference")
        references = bare(log, options.lines)
        reading(log, options.lines, references)
        importing(log, options.lines, references)
        memory(log, options.lines)


def bare(log: Path, lines: int) -> dict[str, float]:
    """Measure the references: decoding each line of the file."""
    from learner_profile_plugin.time_on_task.log_lines import parser_named

    seconds = {}
    for name in ("msgspec", "json"):
        read = parser_named(name).line
        seconds[name] = best(lambda read=read: consume(map(read, log.open("rb"))))  # type: ignore[misc]
        row(f"{name}: decoding alone", lines, seconds[name], seconds["msgspec"], "msgspec, decoding alone")
    try:
        import duckdb
    except ModuleNotFoundError:
        return seconds
    columns = dict.fromkeys(("name", "event_type", "time", "username", "session", "host", "page"), "VARCHAR")
    columns |= {"event_source": "VARCHAR", "event": "JSON", "context": "STRUCT(user_id VARCHAR, course_id VARCHAR)"}
    counts = ", ".join(f"count({name})" for name in columns)
    query = f"SELECT {counts} FROM read_json(?, columns = ?, format = 'newline_delimited', ignore_errors = true)"  # noqa: S608
    with duckdb.connect(config={"threads": 1}) as connection:
        seconds["duckdb"] = best(lambda: connection.execute(query, [str(log), columns]).fetchall())
    row("DuckDB: reading alone, by one thread", lines, seconds["duckdb"], seconds["msgspec"], "msgspec, decoding alone")
    return seconds


def reading(log: Path, lines: int, references: dict[str, float]) -> None:
    """Measure what is done without a database: from the file to evidence, packed as it is stored."""
    from learner_profile_plugin.time_on_task.codec import pack
    from learner_profile_plugin.time_on_task.log_evidence import LogEvidence, Wanted
    from learner_profile_plugin.time_on_task.log_files import LogReader, find_files
    from learner_profile_plugin.time_on_task.log_lines import parser_named

    packed = log.with_suffix(".gz")
    with log.open("rb") as source, gzip.open(packed, "wb", 6) as target:
        shutil.copyfileobj(source, target)

    def read(path: Path, parser: str) -> None:
        evidence = LogEvidence(parser_named(parser), Wanted())
        (file,) = find_files([str(path)])
        with file.open() as source:
            for block in LogReader(file, source).blocks():
                evidence.read(block)
        found = evidence.take()
        consume(pack(day, place[2]) for place, day in found.items())

    for what, path, parser in (
        ("msgspec", log, "msgspec"),
        ("json", log, "json"),
        ("msgspec, gzip", packed, "msgspec"),
    ):
        seconds = best(lambda path=path, parser=parser: read(path, parser))  # type: ignore[misc]
        row(f"{what}: from lines to evidence", lines, seconds, references["msgspec"], "msgspec, decoding alone")


def importing(log: Path, lines: int, references: dict[str, float]) -> None:
    """Measure the whole command, on SQLite, where the database works in the same process."""
    from django.core.management import call_command

    from learner_profile_plugin.time_on_task.models import LearningDay

    for parser in ("msgspec", "json"):
        LearningDay.objects.all().delete()
        for what in ("into an empty database", "again, all of it known"):
            begun = time.process_time()
            call_command(COMMAND, str(log), parser=parser, again=True, verbosity=0, stdout=io.StringIO())
            seconds = time.process_time() - begun
            row(f"{parser}: the command, {what}", lines, seconds, references["msgspec"], "msgspec, decoding alone")
    print(f"({LearningDay.objects.count():,} days of learners)")


def memory(log: Path, lines: int) -> None:
    """Measure the memory of a process that imports, and of one that imports four times as much."""
    folder = log.parent / "more"
    folder.mkdir()
    for number in range(4):
        shutil.copy(log, folder / f"{number}.log")
    for what, path, times in (("the log", log, 1), ("four times the log", folder, 4)):
        command = [sys.executable, "-m", "benchmarks.log_import", "--import", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this Python
        print(f"memory at most, importing {what} ({lines * times:,} lines): {done.stdout.strip()} MB")


def import_alone(path: str) -> None:
    """Import, and print how much memory that took."""
    django.setup()
    from django.core.management import call_command

    call_command(COMMAND, path, again=True, verbosity=0, stdout=sys.stderr)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def make_site(learners: int) -> None:
    """Make the tables and the people of the log."""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    User.objects.bulk_create(User(pk=number + 1, username=f"learner{number:05}") for number in range(learners))


def best(work: Callable[[], Any]) -> float:
    """Return how many seconds of the processor something takes."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        rounds.append(time.process_time() - begun)
    return min(rounds)


def consume(found: Iterable[Any]) -> None:
    """Let something be made, and keep none of it."""
    for _ in found:
        pass


def row(what: str, lines: int, seconds: float, reference: float, name: str) -> None:
    """Print a figure beside its reference."""
    print(f"{what:<52}{lines / seconds:>10,.0f}{reference / seconds:>8.2f}   {name}", flush=True)


if __name__ == "__main__":
    main()
