"""A backfill that is killed, at any moment and again and again, ends where one ends that is not."""

from __future__ import annotations

import itertools
import json
from typing import Any

from django.contrib.auth.models import User

from demo.lms import models
from learner_profile_plugin.learning_record.models import LearningRecord as Row
from tests import killing
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.learning_record.backfilling import backfill, dump, held, positions, recorded

LEARNERS = 120


def backfill_and_kill(*options: str) -> list[tuple[int, dict[str, int]]]:
    """Backfill; return how many records there were and how far it came, at each kill and at last."""
    printed = killing.run("tests.learning_record.killed_backfill", "seed", *options)
    return [tuple(json.loads(line)) for line in printed.splitlines()]


def fill_platform(person: PersonFactory, course: CourseFactory) -> None:
    password = person("ada").password
    User.objects.bulk_create(User(username=f"learner{n}", password=password) for n in range(LEARNERS))
    keys = [course(name) for name in ("Boats", "Knots", "Tides")]
    places = [(user, key) for user in User.objects.order_by("pk") for key in keys]
    models.CourseEnrollment.objects.bulk_create(
        models.CourseEnrollment(user=user, course_key=key, created=NOW) for user, key in places
    )
    models.PersistentCourseGrade.objects.bulk_create(
        models.PersistentCourseGrade(user_id=user.pk, course_key=key, percent_grade=0.5, modified=NOW)
        for user, key in places[::2]
    )
    models.GeneratedCertificate.objects.bulk_create(
        models.GeneratedCertificate(
            user=user, course_key=key, status="downloadable", verify_uuid=f"{n:032}", modified_date=NOW
        )
        for n, (user, key) in enumerate(places[::3])
    )


def timeless() -> list[dict[str, Any]]:
    """Return what is recorded but for what says when an enrolment was read."""
    apart = {"id", "enrolment_as_of"}
    rows = [{name: value for name, value in row.items() if name not in apart} for row in dump()]
    return sorted(rows, key=lambda row: (row["user_id"], str(row["course_key"])))


def test_a_backfill_that_is_killed_goes_on_and_ends_as_if_it_had_not_been(
    person: PersonFactory, course: CourseFactory
) -> None:
    fill_platform(person, course)
    backfill()
    expected = timeless()
    Row.objects.all().delete()

    seen = backfill_and_kill("--batch", "20")

    assert len(seen) > 3
    assert all(before[0] <= after[0] for before, after in itertools.pairwise(seen))
    for before, after in itertools.pairwise(seen[:-1]):
        assert all(after[1][source] >= row_id for source, row_id in before[1].items())
    assert any(0 < count < len(expected) for count, _ in seen)
    assert positions() == {}
    assert timeless() == expected
    assert recorded() == held()
