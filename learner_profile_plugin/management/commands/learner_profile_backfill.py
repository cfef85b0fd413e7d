"""Reads certificates, grades and enrolments of the years before the plugin, and what was missed since."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import InterfaceError, OperationalError
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.learning_record.backfill import (
    BATCH,
    KINDS,
    MARGIN,
    Difference,
    How,
    Outcome,
    Scope,
    backfill,
)


class Command(BaseCommand):
    """Can be stopped at any time, and goes on where it was. Safe while learners work; run twice, it changes nothing."""

    help = (
        "Bring learning records up to the certificates, grades and enrolments that the platform holds: those of the "
        "years before the plugin, and what was missed since. With --verify, compare only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose, what, and how."""
        parser.add_argument("--user", metavar="NAME", help="of this learner only")
        parser.add_argument("--course", action="append", default=[], metavar="KEY", help="in this course only")
        parser.add_argument("--only", action="append", choices=KINDS, help="only these; may be given more than once")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--dry-run", action="store_true", help="say what would be written, and change nothing")
        mode.add_argument(
            "--verify", action="store_true", help="compare, change nothing, and exit with 1 if anything differs"
        )
        parser.add_argument("--again", action="store_true", help="begin anew also where a run was interrupted")
        parser.add_argument(
            "--batch", type=int, default=BATCH, metavar="ROWS", help="how many rows are dealt with at once"
        )
        parser.add_argument("--pause", type=float, default=0.0, metavar="SECONDS", help="rest after each batch")
        parser.add_argument(
            "--show", type=int, default=100, metavar="N", help="list at most so many differences (default: 100)"
        )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        """Backfill or compare, show how far it is, and sum up."""
        how = self._how(options)
        try:
            outcome = backfill(how, _Bar(self.stderr, is_shown=verbosity > 0))
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"The database failed ({error}). Started again, it goes on where it was.") from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. Started again, it goes on where it was.", returncode=130) from error
        for line in _complaints(outcome):
            self.stderr.write(line)
        self.stdout.write("\n".join(_summary(outcome, how)))
        if options["verify"] and outcome.drift:
            raise CommandError(f"{outcome.drift:,} records differ from what the platform holds.", returncode=1)

    @staticmethod
    def _how(options: dict[str, Any]) -> How:
        try:
            courses = tuple(CourseKey.from_string(key) for key in options["course"])
        except InvalidKeyError as error:
            raise CommandError(f"This is no course key: {error}") from error
        account = None
        if options["user"] is not None:
            account = compat.find_account(options["user"])
            if account is None:
                raise CommandError(f"There is no account: {options['user']}")
        return How(
            scope=Scope(account.user_id if account else None, courses),
            kinds=[kind for kind in KINDS if kind in (options["only"] or KINDS)],
            dry_run=options["dry_run"] or options["verify"],
            again=options["again"],
            batch=max(options["batch"], 1),
            pause=max(options["pause"], 0.0),
            shown=max(options["show"], 0),
        )


class _Bar:
    """Shows how far it is: on a terminal in one line, elsewhere in a line a minute."""

    WIDTH = 24

    def __init__(self, stream: OutputWrapper, *, is_shown: bool) -> None:
        self._stream, self._is_shown = stream, is_shown
        self._every = 0.5 if stream.isatty() else 60.0
        self._shown = self._begun = time.monotonic()
        self._source = ""

    def __call__(self, source: str, done: int, total: int) -> None:
        now = time.monotonic()
        if source != self._source:
            self._source, self._begun = source, now
        is_last = done >= total and self._stream.isatty()
        if not self._is_shown or not done or (now - self._shown < self._every and not is_last):
            return
        self._shown = now
        rate = done / max(now - self._begun, 0.001)
        share = min(done / total, 1.0) if total else 1.0
        bar = f"[{'#' * round(share * self.WIDTH):<{self.WIDTH}}] {share:4.0%}"
        text = f"{bar}  {done:,} of {total:,} {source}, {rate:,.0f}/s, {_clock((total - done) / rate)} left"
        if self._stream.isatty():
            self._stream.write(f"\r{text:<120}", str, ending="\n" if is_last else "")
        else:
            self._stream.write(text, str)


def _clock(seconds: float) -> str:
    minutes, second = divmod(max(round(seconds), 0), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def _complaints(outcome: Outcome) -> Iterator[str]:
    if outcome.malformed:
        yield f"{outcome.malformed:,} rows are left out, since they cannot be understood or written:"
    for source, where, reason in outcome.reasons:
        yield f"  {source}, {where}: {reason}"
    if outcome.malformed > len(outcome.reasons):
        yield f"  and {outcome.malformed - len(outcome.reasons):,} more"


def _summary(outcome: Outcome, how: How) -> Iterator[str]:
    for source, (row_id, at) in outcome.went_on.items():
        yield f"Went on with {source} after row {row_id}, where a run was interrupted at {at:%Y-%m-%d %H:%M}."
    if how.dry_run:
        yield from map(_described, outcome.differences)
        if len(outcome.differences) >= how.shown > 0:
            yield f"(the first {how.shown:,}; --show lists more)"
    for source, rows in outcome.rows.items():
        yield f"{rows:,} {source if source in KINDS else f'records looked up for {source}'} read."
    verb, minutes = "to be " if how.dry_run else "", MARGIN.seconds // 60
    said = {
        "missing": f"were missing: {verb}recorded",
        "differs": f"differed: {verb}corrected",
        "gone": f"are of what the platform does not hold any more: {verb}taken back",
        "same": "were recorded already",
        "too fresh": f"were recorded less than {minutes} minutes ago and say something else: look again later",
        "closed": "belong to accounts that are closed or gone, of which nothing is begun",
    }
    for kind in how.kinds:
        for why, what in said.items():
            if count := outcome.counts[kind, why]:
                yield f"{kind}: {count:,} {what}."


def _described(found: Difference) -> str:
    changes = (
        f"{column.partition('_')[2]} {_value(column, found.before[column])} -> {_value(column, value)}"
        for column, value in found.after.items()
    )
    return f"user {found.user_id}, {found.course}, {found.kind} ({found.why}): {', '.join(changes)}"


def _value(column: str, value: object) -> str:
    """Return a value as it is shown; of a name only whether there is one."""
    if value is None or value == "":
        return "nothing"
    if column == "certificate_name":
        return "a name"
    return value.isoformat() if isinstance(value, datetime) else str(value)
