"""Exports when learners were learning, for analysts: to ClickHouse, or to files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learner_profile_plugin.warehouse import api
from learner_profile_plugin.warehouse.data import Outcome, WarehouseError


class Command(BaseCommand):
    """Can be stopped at any time; run again, it goes on. What is up to date is not written again."""

    help = (
        "Export when learners were learning to ClickHouse, as of those whose evidence changed since the last time, "
        "and erase there who was forgotten. With --to-files, to a folder instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and how much."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--to-files", type=Path, metavar="FOLDER", help="write gzipped CSV files into this folder")
        what.add_argument("--print-tables", action="store_true", help="only print the SQL that makes the tables")
        what.add_argument("--create-tables", action="store_true", help="make the tables before, if the user may")
        parser.add_argument("--all", action="store_true", help="compare everybody, not only whose evidence changed")
        parser.add_argument("--dry-run", action="store_true", help="only count; still sees whether ClickHouse is there")
        parser.add_argument(
            "--batch", type=int, default=api.LEARNERS_AT_ONCE, metavar="LEARNERS", help="how many are held at once"
        )

    def handle(self, *args: Any, to_files: Path | None, **options: Any) -> None:
        """Export, say how far it is, and sum up."""
        how = {"again": options["all"], "dry_run": options["dry_run"], "told": _Progress(self)}
        try:
            if options["print_tables"]:
                self.stdout.write(api.get_table_statements())
                return
            if options["create_tables"] and not options["dry_run"]:
                api.create_tables()
            if to_files is not None:
                outcome = api.export_to_files(to_files, **how)
            else:
                outcome = api.export_to_clickhouse(batch=max(options["batch"], 1), **how)
        except WarehouseError as error:
            raise CommandError(f"{error} What was exported stays; run it again to go on.") from error
        self._sum_up(outcome, dry_run=options["dry_run"])

    def _sum_up(self, outcome: Outcome, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(f"{outcome.learners:,} learners would be exported, {outcome.erased:,} erased.")
            return
        if outcome.waiting:
            self.stdout.write(f"{outcome.waiting:,} learners wait: they have no UUID, or are to be erased before.")
        if outcome.erased:
            self.stdout.write(f"{outcome.erased:,} learners who were forgotten are being erased.")
        done = f"{outcome.learners:,} learners exported, {outcome.days:,} of their days written."
        self.stdout.write(self.style.SUCCESS(done))


class _Progress:
    """Tells how far it is, every few seconds at most."""

    EVERY = 10.0

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._told = time.monotonic()

    def __call__(self, outcome: Outcome) -> None:
        if time.monotonic() - self._told >= self.EVERY:
            self._told = time.monotonic()
            self._command.stderr.write(f"{outcome.learners:,} learners, {outcome.days:,} days written ...")
