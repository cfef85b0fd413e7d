"""Nothing is left of a learner who is forgotten, and nothing of anybody else is lost."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from demo.lms.actions import enrolment
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, CourseFactory, PersonFactory

TABLES = list(apps.get_app_config("learner_profile_plugin").get_models())
PROFILE = Profile(
    headline="Sailor",
    work_experience=(WorkExperience("Cook", "Galley", PartialDate(2020)),),
    links=(Link("https://example.org"),),
    audiences={Section.ABOUT: Audience.ONLY_ME},
)


@pytest.fixture
def two(person: PersonFactory, course: CourseFactory) -> tuple[User, User]:
    """Make two learners, each with something in every table."""
    users, key, start = (person("ada"), person("ben")), course(), int(NOW.timestamp())
    for user in users:
        enrolment.enrol(user, key, at=NOW)
        profile_fields.save_profile(user.pk, PROFILE)
        time_on_task.keep([Activity(user.pk, key, Evidence(points=frozenset({start})))])
        time_on_task.compact(user.pk)
        time_on_task.keep([Activity(user.pk, key, Evidence(points=frozenset({start + 60})))])
    assert rows() == {table.__name__: 2 for table in TABLES}, "a new table needs a row here, and to be forgotten"
    return users


def rows() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}  # type: ignore[attr-defined]


def test_by_name_or_by_number_everything_of_one_goes_and_the_other_keeps_theirs(two: tuple[User, User]) -> None:
    call_command("learner_profile_forget", "ada")
    assert rows() == {table.__name__: 1 for table in TABLES}
    assert profile_fields.get_profile(two[1].pk).headline == "Sailor"
    call_command("learner_profile_forget", "ada", ids=[two[1].pk])
    assert not any(rows().values())
    assert User.objects.count() == 2


def test_an_account_whose_row_is_deleted_leaves_nothing(two: tuple[User, User]) -> None:
    two[0].delete()
    assert rows() == {table.__name__: 1 for table in TABLES}


def test_a_name_that_nobody_has_stops_it_before_anything_is_removed(two: tuple[User, User]) -> None:
    with pytest.raises(CommandError, match=r"There is no account: bne, 999$"):
        call_command("learner_profile_forget", "ada", "bne", ids=[999])
    with pytest.raises(CommandError, match="Name at least one account"):
        call_command("learner_profile_forget")
    assert rows() == {table.__name__: 2 for table in TABLES}


def test_a_failure_half_way_removes_nothing_and_is_told(two: tuple[User, User]) -> None:
    def fail(execute, sql, params, many, context):
        if sql.startswith("DELETE") and "pendingevidence" in sql:
            raise OperationalError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), pytest.raises(OperationalError):
        call_command("learner_profile_forget", "ada")
    assert rows() == {table.__name__: 2 for table in TABLES}
