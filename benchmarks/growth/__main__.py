"""
How the tables of learning time grow: ``python -m benchmarks.growth``.

The same site in two sizes: what a ratio of large to small says is what growth costs. Beside each
figure of speed stands a reference of the same run. The database is made for this and dropped.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.growth.figures import Figure
    from benchmarks.growth.sizes import Size

DAYS = 5_000_000
SMALLER, LEAST = 100, 5000
"""How much smaller the small size is, and what it is at least."""


@dataclass(frozen=True, slots=True)
class Measured:
    """
    What was found at one size.

    Attributes:
        days: learner-course-days in the table.
        sizes: how large tables and indexes are.
        figures: what reading and writing costs, by name.
    """

    days: int
    sizes: list[Size]
    figures: dict[str, Figure]


def main() -> None:
    """Measure both sizes on a database of its own, and print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help="learner-course-days (default: %(default)s)")
    parser.add_argument("--small", type=int, help="those of the small size (default: a hundredth, but 5,000 at least)")
    parser.add_argument(
        "--database", help="mysql://, postgres:// or sqlite: (default: MariaDB or MySQL here, or SQLite)"
    )
    parser.add_argument("--times", type=int, default=200, help="how many learners are asked for (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="do not drop the database")
    options = parser.parse_args()
    # Where it is ended from outside, the database is dropped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        from benchmarks.growth.database import empty, name_of_database, own_database

        with own_database(options.database, Path(var), keep=options.keep):
            print(f"Measured on {name_of_database()}.", flush=True)
            small = measured(options.small or max(options.days // SMALLER, LEAST), options.times)
            empty()
            print_tables(small, measured(options.days, options.times))


def measured(days: int, times: int) -> Measured:
    """Fill the tables, and measure."""
    from benchmarks.growth.figures import say
    from benchmarks.growth.filling import check, fill
    from benchmarks.growth.population import Population
    from benchmarks.growth.reading import Reading
    from benchmarks.growth.sizes import sizes
    from benchmarks.growth.writing import Writing

    say(f"filling the tables with about {days:,} days")
    population = Population(days)
    filled = fill(population, days)
    checked = check(population, times)
    print(
        f"{filled.rows:,} learner-course-days of {filled.bytes / filled.rows:.1f} bytes of evidence,"
        f" {population.learners:,} learners, {population.daily:,} a day for {population.span:,} days;"
        f" filled by plain statements, the totals of {checked} learners checked"
    )
    found = sizes()
    reading, writing = Reading(population, times), Writing(population, days, times)
    figures = [*reading.with_totals(), *writing.events()]
    waiting = [user_id for user_id, _, _ in writing.waiting]
    half = len(waiting) // 2
    figures += reading.with_events_pending(waiting[:half])
    figures += [*writing.compacted(waiting[half:]), *writing.together()]
    figures += reading.without_totals(writing.touched)
    return Measured(filled.rows, found, {figure.what: figure for figure in figures})


def print_tables(small: Measured, large: Measured) -> None:
    """Print how large tables are, and how fast they can be read and written, at both sizes."""
    print(f"\n{'bytes of a learner-course-day':<62}{small.days:>12,}{large.days:>12,}{'MB':>9}{'rows':>12}")
    for before, after in zip(small.sizes, large.sizes, strict=True):
        per_day = f"{before.bytes / small.days:>12.1f}{after.bytes / large.days:>12.1f}"
        print(f"{after.what:<62}{per_day}{after.bytes / 1e6:>9,.1f}{after.rows:>12,}")
    was, now = (sum(size.bytes for size in each.sizes) for each in (small, large))
    print(f"{'together':<62}{was / small.days:>12.1f}{now / large.days:>12.1f}{now / 1e6:>9,.1f}")
    print(
        f"\n{'at learner-course-days':<57}{small.days:>14,}{large.days:>14,}{'growth':>8}{'queries':>8}{'ratio':>9}"
        "   reference"
    )
    for name, figure in large.figures.items():
        earlier = small.figures.get(name)
        growth = f"{figure.value / earlier.value:.2f}" if earlier else "-"
        ratio = f"{figure.ratio:.2f}" if figure.reference else "-"
        print(
            f"{name:<57}{_shown(earlier):>14}{_shown(figure):>14}{growth:>8}{figure.queries or '-':>8}{ratio:>9}"
            f"   {figure.reference or '-'}"
        )


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return f"{figure.value:,.{2 if figure.value < 100 else 0}f} {figure.unit}"  # noqa: PLR2004 - three digits do


if __name__ == "__main__":
    main()
