"""For any figure the sessions behind it, which add up to it exactly."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api, rule
from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    Activity,
    Evidence,
    Interval,
    Kind,
    LearningSession,
    VideoAct,
)
from learner_profile_plugin.time_on_task.sessions import sessions_of
from tests.time_on_task.material import KNOTS, MIDNIGHT, NOON, TIDES, evidence, video_point

of_courses = st.dictionaries(
    st.sampled_from([KNOTS, TIDES]), evidence(MIDNIGHT - 40_000, MIDNIGHT + 40_000, with_beats=True)
)


def intervals_of(found: dict[CourseKey, Evidence]) -> list[Interval]:
    return rule.union(i for of_course in found.values() for i in rule.active_intervals(of_course))


@settings(deadline=None, max_examples=80)
@given(of_courses)
def test_sessions_add_up_to_the_figures(found: dict[CourseKey, Evidence]) -> None:
    sessions = sessions_of(found)
    assert sum(session.seconds for session in sessions) == rule.total_seconds(intervals_of(found))
    for course in (KNOTS, TIDES):
        alone = rule.total_seconds(rule.active_intervals(found.get(course, Evidence())))
        assert sum(session.by_course.get(course, 0) for session in sessions) == alone
        assert sum(session.seconds for session in sessions_of({course: found.get(course, Evidence())})) == alone


@settings(deadline=None, max_examples=80)
@given(of_courses)
def test_sessions_are_told_apart_by_long_silences_and_by_nothing_else(found: dict[CourseKey, Evidence]) -> None:
    sessions = sessions_of(found)
    assert all(later.start - one.end > rule.LIMITS.gap for one, later in pairwise(sessions))
    for session in sessions:
        assert 0 < session.seconds <= session.end - session.start
        assert max(session.by_course.values()) <= session.seconds <= sum(session.by_course.values())
        inside = [i for i in intervals_of(found) if session.start <= i.start and i.end <= session.end]
        assert (inside[0].start, inside[-1].end) == (session.start, session.end)
        assert all(later.start - i.end <= rule.LIMITS.gap for i, later in pairwise(inside))
        assert session.kinds <= {*Kind}
        assert session.kinds


def keep(learner: User, course: CourseKey, **of: object) -> None:
    api.keep([Activity(learner.pk, course, Evidence(**of))])  # type: ignore[arg-type]


def test_a_session_says_when_in_which_courses_and_by_what(learner: User) -> None:
    keep(learner, KNOTS, points=frozenset({NOON, NOON + 600}))
    keep(learner, TIDES, asserted=(Interval(NOON + 500, NOON + 700), Interval(NOON + 900, NOON + 1000)))
    play, pause = video_point(NOON + 9000, VideoAct.PLAY), video_point(NOON + 9060, VideoAct.PAUSE, 60)
    keep(learner, KNOTS, video=frozenset({play, pause}))
    later, first = api.get_sessions(learner.pk)
    assert first == LearningSession(
        NOON, NOON + 1000, 800, {KNOTS: 600, TIDES: 300}, frozenset({Kind.ACTS, Kind.BEATS})
    )
    assert later == LearningSession(NOON + 9000, NOON + 9060, 60, {KNOTS: 60}, frozenset({Kind.ACTS, Kind.VIDEO}))
    assert api.get_learning_time(learner.pk).seconds == first.seconds + later.seconds


def test_a_figure_of_a_course_is_explained_by_that_course_alone(learner: User) -> None:
    keep(learner, KNOTS, points=frozenset({NOON, NOON + 600}))
    keep(learner, TIDES, points=frozenset({NOON + 300, NOON + 900}))
    (session,) = api.get_sessions(learner.pk, TIDES)
    assert session == LearningSession(NOON + 300, NOON + 900, 600, {TIDES: 600}, frozenset({Kind.ACTS}))
    assert api.get_sessions(learner.pk, CourseKey.from_string("course-v1:Harbour+None+2026")) == []


def test_nothing_proves_no_session(learner: User) -> None:
    assert api.get_sessions(learner.pk) == []
    keep(learner, KNOTS, points=frozenset({NOON}))
    assert api.get_sessions(learner.pk) == []


def test_sessions_can_be_read_page_by_page_the_newest_first(learner: User) -> None:
    for number in range(7):
        start = NOON + number * 10_000
        keep(learner, KNOTS, points=frozenset({start, start + 60 + number}))
        if number == 3:
            api.compact(learner.pk)
    whole = api.get_sessions(learner.pk)
    assert [session.seconds for session in whole] == [66, 65, 64, 63, 62, 61, 60]
    pages: list[LearningSession] = []
    before = None
    while page := api.get_sessions(learner.pk, before=before, limit=3):
        assert len(page) <= 3
        pages += page
        before = page[-1].start
    assert pages == whole


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_of_any_size_hold_every_session_once(learner: User, data: st.DataObject) -> None:
    api.delete_learner(learner.pk)
    days = data.draw(st.lists(st.integers(-30, 0), max_size=30))
    for number, day in enumerate(days):
        start = MIDNIGHT + day * SECONDS_PER_DAY
        found = data.draw(evidence(start - 4000, start + 4000, with_beats=True))
        api.keep([Activity(learner.pk, KNOTS if number % 3 else TIDES, found)])
        if number % 10 == 7:
            api.compact(learner.pk)
    course = data.draw(st.sampled_from([None, KNOTS]))
    whole = api.get_sessions(learner.pk, course)
    size = data.draw(st.integers(1, 4))
    pages: list[LearningSession] = []
    while page := api.get_sessions(learner.pk, course, before=pages[-1].start if pages else None, limit=size):
        assert len(page) <= size
        pages += page
    assert pages == whole
    time = api.get_learning_time(learner.pk)
    assert sum(session.seconds for session in whole) == (time.by_course.get(KNOTS, 0) if course else time.seconds)


def test_the_newest_sessions_of_many_days_are_read_from_the_newest_days(learner: User) -> None:
    for day in range(60):
        start = NOON - day * SECONDS_PER_DAY
        keep(learner, KNOTS, points=frozenset({start, start + 60}))
    api.compact(learner.pk)
    read = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        if "learningday" in sql and "evidence" in sql:
            read.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        assert [session.start for session in api.get_sessions(learner.pk, limit=2)] == [NOON, NOON - SECONDS_PER_DAY]
    (sql,) = [sql for sql in read if "DISTINCT" not in sql]
    assert ">=" in sql


def test_sessions_go_on_over_midnight(learner: User) -> None:
    keep(learner, KNOTS, asserted=(Interval(MIDNIGHT - 100, MIDNIGHT + 100),))
    api.compact(learner.pk)
    (session,) = api.get_sessions(learner.pk)
    assert (session.start, session.end, session.seconds) == (MIDNIGHT - 100, MIDNIGHT + 100, 200)
