"""What is evidence: tracking events, as event-tracking hands them to a backend, and what they give."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task.codec import pack, unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence, VideoAct, VideoPoint
from learner_profile_plugin.time_on_task.events import ACTS, VIDEO_ACTS, read_event
from tests.time_on_task.material import KNOTS, NOON, SITE, TODAY, UNIT, event

CCX = CourseKey.from_string("ccx-v1:Harbour+Knots+2026+ccx@4")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OLD = CourseKey.from_string("Harbour/Knots/2026_Spring")


def read(name: Any, data: Any = None, **fields: Any) -> Activity:
    found = read_event(event(name, data, **fields))
    assert found is not None, f"{name} gives no evidence"
    return found


def video(name: str, data: dict[str, Any], **fields: Any) -> VideoPoint:
    (point,) = read(name, {"id": "sheet-bend"} | data, **fields).evidence.video
    return point


def course_of(name: str = "problem_check", **fields: Any) -> CourseKey | None:
    found = read_event(event(name, **fields))
    return found.course_key if found else None


# Which events


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_of_a_learner_is_a_moment(name: str) -> None:
    assert read(name) == Activity(7, KNOTS, Evidence(points=frozenset({NOON})))


@pytest.mark.parametrize("name", sorted(VIDEO_ACTS))
def test_an_event_of_the_player_is_a_video_event_alone(name: str) -> None:
    found = read(name, {"id": "sheet-bend", "duration": 95})
    assert found.evidence.points == frozenset()
    (point,) = found.evidence.video
    assert (point.at, point.act, point.duration) == (NOON * 10, VIDEO_ACTS[name], 950)


def test_the_table_knows_the_events_that_matter_most() -> None:
    known = ACTS | VIDEO_ACTS.keys()
    for name in (
        "edx.ui.lms.sequence.next_selected",
        "edx.ui.lms.outline.selected",
        "problem_check",
        "showanswer",
        "edx.forum.thread.created",
        "edx.forum.response.created",
        "edx.special_exam.proctored.attempt.started",
        "play_video",
        "edx.video.played",
        "pause_video",
        "stop_video",
        "complete_video",
        "seek_video",
        "edx.video.position.changed",
        "speed_change_video",
    ):
        assert name in known


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("play_video", VideoAct.PLAY),
        ("edx.video.paused", VideoAct.PAUSE),
        ("seek_video", VideoAct.SEEK),
        ("stop_video", VideoAct.STOP),
        ("complete_video", VideoAct.STOP),
        ("speed_change_video", VideoAct.SPEED),
    ],
)
def test_a_name_says_what_happened_to_the_video(name: str, act: VideoAct) -> None:
    assert video(name, {}).act is act


@pytest.mark.parametrize("name", sorted(VIDEO_ACTS))
def test_an_event_of_the_player_that_names_no_video_is_a_moment_alone(name: str) -> None:
    assert read(name, {"id": None, "duration": 95}).evidence == Evidence(points=frozenset({NOON}))


def test_leaving_a_page_ends_video_and_is_no_act() -> None:
    found = read("page_close").evidence
    assert found.points == frozenset()
    (point,) = found.video
    assert (point.at, point.act, point.video) == (NOON * 10, VideoAct.PAGE_CLOSE, 0)
    assert point.session == video("play_video", {}).session


@pytest.mark.parametrize(
    "name",
    [
        "edx.course.enrollment.activated",
        "edx.course.enrollment.deactivated",
        "edx.course.enrollment.mode_changed",
        "edx.course.grade.now_passed",
        "edx.course.grade.passed.first_time",
        "edx.grades.course.grade_calculated",
        "edx.grades.subsection.grade_calculated",
        "edx.grades.problem.rescored",
        "edx.certificate.created",
        "problem_rescore",
        "edx.contentstore.block.created",
        "edx.studio.page.opened",
        "edx.user.settings.changed",
        "edx.cohort.user_added",
        "a name that nobody knows",
        "",
        None,
    ],
)
def test_what_is_done_to_a_learner_or_elsewhere_is_no_evidence(name: Any) -> None:
    assert read_event(event(name)) is None


# Requests


def test_opening_a_unit_is_an_act_in_its_course() -> None:
    found = read(f"/xblock/{UNIT}", '{"GET": {"view": ["student_view"]}, "POST": {}}', course_id="")
    assert found == Activity(7, KNOTS, Evidence(points=frozenset({NOON})))


def test_what_a_block_sends_back_is_an_act_in_its_course() -> None:
    path = f"/courses/{KNOTS}/xblock/{UNIT}/handler/xmodule_handler/problem_check"
    assert course_of(path, course_id="") == KNOTS
    assert course_of(path) == KNOTS


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dashboard",
        "/static/js/handler.js",
        "/api/user/v1/accounts/ada",
        f"/api/courseware/course/{KNOTS}",
        f"/courses/{KNOTS}/courseware/",
        f"/courses/{KNOTS}/instructor/api/list_report_downloads",
        f"/courses/{KNOTS}/about",
        "/event",
        "/login",
    ],
)
def test_other_requests_are_no_evidence(path: str) -> None:
    assert read_event(event(path)) is None


@pytest.mark.parametrize("path", ["/xblock/", "/xblock/resource/video/player.js", "/xblock/block-v1:nonsense"])
def test_a_path_that_names_no_unit_is_no_evidence(path: str) -> None:
    assert read_event(event(path, course_id="")) is None


# Of which course


@pytest.mark.parametrize("key", [KNOTS, CCX, OLD], ids=["usual", "ccx", "old style"])
class TestCourse:
    def test_comes_from_the_context(self, key: CourseKey) -> None:
        assert course_of(course_id=str(key)) == key

    @pytest.mark.parametrize("rest", ["", "/", "/courseware/week1/", "/about?x=1", "#top"])
    def test_comes_from_the_address_of_a_page_of_the_lms(self, key: CourseKey, rest: str) -> None:
        assert course_of(course_id="", page=f"{SITE}/courses/{key}{rest}") == key

    @pytest.mark.parametrize("path", ["/learning/course/{}/home", "/learning/course/{}/block-v1:x+y+z", "/course/{}"])
    def test_comes_from_the_address_of_a_learning_page(self, key: CourseKey, path: str) -> None:
        assert course_of(course_id=None, page="https://apps.harbour.example" + path.format(key)) == key

    def test_comes_from_the_path_of_a_block(self, key: CourseKey) -> None:
        path = f"/courses/{key}/xblock/some_block/handler/xmodule_handler/problem_get"
        assert course_of(path, course_id="") == key


USAGES = [
    (UNIT, KNOTS),
    ("ccx-block-v1:Harbour+Knots+2026+ccx@4+type@vertical+block@bowline", CCX),
]


@pytest.mark.parametrize(("usage", "key"), USAGES, ids=["usual", "ccx"])
def test_the_course_comes_from_the_key_of_the_unit_that_was_opened(usage: str, key: CourseKey) -> None:
    assert course_of(f"/xblock/{usage}", course_id="") == key


@pytest.mark.parametrize("rest", ["", "?show_title=0&view=student_view", "#x"])
@pytest.mark.parametrize(("usage", "key"), USAGES, ids=["usual", "ccx"])
def test_the_course_comes_from_the_unit_on_whose_page_the_browser_is(usage: str, key: CourseKey, rest: str) -> None:
    assert course_of("play_video", course_id="", page=f"{SITE}/xblock/{usage}{rest}") == key


def test_an_old_style_unit_says_no_run_so_the_context_has_to() -> None:
    path = "/xblock/i4x://Harbour/Knots/vertical/bowline"
    assert course_of(path, course_id=str(OLD)) == OLD
    assert course_of(path, course_id="") is None


@pytest.mark.parametrize("course_id", [None, "", "nonsense", "course-v1:only+two", "library-v1:Harbour+Ropes"])
def test_without_a_course_run_there_is_no_evidence(course_id: str | None) -> None:
    assert course_of(course_id=course_id) is None


@pytest.mark.parametrize("page", [None, "", SITE, f"{SITE}/dashboard", f"{SITE}/courses/", f"{SITE}/courses/x"])
def test_a_page_outside_of_courses_is_no_evidence(page: str | None) -> None:
    assert course_of("play_video", course_id="", page=page) is None


def test_a_course_key_that_no_table_can_hold_is_no_evidence() -> None:
    assert course_of(course_id="course-v1:Harbour+Knots+" + "2" * 300) is None


# Of whom


@pytest.mark.parametrize("user_id", [None, "", "None", "anonymous", False, True, 1.5, [], {}])
def test_an_event_of_nobody_is_no_evidence(user_id: Any) -> None:
    assert read_event(event("problem_check", user_id=user_id)) is None


def test_a_user_id_may_come_as_text() -> None:
    assert read("problem_check", user_id="12").user_id == 12


def test_an_event_without_context_is_no_evidence() -> None:
    assert read_event(event("problem_check") | {"context": None}) is None
    assert read_event(event("problem_check") | {"context": {}}) is None


@pytest.mark.parametrize("learner", [8, "8"])
@pytest.mark.parametrize("name", ["edx.grades.problem.submitted", "edx.completion.block_completion.changed"])
def test_acting_upon_another_learner_is_no_evidence_of_either(name: str, learner: Any) -> None:
    assert read_event(event(name, {"user_id": learner})) is None


@pytest.mark.parametrize("learner", [7, "7", None, ""])
def test_acting_upon_oneself_is_evidence(learner: Any) -> None:
    assert read("edx.grades.problem.submitted", {"user_id": learner}).user_id == 7


# When


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 4, 12, tzinfo=UTC),
        datetime(2026, 3, 4, 12, 0, 0, 99_999, tzinfo=UTC),
        datetime(2026, 3, 4, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(2026, 3, 4, 12, tzinfo=UTC).replace(tzinfo=None),
        "2026-03-04T12:00:00.000000+00:00",
        "2026-03-04T12:00:00",
    ],
    ids=["UTC", "rounded down", "another zone", "no zone", "text", "text without a zone"],
)
def test_a_moment_is_counted_in_utc_and_rounded_down(at: datetime | str) -> None:
    assert read("problem_check", at=at).evidence == Evidence(points=frozenset({NOON}))
    found = read("play_video", {"id": "sheet-bend"}, at=at).evidence
    assert found.points == frozenset()
    assert [point.at for point in found.video] == [NOON * 10]


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 2**32 * 10**6).map(lambda after: EPOCH + timedelta(microseconds=after)))
def test_no_moment_is_rounded_up(at: datetime) -> None:
    (point,) = read("play_video", {"id": "sheet-bend"}, at=at).evidence.video
    assert point.at == (at - EPOCH) // timedelta(milliseconds=100)
    assert read("problem_check", at=at).evidence.points == {(at - EPOCH) // timedelta(seconds=1)}


# Video


def test_position_length_and_speed_of_a_video_are_kept() -> None:
    point = video("play_video", {"currentTime": 12.34, "duration": 95.6, "speed": "1.25"})
    assert (point.position, point.duration, point.speed) == (123, 956, 125)


def test_the_position_has_another_name_in_events_of_mobile_apps() -> None:
    assert video("edx.video.paused", {"current_time": 8.5}).position == 85


def test_a_seek_goes_on_at_its_new_position() -> None:
    assert video("seek_video", {"old_time": 50, "new_time": 10.5, "currentTime": 50}).position == 105


def test_a_new_speed_holds_from_its_event_on() -> None:
    assert video("speed_change_video", {"old_speed": "1.0", "new_speed": "1.5", "current_time": 4}).speed == 150


def test_videos_and_sessions_are_told_apart() -> None:
    one, same, other = (video("play_video", {"id": name}) for name in ("hitch", "hitch", "splice"))
    elsewhere = video("play_video", {"id": "hitch"}, session="another")
    assert one == same
    assert (one.session, one.video) == (other.session, elsewhere.video)
    assert len({one.video, other.video}) == len({one.session, elsewhere.session}) == 2


def test_data_may_come_as_text() -> None:
    data = {"id": "sheet-bend", "currentTime": 3.0, "duration": 95, "speed": 2}
    assert read("play_video", json.dumps(data)) == read("play_video", data)


MALFORMED: list[Any] = [
    "abc",
    "",
    None,
    float("nan"),
    float("inf"),
    -float("inf"),
    -5,
    10**30,
    "9" * 5000,
    [],
    {},
    True,
    b"x",
]


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("name", ["currentTime", "duration", "speed"])
def test_a_malformed_number_of_the_player_does_no_harm(name: str, value: Any) -> None:
    found = read("play_video", {"id": "sheet-bend", "duration": 95, name: value}).evidence
    assert found.points == frozenset()
    (point,) = found.video
    assert (point.at, point.act) == (NOON * 10, VideoAct.PLAY)
    assert all(0 <= number <= 10_000_000 for number in (point.position, point.duration, point.speed))
    assert unpack(pack(found, TODAY), TODAY) == found


@pytest.mark.parametrize("data", ["", "text", "{", "[1]", "null", "input_1=choice_2", [], [1], 5, None, b"{}"])
def test_data_of_any_kind_leaves_the_act(data: Any) -> None:
    raw = event("problem_check") | {"data": data}
    assert read_event(raw) == Activity(7, KNOTS, Evidence(points=frozenset({NOON})))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([*sorted(VIDEO_ACTS), "page_close"]),
    st.dictionaries(
        st.sampled_from(
            ["id", "currentTime", "current_time", "new_time", "old_time", "duration", "speed", "new_speed", "code"]
        ),
        anything,
    ),
    anything,
)
def test_whatever_a_player_sends_can_be_kept(name: str, data: dict[str, Any], session: Any) -> None:
    found = read(name, data, session=session).evidence
    assert unpack(pack(found, TODAY), TODAY) == found
    is_video = name == "page_close" or bool(data.get("id"))
    assert (len(found.points), len(found.video)) == (not is_video, is_video), "stored once"


@pytest.mark.parametrize("name", ["play_video", "page_close", "problem_check", f"/xblock/{UNIT}"])
@pytest.mark.parametrize("as_text", [False, True])
def test_an_event_is_only_read(name: str, as_text: bool) -> None:
    data = {"id": "sheet-bend", "currentTime": 1, "user_id": 7, "nested": {"a": [1]}}
    raw = event(name, json.dumps(data) if as_text else data, course_id="", page=f"{SITE}/courses/{KNOTS}/")
    before = copy.deepcopy(raw)
    assert read_event(raw) is not None
    assert raw == before
