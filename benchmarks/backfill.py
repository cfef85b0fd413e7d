"""
The backfill of a site's past, on a database server: rows a second, queries and memory.

Fills the demo's tables with enrolments and certificates, then runs the command on them: into an empty
table, again when there is nothing to do, once a hundredth of it all is wrong or lost, and as --verify.
Each run is a process of its own, so that its memory can be told. The reference is a plain bulk INSERT of
as many records, of the same batches, into the same empty table. Ratios are what is compared between
versions: 0.5 means half as many rows a second as the reference.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from benchmarks.growth.database import DEFAULT, empty, name_of_database, own_database

ENROLMENTS, CERTIFICATES = 10_000, 1_000
COURSES = 200
COURSES_OF_EACH = 10
BATCH = 1000
REFERENCE = 50_000
"""At most so many rows are inserted for comparison: more of them take no longer each."""
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
COMMAND = "learner_profile_backfill"
RUNS: list[tuple[str, list[str]]] = [
    ("into an empty table", []),
    ("again, with nothing to do", []),
    ("repair, 1 in 100 wrong and 1 in 100 lost", []),
    ("--verify, with nothing to do", ["--verify"]),
]


def main() -> None:
    """Measure at a tenth of the size and at the size, and print a table for each."""
    arguments = argparse.ArgumentParser(prog="benchmarks.backfill", description=__doc__)
    arguments.add_argument("--enrolments", type=int, default=ENROLMENTS)
    arguments.add_argument("--certificates", type=int, default=CERTIFICATES)
    arguments.add_argument("--batch", type=int, default=BATCH)
    arguments.add_argument("--database", help=f"URL of a server or of a file of SQLite (default: {DEFAULT})")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DEMO_VAR": var, "DJANGO_SETTINGS_MODULE": "demo.settings"}
        with own_database(options.database, Path(var)):
            print(f"{name_of_database()}. Batches of {options.batch:,} rows.")
            for share in (10, 1):
                empty()
                measure(options.enrolments // share, options.certificates // share, options.batch)


def measure(enrolments: int, certificates: int, batch: int) -> None:
    """Fill the platform's tables, and measure each run on them."""
    fill(enrolments, certificates)
    rows = enrolments + certificates
    print(f"\n{enrolments:,} enrolments and {certificates:,} certificates")
    print(f"{'what':<44}{'rows':>11}{'rows/s':>9}{'ratio':>7}{'queries/1000':>14}{'memory':>9}")
    compared = min(enrolments, REFERENCE)
    reference = plain_insert(compared, batch)
    show("plain bulk INSERT of the records", compared, reference, reference, {})
    for what, given in RUNS:
        if what.startswith("repair"):
            spoil()
        ran = in_a_process([*given, "--batch", str(batch)])
        show(what, rows, rows / ran["seconds"], reference, ran)


def show(what: str, rows: int, rate: float, reference: float, ran: dict[str, float]) -> None:
    """Print a line of the table."""
    more = f"{ran['queries'] / rows * 1000:>14.1f}{ran['memory']:>6.0f} MB" if ran else ""
    print(f"{what:<44}{rows:>11,}{rate:>9,.0f}{rate / reference:>7.2f}{more}", flush=True)


def fill(enrolments: int, certificates: int) -> None:
    """Write learners who are each enrolled in some courses, and certificates of the first of these."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    from demo.lms.models import Course, CourseEnrollment, GeneratedCertificate

    password = make_password("secret")
    learners = range(1, enrolments // COURSES_OF_EACH + 1)
    keys = [f"course-v1:HarbourX+A11Y{number:03}+2024_T3" for number in range(COURSES)]
    Course.objects.bulk_create(Course(id=key, display_name=key, display_org="HarbourX") for key in keys)
    in_batches(User, (User(pk=n, username=f"learner{n}", password=password) for n in learners))
    places = [(n, keys[(n * 7 + step * 13) % COURSES]) for step in range(COURSES_OF_EACH) for n in learners]
    in_batches(
        CourseEnrollment,
        (CourseEnrollment(user_id=n, course_key=key, mode="verified", created=NOW) for n, key in places),
    )
    in_batches(
        GeneratedCertificate,
        (
            GeneratedCertificate(
                user_id=n,
                course_key=key,
                status="downloadable",
                mode="verified",
                name=f"Learner {n} of the Harbour",
                grade="0.87",
                verify_uuid=f"{place:032x}",
                created_date=NOW,
                modified_date=NOW,
            )
            for place, (n, key) in enumerate(places[:certificates])
        ),
    )


def in_batches(table: Any, rows: Iterator[Any]) -> None:
    """Write rows without holding them all."""

    while some := list(itertools.islice(rows, 5000)):
        table.objects.bulk_create(some)


def plain_insert(enrolments: int, batch: int) -> float:
    """Insert the records of the enrolments, and nothing else; return how many a second, and remove them."""
    from demo.lms.models import CourseEnrollment
    from learner_profile_plugin.learning_record.models import LearningRecord

    places = list(CourseEnrollment.objects.order_by("pk").values_list("user_id", "course_key")[:enrolments])

    def insert() -> None:
        for start in range(0, len(places), batch):
            LearningRecord.objects.bulk_create(
                LearningRecord(
                    user_id=user_id,
                    course_key=key,
                    enrolment_as_of=NOW,
                    enrolment_rank="1" * 17,
                    enrolment_mode="verified",
                    enrolment_is_active=True,
                    enrolment_created_at=NOW,
                )
                for user_id, key in places[start : start + batch]
            )

    seconds = timed(insert)
    LearningRecord.objects.all().delete()
    return enrolments / seconds


def spoil() -> None:
    """Make a hundredth of the records wrong, and lose another hundredth."""
    from django.db.models import F
    from django.db.models.functions import Mod

    from learner_profile_plugin.learning_record.models import LearningRecord

    long_ago = NOW - timedelta(days=9)
    records = LearningRecord.objects.annotate(place=Mod(F("pk"), 100))
    records.filter(place=1).update(enrolment_mode="audit", enrolment_as_of=long_ago)
    records.filter(place=1, certificate_status="downloadable").update(
        certificate_status="unavailable", certificate_as_of=long_ago
    )
    records.filter(place=2).delete()


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_a_process(options: list[str]) -> dict[str, float]:
    """Run the command in a process of its own; return its seconds, queries and most memory (MB)."""
    kept = ("ENGINE", "NAME", "HOST", "PORT", "USER", "PASSWORD", "OPTIONS")
    database = {key: settings.DATABASES["default"].get(key, "") for key in kept}
    database["OPTIONS"] = database["OPTIONS"] or {}
    done = subprocess.run(  # noqa: S603 - this Python, on this module
        [sys.executable, "-m", "benchmarks.backfill", *options],
        env=os.environ | {"BACKFILL_DATABASE": json.dumps(database, default=str)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_command(database: str, options: list[str]) -> None:
    """Be that process."""
    settings.DATABASES["default"].update(json.loads(database))
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    queries = [0]

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        queries[0] += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        seconds = timed(lambda: call_command(COMMAND, *options, verbosity=0, stdout=io.StringIO()))
    print(json.dumps({"seconds": seconds, "queries": queries[0], "memory": most_memory()}))


def most_memory() -> float:
    """Return the most memory that this process took, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage tells of a process that was started by another begins with what that one took.
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if "BACKFILL_DATABASE" in os.environ:
        run_command(os.environ["BACKFILL_DATABASE"], sys.argv[1:])
    else:
        main()
