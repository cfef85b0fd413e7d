"""Totals that are kept are those that follow from all evidence, whatever happens, or they are not used."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task import api, rule, totals
from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    Activity,
    Evidence,
    Interval,
    LearningTime,
    VideoAct,
)
from learner_profile_plugin.time_on_task.models import CourseTotal, LearnerTotal, LearningDay, PendingEvidence
from tests.conftest import PersonFactory
from tests.time_on_task.material import KNOTS, MIDNIGHT, NOON, TIDES, evidence, video_point
from tests.time_on_task.test_api import at_once, by_course, few


def stored(learner: User) -> LearningTime | None:
    """Return the total that is kept, if one is."""
    total = LearnerTotal.objects.filter(pk=learner.pk).first()
    rows = CourseTotal.objects.filter(user=learner)
    of_course = {row.course_key: row.seconds for row in rows}
    assert len(of_course) == len(rows)
    return LearningTime(total.seconds, of_course, total.rule_version) if total else None


def keep(learner: User, *seconds: int, course: Any = KNOTS) -> None:
    api.keep([Activity(learner.pk, course, Evidence(points=frozenset(seconds)))])


def rederive(*arguments: str) -> str:
    out = io.StringIO()
    call_command("learner_profile_rederive", *arguments, stdout=out, stderr=out, no_color=True)
    return out.getvalue().strip()


some_days = st.lists(
    st.tuples(
        st.sampled_from([KNOTS, TIDES]),
        st.integers(-3, 3).flatmap(
            lambda day: evidence(
                MIDNIGHT + day * SECONDS_PER_DAY - 5000, MIDNIGHT + day * SECONDS_PER_DAY + 5000, with_beats=True
            )
        ),
    ),
    max_size=5,
)


def measured(activities: list[Activity]) -> LearningTime:
    """Return the figures without any table in between."""
    found = by_course(activities)
    everything = rule.union(interval for intervals in found.values() for interval in intervals)
    seconds = {course: rule.total_seconds(intervals) for course, intervals in found.items()}
    return LearningTime(rule.total_seconds(everything), seconds, rule.VERSION)


@few
@given(found=some_days, chance=st.randoms(use_true_random=False))
def test_a_total_follows_its_days_whatever_comes_in_whatever_order(learner: User, found: Any, chance: Random) -> None:
    api.delete_learner(learner.pk)
    activities = [Activity(learner.pk, course, of_days) for course, of_days in found]
    for number, activity in enumerate(activities):
        api.keep([activity])
        if chance.random() < 0.6:
            api.compact(learner.pk, limit=chance.randint(1, 6))
        assert api.get_learning_time(learner.pk) == measured(activities[: number + 1])
    while api.compact(learner.pk):
        pass
    if LearningDay.objects.exists():
        assert stored(learner) == measured(activities)
        LearnerTotal.objects.update(rule_version=totals.OUTDATED, seconds=1)
        CourseTotal.objects.update(seconds=1)
        assert list(api.rederive()) == [learner.pk]
        assert stored(learner) == measured(activities)


def test_a_page_of_a_learner_of_many_days_reads_few_of_them(learner: User) -> None:
    for day in range(200):
        start = NOON - day * SECONDS_PER_DAY
        keep(learner, start, start + 60)
    while api.compact(learner.pk):
        pass
    keep(learner, NOON + 100)
    with CaptureQueriesContext(connection) as captured:
        assert api.get_learning_time(learner.pk).by_course == {KNOTS: 199 * 60 + 100}
    assert len(captured) <= 7
    days = [query["sql"] for query in captured if "learningday" in query["sql"]]
    assert len(days) == 1
    assert " IN (" in days[0]


def test_beats_that_come_late_can_make_a_total_smaller(learner: User) -> None:
    keep(learner, NOON, NOON + 500)
    api.compact(learner.pk)
    assert stored(learner) == LearningTime(500, {KNOTS: 500}, rule.VERSION)
    beats = Evidence.asserting([Interval(NOON, NOON + 100), Interval(NOON + 490, NOON + 500)])
    api.keep([Activity(learner.pk, KNOTS, beats)])
    expected = LearningTime(110, {KNOTS: 110}, rule.VERSION)
    assert api.get_learning_time(learner.pk) == expected
    api.compact(learner.pk)
    assert stored(learner) == expected


def test_what_was_played_over_midnight_counts_of_a_day_without_evidence(learner: User) -> None:
    def watch(second: int, act: VideoAct, position: int) -> None:
        point = video_point(second, act, position)
        api.keep([Activity(learner.pk, KNOTS, Evidence(video=frozenset({point})))])
        api.compact(learner.pk)

    watch(MIDNIGHT - 20, VideoAct.PLAY, 0)
    assert stored(learner) == LearningTime(60, {KNOTS: 60}, rule.VERSION)
    watch(MIDNIGHT - 10, VideoAct.PAUSE, 10)
    assert stored(learner) == LearningTime(10, {KNOTS: 10}, rule.VERSION)


def test_a_course_in_which_nothing_counts_has_no_total(learner: User) -> None:
    keep(learner, NOON)
    api.compact(learner.pk)
    assert stored(learner) == LearningTime(0, {}, rule.VERSION)
    keep(learner, NOON + 60)
    api.compact(learner.pk)
    assert stored(learner) == LearningTime(60, {KNOTS: 60}, rule.VERSION)


def test_a_total_that_changes_while_it_is_read_is_not_used(learner: User) -> None:
    keep(learner, NOON, NOON + 60)
    api.compact(learner.pk)
    keep(learner, NOON + 90)

    def compact_in_between(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if "pendingevidence" in sql and not done:
            done.append(True)
            at_once(lambda: api.compact(learner.pk))
        return result

    done: list[bool] = []
    with connection.execute_wrapper(compact_in_between):
        assert api.get_learning_time(learner.pk).seconds == 90
    assert done
    assert totals.find(learner.pk) == LearningTime(90, {KNOTS: 90}, rule.VERSION)


@pytest.mark.parametrize("statement", ["UPDATE", "INSERT", "DELETE"])
def test_a_total_stays_with_its_days_when_compaction_is_interrupted(learner: User, statement: str) -> None:
    keep(learner, NOON, NOON + 60)
    api.compact(learner.pk)
    keep(learner, NOON + 90)
    keep(learner, NOON, NOON + 30, course=TIDES)
    before = stored(learner)
    attempts = 0
    while api.get_learning_time(learner.pk) == LearningTime(90, {KNOTS: 90, TIDES: 30}, rule.VERSION):
        attempts += 1
        seen = 0

        def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            nonlocal seen
            seen += sql.startswith(statement)
            if seen == attempts:  # noqa: B023 - it is used in this round only
                raise OperationalError("the server has gone away")
            return execute(sql, *rest)

        with suppress(OperationalError), connection.execute_wrapper(fail):
            api.compact(learner.pk)
            break
        assert stored(learner) == before
        assert PendingEvidence.objects.count() == 2
    assert attempts > 1
    assert stored(learner) == LearningTime(90, {KNOTS: 90, TIDES: 30}, rule.VERSION)


def test_totals_are_exact_when_several_compact_and_derive_at_once(learner: User) -> None:
    def write(course: Any, start: int) -> None:
        for second in range(start, start + 40):
            keep(learner, second, course=course)
            if second % 7 == 0:
                api.compact(learner.pk)

    def derive() -> None:
        for _ in range(10):
            outdate([learner.pk])
            list(api.rederive())

    at_once(lambda: write(KNOTS, NOON), lambda: write(TIDES, NOON + 20), derive)
    while api.compact(learner.pk):
        pass
    list(api.rederive())
    assert stored(learner) == LearningTime(59, {KNOTS: 39, TIDES: 39}, rule.VERSION)


def outdate(learners: list[int]) -> None:
    totals.ensure(learners)
    with transaction.atomic():
        totals.outdate(learners)


def test_a_total_that_was_outdated_is_not_used_and_derived_by_the_next_who_compacts(learner: User) -> None:
    keep(learner, NOON, NOON + 60)
    api.compact(learner.pk)
    outdate([learner.pk])
    assert totals.find(learner.pk) is None
    assert api.get_learning_time(learner.pk).seconds == 60
    keep(learner, NOON + 70)
    api.compact(learner.pk)
    assert totals.find(learner.pk) == LearningTime(70, {KNOTS: 70}, rule.VERSION)


def test_a_learner_who_is_deleted_leaves_no_total(learner: User, person: PersonFactory) -> None:
    other = person("ben")
    for user in (learner, other):
        keep(user, NOON, NOON + 60)
        api.compact(user.pk)
    api.delete_learner(learner.pk)
    assert stored(learner) is None
    assert stored(other) == LearningTime(60, {KNOTS: 60}, rule.VERSION)
    other.delete()
    assert not LearnerTotal.objects.exists()
    assert not CourseTotal.objects.exists()


@pytest.mark.parametrize("statement", ["INSERT", "DELETE", "SELECT"])
def test_deleting_while_another_compacts_leaves_no_total(learner: User, statement: str) -> None:
    keep(learner, NOON, NOON + 60)
    deleted: list[bool] = []

    def delete_first(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(statement) and not connection.in_atomic_block and not deleted:
            deleted.append(True)
            at_once(lambda: api.delete_learner(learner.pk))
        return execute(sql, *rest)

    with connection.execute_wrapper(delete_first):
        api.compact(learner.pk)
    api.delete_learner(learner.pk) if not deleted else None
    assert stored(learner) is None
    assert not PendingEvidence.objects.exists()
    assert not LearningDay.objects.exists()


# The command


def test_the_command_derives_what_another_version_of_the_rule_left(
    learner: User, person: PersonFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [person(name) for name in ("ben", "cleo")]
    for user in (learner, *others):
        keep(user, NOON, NOON + 60, NOON + 500)
        api.compact(user.pk)
    assert rederive() == "Totals of 0 learners derived."
    monkeypatch.setattr(rule, "VERSION", rule.VERSION + 1)
    assert totals.find(learner.pk) is None
    assert rederive("--dry-run") == "Totals of 3 learners would be derived."
    assert totals.find(learner.pk) is None
    assert rederive() == "Totals of 3 learners derived."
    assert stored(learner) == LearningTime(500, {KNOTS: 500}, rule.VERSION)
    assert rederive() == "Totals of 0 learners derived."


def test_deriving_goes_on_where_it_was_interrupted(learner: User, person: PersonFactory) -> None:
    learners = sorted(user.pk for user in (learner, *(person(f"learner{number}") for number in range(6))))
    for user_id in learners:
        api.keep([Activity(user_id, KNOTS, Evidence(points=frozenset({NOON, NOON + 60})))])
        api.compact(user_id)
    LearnerTotal.objects.all().delete()
    CourseTotal.objects.all().delete()
    begun = api.rederive()
    assert [next(begun) for _ in range(3)] == learners[:3]
    assert list(totals.find_outdated(limit=2)) == learners[3:]
    assert list(api.rederive()) == learners[3:]
    assert {row.user_id: row.seconds for row in CourseTotal.objects.all()} == dict.fromkeys(learners, 60)


def test_learners_of_a_course_can_be_read_in_order_of_their_time(learner: User, person: PersonFactory) -> None:
    for number, user in enumerate([learner, person("ben"), person("cleo")]):
        keep(user, NOON, NOON + 60 + (number * 7) % 10)
        api.compact(user.pk)
    with CaptureQueriesContext(connection) as captured:
        rows = CourseTotal.objects.filter(course_key=KNOTS).order_by("-seconds")
        assert [row.seconds for row in rows] == [67, 64, 60]
    assert len(captured) == 1
