"""Evidence in, seconds out: nothing that happens to the rows in between changes a figure."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api, rule, stored
from learner_profile_plugin.time_on_task.data import Activity, Evidence, Interval, LearningTime, VideoAct
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence
from tests.conftest import PersonFactory
from tests.time_on_task.material import AROUND_MIDNIGHT, KNOTS, MIDNIGHT, NOON, TIDES, TODAY, video_point

few = settings(
    deadline=None,
    max_examples=15,
    # Every example begins with delete_learner.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def keep(user: User, *seconds: int, course: CourseKey = KNOTS) -> None:
    """Keep acts, each as evidence of its own, as events bring them."""
    api.keep([Activity(user.pk, course, Evidence(points=frozenset({second}))) for second in seconds])


def rows() -> tuple[int, int]:
    """Return how many rows are pending, and how many days there are."""
    return PendingEvidence.objects.count(), LearningDay.objects.count()


def compact_all() -> str:
    out = io.StringIO()
    call_command("learner_profile_compact", stdout=out, stderr=out, no_color=True)
    return out.getvalue().strip()


# Keeping and reading


def test_a_learner_without_evidence_has_no_time(learner: User) -> None:
    assert api.get_learning_time(learner.pk) == LearningTime(0, {}, rule.VERSION)
    assert api.get_active_intervals(learner.pk) == {}


def test_kept_evidence_is_time_at_once(learner: User) -> None:
    keep(learner, NOON, NOON + 61, NOON + 127)
    assert api.get_learning_time(learner.pk) == LearningTime(127, {KNOTS: 127}, rule.VERSION)
    assert api.get_active_intervals(learner.pk) == {KNOTS: [Interval(NOON, NOON + 127)]}


def test_a_course_in_which_no_time_is_proven_is_not_named(learner: User) -> None:
    keep(learner, NOON)
    assert api.get_learning_time(learner.pk).by_course == {}


def test_time_in_two_courses_at_once_counts_once(learner: User) -> None:
    keep(learner, NOON, NOON + 600)
    keep(learner, NOON + 400, NOON + 1000, course=TIDES)
    assert api.get_learning_time(learner.pk) == LearningTime(1000, {KNOTS: 600, TIDES: 600}, rule.VERSION)


def test_acts_in_different_courses_are_not_joined(learner: User) -> None:
    keep(learner, NOON, NOON + 100)
    keep(learner, NOON + 200, NOON + 300, course=TIDES)
    assert api.get_learning_time(learner.pk).seconds == 200


def test_time_goes_on_over_midnight_in_two_rows(learner: User) -> None:
    play, pause = (
        video_point(second, act, duration=50_000)
        for second, act in ((MIDNIGHT - 1000, VideoAct.PLAY), (MIDNIGHT + 3000, VideoAct.PAUSE))
    )
    acts = frozenset({MIDNIGHT - 1010, MIDNIGHT - 1000, MIDNIGHT + 3000})
    evidence = Evidence(acts, frozenset({play, pause}))
    api.keep([Activity(learner.pk, KNOTS, evidence)])
    assert rows() == (2, 0)
    assert api.get_learning_time(learner.pk).seconds == 4010
    api.compact(learner.pk)
    assert rows() == (0, 2)
    assert api.get_learning_time(learner.pk).seconds == 4010


def test_learners_do_not_share_time(learner: User, person: PersonFactory) -> None:
    other = person("ben")
    keep(learner, NOON)
    keep(other, NOON + 60, NOON + 90)
    api.compact(learner.pk)
    assert api.get_learning_time(learner.pk).seconds == 0
    assert api.get_learning_time(other.pk).seconds == 30


def test_keeping_nothing_asks_nothing_of_the_tables(learner: User) -> None:
    with CaptureQueriesContext(connection) as captured:
        api.keep([])
        api.keep([Activity(learner.pk, KNOTS, Evidence())])
    assert not any("learner_profile" in query["sql"] for query in captured)


@pytest.mark.parametrize(
    "key",
    [
        "ccx-v1:Harbour+Knots+2026+ccx@4",
        "Harbour/Knots/2026_Spring",
        "course-v1:Harbour+Knöpfe_und_Seile+2026",
        "course-v1:Harbour+Knots+" + "2" * 231,
    ],
    ids=["ccx", "old style", "not ASCII", "as long as can be"],
)
def test_every_kind_of_course_run_is_kept(learner: User, key: str) -> None:
    course = CourseKey.from_string(key)
    keep(learner, NOON, NOON + 60, course=course)
    api.compact(learner.pk)
    assert api.get_learning_time(learner.pk).by_course == {course: 60}


# Compaction changes no figure


def activities_of(user_id: int) -> st.SearchStrategy[Activity]:
    return st.builds(Activity, st.just(user_id), st.sampled_from([KNOTS, TIDES]), AROUND_MIDNIGHT)


def by_course(activities: list[Activity]) -> dict[CourseKey, list[Interval]]:
    """Return when a learner was active, without any table in between."""
    found = {
        course: rule.active_intervals(Evidence.union(a.evidence for a in activities if a.course_key == course))
        for course in (KNOTS, TIDES)
    }
    return {course: intervals for course, intervals in found.items() if intervals}


@few
@given(data=st.data(), chance=st.randoms(use_true_random=False))
def test_compaction_at_any_time_changes_no_figure(learner: User, data: st.DataObject, chance: Random) -> None:
    api.delete_learner(learner.pk)
    activities: list[Activity] = data.draw(st.lists(activities_of(learner.pk), max_size=5))
    for activity in activities:
        api.keep([activity])
        if chance.random() < 0.5:
            api.compact(learner.pk, limit=chance.randint(1, 4))
    if activities and chance.random() < 0.5:
        api.keep(chance.sample(activities, k=1))
    expected = by_course(activities)
    assert api.get_active_intervals(learner.pk) == expected
    while api.compact(learner.pk):
        pass
    assert not PendingEvidence.objects.exists()
    assert api.get_active_intervals(learner.pk) == expected
    measured = api.get_learning_time(learner.pk)
    assert measured.by_course == {course: rule.total_seconds(intervals) for course, intervals in expected.items()}
    assert measured.seconds == rule.total_seconds(rule.union(i for intervals in expected.values() for i in intervals))


def test_compaction_says_how_many_rows_are_gone(learner: User) -> None:
    keep(learner, NOON, NOON + 60, NOON + 120, MIDNIGHT - 60)
    keep(learner, NOON, course=TIDES)
    assert api.compact(learner.pk) == 5
    assert rows() == (0, 3)
    assert api.compact(learner.pk) == 0


def test_compaction_twice_leaves_the_same_bytes(learner: User) -> None:
    def stored() -> list[bytes]:
        return [bytes(form) for form in LearningDay.objects.order_by("pk").values_list("evidence", flat=True)]

    keep(learner, NOON, NOON + 60)
    api.compact(learner.pk)
    before = stored()
    keep(learner, NOON + 60, NOON)
    api.compact(learner.pk)
    assert stored() == before


def test_a_step_of_compaction_takes_the_oldest_rows(learner: User) -> None:
    keep(learner, *range(NOON, NOON + 10))
    assert api.compact(learner.pk, limit=4) == 4
    assert rows() == (6, 1)
    assert api.get_learning_time(learner.pk).seconds == 9


def test_compaction_of_one_learner_leaves_the_others_alone(learner: User, person: PersonFactory) -> None:
    other = person("ben")
    keep(learner, NOON)
    keep(other, NOON)
    api.compact(learner.pk)
    assert api.get_learners_with_pending_evidence() == [other.pk]


def test_reading_compacts_what_piled_up(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(learner, *range(NOON, NOON + api.COMPACT_AT - 1))
    assert api.get_learning_time(learner.pk).seconds == api.COMPACT_AT - 2
    assert rows() == (api.COMPACT_AT - 1, 0)
    keep(learner, NOON + 500)
    assert api.get_learning_time(learner.pk).seconds == 500
    assert rows() == (0, 1)
    assert api.get_learning_time(learner.pk).seconds == 500


def failing(sql_start: str) -> Callable[..., Any]:
    """Make statements that start like this fail, as a deadlock or a lost connection makes them."""

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(sql_start):
            raise OperationalError("deadlock found")
        return execute(sql, *rest)

    return fail


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE", "INSERT"])
def test_reading_gives_the_figures_even_where_compacting_fails(
    learner: User, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    keep(learner, *range(NOON, NOON + api.COMPACT_AT))
    assert not connection.in_atomic_block
    with connection.execute_wrapper(failing(statement)):
        assert api.get_learning_time(learner.pk).seconds == api.COMPACT_AT - 1
        assert User.objects.filter(pk=learner.pk).exists(), "the request goes on"
    assert rows() == (api.COMPACT_AT, 0)
    (record,) = [record for record in caplog.records if record.name == api.__name__]
    assert record.getMessage() == f"Not compacted now: the evidence of user {learner.pk} (deadlock found)."
    assert api.get_learning_time(learner.pk).seconds == api.COMPACT_AT - 1
    assert rows() == (0, 1)


def test_reading_inside_of_a_transaction_writes_nothing(learner: User) -> None:
    def stored() -> list[tuple[Any, ...]]:
        return [
            (model, row.pk, row.course_key, row.day, bytes(row.evidence))
            for model in (PendingEvidence, LearningDay)
            for row in model.objects.order_by("pk")
        ]

    statements: list[str] = []

    def record(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    keep(learner, MIDNIGHT - 60, MIDNIGHT + 60, NOON - 60)
    api.compact(learner.pk)
    keep(learner, *range(NOON, NOON + api.COMPACT_AT))
    keep(learner, NOON, NOON + 7, course=TIDES)
    before = stored()
    with transaction.atomic():
        with connection.execute_wrapper(record):
            inside = api.get_learning_time(learner.pk)
        with transaction.atomic(), connection.execute_wrapper(record):
            assert api.get_learning_time(learner.pk) == inside
    assert statements
    assert [sql for sql in statements if not sql.startswith("SELECT") or "FOR UPDATE" in sql] == []
    assert stored() == before
    seconds = 120 + 60 + api.COMPACT_AT - 1
    assert inside == LearningTime(seconds, {KNOTS: seconds, TIDES: 7}, rule.VERSION)
    assert api.get_learning_time(learner.pk) == inside
    assert rows() == (0, 3), "outside of a transaction it is compacted"
    assert api.get_learning_time(learner.pk) == inside


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE"])
def test_compaction_that_is_interrupted_leaves_everything_as_it_was(learner: User, statement: str) -> None:
    keep(learner, NOON)
    api.compact(learner.pk)
    keep(learner, NOON + 60, NOON + 90)
    with connection.execute_wrapper(failing(statement)), pytest.raises(OperationalError):
        api.compact(learner.pk)
    assert rows() == (2, 1)
    assert api.get_learning_time(learner.pk).seconds == 90


def test_course_runs_that_differ_in_case_alone_are_told_apart(learner: User) -> None:
    """Some databases do not tell them apart, and then one of them stays pending."""
    shouted = CourseKey.from_string(str(KNOTS).upper().replace("COURSE-V1", "course-v1"))
    keep(learner, NOON, NOON + 60)
    keep(learner, NOON + 30, NOON + 100, course=shouted)
    while api.compact(learner.pk):
        pass
    assert api.get_learning_time(learner.pk) == LearningTime(100, {KNOTS: 60, shouted: 70}, rule.VERSION)


# Several at once


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things at the same time, each on a connection of its own; return what they gave, or raise what they raised."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            ready.wait(20)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(60) for future in [pool.submit(run, deed) for deed in deeds]]


@pytest.mark.parametrize("compactors", [2, 4])
def test_any_number_may_compact_at_once(learner: User, compactors: int) -> None:
    for of_round in range(3):
        start = NOON + of_round * 100
        keep(learner, *range(start, start + 40))
        keep(learner, *range(start, start + 40), course=TIDES)
        at_once(*[lambda: api.compact(learner.pk)] * compactors)
        assert rows() == (0, 2)
        seconds = of_round * 100 + 39
        assert api.get_learning_time(learner.pk).by_course == {KNOTS: seconds, TIDES: seconds}


def test_what_is_kept_and_read_while_others_compact_is_exact(learner: User) -> None:
    seconds = range(NOON, NOON + 60)

    def write() -> None:
        for second in seconds:
            keep(learner, second)

    def compact() -> None:
        for _ in range(15):
            api.compact(learner.pk, limit=7)

    def read() -> list[int]:
        return [api.get_learning_time(learner.pk).seconds for _ in range(15)]

    *_, figures = at_once(write, compact, compact, read)
    assert figures == sorted(figures), "no second that was counted is ever missing again"
    assert api.get_learning_time(learner.pk).seconds == 59
    while api.compact(learner.pk):
        pass
    assert api.get_learning_time(learner.pk).seconds == 59


@pytest.mark.parametrize("statement", ["INSERT", "DELETE"])
def test_deleting_while_another_compacts_leaves_nothing(learner: User, statement: str) -> None:
    keep(learner, NOON, NOON + 60)
    compacts, deleted = threading.Event(), threading.Event()

    def wait(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(statement) and not compacts.is_set():
            compacts.set()
            deleted.wait(1)  # In vain, if whoever deletes has to wait for whoever compacts.
        return execute(sql, *rest)

    def compact() -> None:
        with connection.execute_wrapper(wait):
            api.compact(learner.pk)

    def delete() -> None:
        assert compacts.wait(20)
        api.delete_learner(learner.pk)
        deleted.set()

    at_once(compact, delete)
    assert rows() == (0, 0)


# Rows that cannot be read


UNREADABLE = b"\x09 of another time"


def test_a_pending_row_that_cannot_be_read_is_left_and_said(learner: User, caplog: pytest.LogCaptureFixture) -> None:
    bad = PendingEvidence.objects.create(user=learner, course_key=KNOTS, day=TODAY, evidence=UNREADABLE)
    keep(learner, NOON, NOON + 60)
    assert api.get_learning_time(learner.pk).seconds == 60
    assert [(record.levelno, record.name) for record in caplog.records] == [(logging.ERROR, stored.__name__)]
    assert f"user {learner.pk} in {KNOTS} on day {TODAY}" in caplog.records[0].getMessage()
    assert api.compact(learner.pk) == 2
    assert [(row.pk, bytes(row.evidence)) for row in PendingEvidence.objects.all()] == [(bad.pk, UNREADABLE)]
    assert api.get_learning_time(learner.pk).seconds == 60


def test_a_day_that_cannot_be_read_is_not_written_over(learner: User) -> None:
    LearningDay.objects.create(user=learner, course_key=KNOTS, day=TODAY, evidence=UNREADABLE)
    keep(learner, NOON, NOON + 60)
    keep(learner, NOON, NOON + 30, course=TIDES)
    assert api.compact(learner.pk) == 2
    assert bytes(LearningDay.objects.get(course_key=KNOTS).evidence) == UNREADABLE
    assert api.get_learning_time(learner.pk).by_course == {KNOTS: 60, TIDES: 30}


def test_rows_that_cannot_be_read_do_not_keep_others_from_being_compacted(learner: User) -> None:
    PendingEvidence.objects.create(user=learner, course_key=KNOTS, day=TODAY, evidence=UNREADABLE)
    keep(learner, NOON, NOON + 60, NOON + 90)
    assert compact_all() == "3 rows of 1 learners united."


# Deletion


def test_a_learner_who_is_deleted_leaves_nothing(learner: User, person: PersonFactory) -> None:
    other = person("ben")
    for user in (learner, other):
        keep(user, NOON, NOON + 60)
        api.compact(user.pk)
        keep(user, NOON + 120)
    api.delete_learner(learner.pk)
    assert rows() == (1, 1)
    assert api.get_learning_time(learner.pk) == LearningTime(0, {}, rule.VERSION)
    assert api.get_learning_time(other.pk).seconds == 120
    api.delete_learner(learner.pk)


def test_an_account_that_is_deleted_leaves_nothing(learner: User) -> None:
    keep(learner, NOON)
    api.compact(learner.pk)
    keep(learner, NOON + 60)
    learner.delete()
    assert rows() == (0, 0)


# The command


def test_the_command_compacts_everybody(learner: User, person: PersonFactory) -> None:
    others = [person("ben"), person("cleo")]
    for user in (learner, *others[:1]):
        keep(user, NOON, NOON + 60)
    assert compact_all() == "4 rows of 2 learners united."
    assert rows() == (0, 2)
    assert api.get_learning_time(learner.pk).seconds == 60
    assert compact_all() == "0 rows of 0 learners united."


# Every database


def test_the_same_evidence_gives_the_same_seconds_on_every_database(learner: User) -> None:
    """The suite runs on each database; this evidence and these figures are the same everywhere."""
    state, activities = 12345, []
    for number in range(150):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        second = MIDNIGHT - 40_000 + state % 80_000
        act = list(VideoAct)[state // 7 % 6]
        point = video_point(second + state % 10 / 10, act, state % 600, session=state % 3, video=state % 2 + 1)
        beat = Interval(second, second + state % 90) if number % 5 == 0 else Interval(0, 0)
        evidence = Evidence(frozenset({second}), frozenset({point} if number % 3 == 0 else ()), (beat,))
        activities.append(Activity(learner.pk, TIDES if number % 4 == 0 else KNOTS, evidence))
    api.keep(activities)
    # Other figures are another rule, and that has another version.
    expected = LearningTime(17_758, {KNOTS: 15_341, TIDES: 3350}, rule_version=3)
    assert api.get_learning_time(learner.pk) == expected
    while api.compact(learner.pk, limit=40):
        pass
    assert api.get_learning_time(learner.pk) == expected
