"""Takes learning time from tracking logs: of the years before the plugin was installed, or of another place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task.log_import import (
    BATCH,
    MAX_UNKNOWN_PEOPLE,
    PIPED,
    How,
    LogSourceError,
    Outcome,
    Wanted,
    best_parser,
    find_files,
    import_logs,
    parser_named,
)


class Command(BaseCommand):
    """Can be stopped at any time, and goes on where it was. What it reads twice changes nothing."""

    help = (
        "Import learning time from tracking logs: files, plain or packed (gzip, bzip2, xz), folders, addresses such as "
        "s3://bucket/logs, or - for what is piped in. Run it again to go on, or to read what was logged since."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take places and filters."""
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, and change nothing")
        parser.add_argument("--again", action="store_true", help="read from the beginning what was read before")
        parser.add_argument(
            "--since", metavar="TIME", help="leave out what is earlier: 2025-01-31, or with a time (UTC)"
        )
        parser.add_argument("--until", metavar="TIME", help="leave out what is at this time or later")
        parser.add_argument("--course", action="append", default=[], metavar="KEY", help="take this course only")
        parser.add_argument("--parser", choices=["json", "msgspec"], help="default: the fastest that is installed")
        parser.add_argument(
            "--batch", type=int, default=BATCH, metavar="LINES", help="how many lines of activity are written at once"
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            metavar="N",
            help="how many files are read at once (default: 1)",
        )

    def handle(self, *args: Any, paths: list[str], verbosity: int, processes: int, **options: Any) -> None:
        """Import, show how far it is, and sum up."""
        how = self._how(options)
        if processes > 1 and PIPED in paths:
            raise CommandError("What is piped in is read by one process: leave out --processes.")
        try:
            files = find_files(paths)
            bar = _Bar(self.stderr, sum(file.size or 0 for file in files), is_shown=verbosity > 0)
            with bar:
                outcome = import_logs(files, how, bar, max(processes, 1))
        except LogSourceError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. Started again, it goes on where it was.", returncode=130) from error
        self.stdout.write("\n".join(_summary(outcome, how)))
        for path, code in outcome.lost:
            self.stderr.write(f"A process ended too early (exit code {code}), while it read {path or 'nothing yet'}.")
        if outcome.lost:
            raise CommandError("Not everything was imported. Started again, it goes on where it was.")

    def _how(self, options: dict[str, Any]) -> How:
        try:
            parser = parser_named(options["parser"]) if options["parser"] else best_parser()
        except ModuleNotFoundError as error:
            raise CommandError(f"{error}. It comes with: pip install 'learner-profile-plugin[logs]'") from error
        try:
            courses = frozenset(str(CourseKey.from_string(key)) for key in options["course"])
        except InvalidKeyError as error:
            raise CommandError(f"This is no course key: {error}") from error
        given = {name: _seconds(options[name]) for name in ("since", "until") if options[name]}
        return How(
            parser=parser,
            wanted=Wanted(courses=courses, **given),
            dry_run=options["dry_run"],
            again=options["again"],
            batch=max(options["batch"], 1),
        )


class _Bar:
    """Shows how far it is: on a terminal in one line, elsewhere in a line a minute."""

    WIDTH = 24

    def __init__(self, stream: OutputWrapper, total: int, *, is_shown: bool) -> None:
        self._stream, self._total, self._is_shown = stream, total, is_shown
        self._every = 0.5 if stream.isatty() else 60.0
        self._shown = time.monotonic()
        self._begun: tuple[float, int] | None = None

    def __call__(self, path: str, bytes_read: int, lines: int) -> None:
        now = time.monotonic()
        # What was read before this run says nothing of its rate.
        begun, first = self._begun = self._begun or (self._shown, bytes_read)
        if not self._is_shown or now - self._shown < self._every:
            return
        self._shown = now
        rate, read = lines / (now - begun), bytes_read - first
        done = min(bytes_read / self._total, 1) if self._total else 0
        left = f"{_clock((now - begun) * (self._total - bytes_read) / read)} left" if done and read else "..."
        text = f"[{'#' * round(done * self.WIDTH):<{self.WIDTH}}] {done:4.0%}  {lines:,} lines, {rate:,.0f}/s, {left}"
        if self._stream.isatty():
            self._stream.write(f"\r{f'{text}  {path}'[:120]:<120}", str, ending="")
        else:
            self._stream.write(f"{text}  {path}", str)

    def __enter__(self) -> None:
        """Show it from now on."""

    def __exit__(self, *error: object) -> None:
        """Leave the line."""
        if self._is_shown and self._stream.isatty():
            self._stream.write("")


def _clock(seconds: float) -> str:
    minutes, second = divmod(max(round(seconds), 0), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def _seconds(time_given: str) -> int:
    try:
        moment = datetime.fromisoformat(time_given)
    except ValueError as error:
        raise CommandError(f"This is no time: {time_given}") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _summary(outcome: Outcome, how: How) -> Iterator[str]:
    tally, written = outcome.tally, outcome.written
    yield f"{tally.lines:,} lines read, by {how.parser.name}."
    yield f"{tally.activity:,} of them are activity."
    verb = "would be" if how.dry_run else "were"
    yield f"{written.begun:,} days of learners {verb} begun, {written.grown:,} added to; {written.same:,} held it all."
    more = "at least " if len(tally.unknown_people) >= MAX_UNKNOWN_PEOPLE else ""
    people = f"{more}{len(tally.unknown_people):,} people who have no open account here"
    for count, what in (
        (tally.unknown, f"are of {people}"),
        (tally.anonymous, "are of nobody"),
        (tally.of_others, "tell what somebody did for another learner"),
        (tally.left_out, "are left out, as you asked"),
        (tally.malformed, "cannot be read"),
    ):
        if count:
            yield f"{count:,} {what}."
    for found in tally.examples:
        yield f"  {found.path}, line {found.line}, byte {found.offset}: {found.reason}"
    if tally.malformed > len(tally.examples):
        yield f"  and {tally.malformed - len(tally.examples):,} more"
    if outcome.read_before:
        yield f"{outcome.read_before:,} files were read to their end before; --again reads them once more."
    for path, reason in outcome.damaged:
        yield f"Damaged, and read up to there: {path} ({reason})"
    if written.begun + written.grown and not how.dry_run:
        yield "Run learner_profile_rederive now, so that pages need not add it up each time."
