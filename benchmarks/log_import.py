"""
How fast tracking logs are imported, against decoding the same lines and doing nothing with them.

First on one core: seconds of the processor, the best of some rounds in which everything takes its turn,
so that a busy machine disturbs all alike. Ratios are what is compared between versions: 0.5 means half
as many lines a second as the reference. There are two references: ``fields`` decodes only what the import
asks for, ``whole`` makes Python objects of the whole line. Then, by the clock, whole archives and
several processes: see ``benchmarks.log_archive``.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

from benchmarks.log_archive import COMMAND, FILES, duckdb_reader, make_people
from benchmarks.sample_log import write_log

ROUNDS = 4
LINES = 200_000
LEARNERS = 1000
MARIADB = "mysql://root@127.0.0.1:3306"

Rows = dict[str, Callable[[], Any]]


def main() -> None:
    """Make a log and a site in a temporary place, measure, and print tables."""
    arguments = argparse.ArgumentParser(prog="benchmarks.log_import", description=__doc__)
    arguments.add_argument("--lines", type=int, default=LINES)
    arguments.add_argument("--learners", type=int, default=LEARNERS)
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    arguments.add_argument("--server", default=MARIADB, help="a database server besides SQLite (default: %(default)s)")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        log = Path(var) / "tracking.log"
        write_log(log, options.lines, options.learners)
        size = log.stat().st_size / options.lines
        print(
            f"{options.lines:,} lines of {size:.0f} bytes, {options.learners:,} learners, {os.cpu_count()} processors"
        )
        on_one_core(log, options.lines, options.learners, options.rounds)
        archive = Path(var) / "archive"
        archive.mkdir()
        for day in range(FILES):
            write_log(archive / f"{day}.log", options.lines // FILES, options.learners, day)
        print(f"\nBy the clock: as many lines in {FILES} files, of a day each, into an empty database")
        print(f"{'what':<50}{'lines/s':>10}{'cores':>7}{'writing':>9}{'memory':>9}")
        for url in ("sqlite:", options.server):
            command = [sys.executable, "-m", "benchmarks.log_archive", str(archive), str(options.learners), url]
            done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - this Python
            print(done.stdout.rstrip() or f"{url}: not measured. {(done.stderr.strip().splitlines() or [''])[-1]}")


def on_one_core(log: Path, lines: int, learners: int, rounds: int) -> None:
    """Measure and print what one core does."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    make_people(learners)
    rows = bare(log) | reading(log) | importing(log)
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, work in rows.items():
            begun = time.process_time()
            work()
            seconds[name].append(time.process_time() - begun)
    best = {name: min(found) for name, found in seconds.items()}
    print(f"On one core, the best of {rounds} rounds\n{'what':<50}{'lines/s':>10}{'fields':>8}{'whole':>8}")
    for name, found in best.items():
        if name == EMPTIED:
            continue
        ratios = "".join(f"{best[reference] / found:>8.2f}" for reference in (FIELDS, WHOLE))
        print(f"{name:<50}{lines / found:>10,.0f}{ratios}")


EMPTIED = "all days removed"
FIELDS, WHOLE = "msgspec: decoding the fields alone", "msgspec: decoding the whole line alone"


def bare(log: Path) -> Rows:
    """Return the references: decoding each line of the file."""
    import json

    import msgspec

    from learner_profile_plugin.time_on_task.log_lines import parser_named

    fields, whole = parser_named("msgspec").line, msgspec.json.Decoder().decode
    rows: Rows = {
        FIELDS: lambda: consume(map(fields, log.open("rb"))),
        WHOLE: lambda: consume(map(whole, log.open("rb"))),
        "json: decoding alone": lambda: consume(map(json.loads, log.open("rb"))),
    }
    read = duckdb_reader(1)
    if read is None:
        print("DuckDB is not measured: it is not installed (requirements/bench.in).")
        return rows
    return rows | {"DuckDB: reading the fields alone, one thread": lambda: read(str(log))}


def reading(log: Path) -> Rows:
    """Return what is done without a database: from the file to evidence, packed as it is stored."""
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

    return {
        "msgspec: from lines to evidence": lambda: read(log, "msgspec"),
        "msgspec, gzip: from lines to evidence": lambda: read(packed, "msgspec"),
        "json: from lines to evidence": lambda: read(log, "json"),
    }


def importing(log: Path) -> Rows:
    """Return the whole command, on SQLite, where the database works in the same process."""
    from django.core.management import call_command

    from learner_profile_plugin.time_on_task.models import LearningDay

    def run() -> None:
        call_command(COMMAND, str(log), again=True, verbosity=0, stdout=io.StringIO())

    return {
        EMPTIED: LearningDay.objects.all().delete,
        "msgspec: the command, into an empty database": run,
        "msgspec: the command, again, all of it known": run,
    }


def consume(found: Iterable[Any]) -> None:
    """Let something be made, and keep none of it."""
    for _ in found:
        pass


if __name__ == "__main__":
    main()
