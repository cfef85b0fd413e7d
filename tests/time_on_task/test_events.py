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

from learner_profile_plugin.time_on_task.activity_table import COUNTED, MEANINGS, Meaning
from learner_profile_plugin.time_on_task.codec import pack, unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence, VideoAct, VideoPoint
from learner_profile_plugin.time_on_task.events import read_event
from tests.time_on_task.material import KNOTS, NOON, SITE, TODAY, UNIT, event

ACTS = {name for name, meaning in MEANINGS.items() if meaning is Meaning.ACT}
LEAVING = "page_close"
VIDEO_ACTS = {name: meaning for name, meaning in MEANINGS.items() if isinstance(meaning, VideoAct) and name != LEAVING}

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


FAMILIES = {
    "navigation": """
        edx.ui.lms.sequence.next_selected edx.ui.lms.sequence.previous_selected edx.ui.lms.sequence.tab_selected
        edx.ui.lms.outline.selected edx.ui.lms.jump_nav.selected edx.ui.lms.link_clicked seq_goto seq_next seq_prev
        edx.course.home.resume_course.clicked edx.course.tool.accessed
    """,
    "problems": """
        problem_check problem_check_fail problem_save problem_reset problem_show showanswer save_problem_success
        save_problem_fail reset_problem reset_problem_fail edx.problem.hint.demandhint_displayed
    """,
    "completion": "edx.completion.block_completion.changed edx.done.toggled",
    "drag and drop": """
        edx.drag_and_drop_v2.loaded edx.drag_and_drop_v2.item.picked_up edx.drag_and_drop_v2.item.dropped
        edx.drag_and_drop_v2.feedback.opened edx.drag_and_drop_v2.feedback.closed
    """,
    "polls, surveys and tools": """
        xblock.poll.submitted xblock.poll.view_results xblock.survey.submitted xblock.survey.view_results
        xblock.launch_request edx.lti.xblock.launch_request
    """,
    "open response": """
        openassessmentblock.create_submission openassessmentblock.save_submission openassessment.upload_file
        openassessmentblock.get_peer_submission openassessmentblock.peer_assess openassessmentblock.self_assess
        openassessmentblock.submit_feedback_on_assessments openassessment.student_training_assess_example
    """,
    "around a video": """
        load_video edx.video.loaded show_transcript hide_transcript edx.video.transcript.shown
        edx.video.transcript.hidden edx.video.closed_captions.shown edx.video.closed_captions.hidden
        video_show_cc_menu video_hide_cc_menu edx.video.language_menu.shown edx.video.language_menu.hidden
        edx.video.bumper.loaded edx.video.bumper.played edx.video.bumper.skipped edx.video.bumper.dismissed
        edx.video.bumper.stopped edx.video.bumper.transcript.menu.shown
    """,
    "textbooks": """
        book textbook.pdf.page.navigated textbook.pdf.page.scrolled textbook.pdf.chapter.navigated
        textbook.pdf.outline.toggled textbook.pdf.thumbnails.toggled textbook.pdf.thumbnail.navigated
        textbook.pdf.zoom.buttons.changed textbook.pdf.zoom.menu.changed textbook.pdf.display.scaled
        textbook.pdf.search.executed textbook.pdf.search.navigatednext textbook.pdf.search.highlight.toggled
        textbook.pdf.searchcasesensitivity.toggled
    """,
    "discussion": """
        edx.forum.thread.created edx.forum.thread.viewed edx.forum.thread.voted edx.forum.thread.edited
        edx.forum.response.created edx.forum.response.voted edx.forum.comment.created edx.forum.searched
    """,
    "teams": "edx.team.created edx.team.learner_added edx.team.learner_removed edx.team.page_viewed edx.team.searched",
    "bookmarks, notes and search": """
        edx.bookmark.accessed edx.bookmark.added edx.bookmark.listed edx.bookmark.removed
        edx.course.student_notes.added edx.course.student_notes.edited edx.course.student_notes.viewed
        edx.course.student_notes.deleted edx.course.student_notes.searched edx.course.student_notes.used_unit_link
        edx.course.student_notes.notes_page_viewed edx.course.search.initiated edx.course.search.result_selected
    """,
    "exams": """
        edx.special_exam.timed.attempt.started edx.special_exam.proctored.attempt.started
        edx.special_exam.practice.attempt.submitted edx.special_exam.proctored.attempt.download_software_clicked
        edx.special_exam.proctored.attempt.declined edx.special_exam.timed.attempt.ready_to_submit
    """,
    "certificates": """
        edx.certificate.shared edx.bi.app.certificate.shared edx.bi.app.course.view_certificate.clicked
    """,
    "mobile apps": """
        edx.bi.app.navigation.component.viewed edx.bi.app.navigation.open-in-browser edx.bi.app.course.unit_detail
        edx.bi.app.course.resume.tapped edx.bi.app.course.home_tab edx.bi.app.course.content.video.clicked
        edx.bi.app.course.subsection.view_on_web.tapped edx.bi.app.videos.loaded
    """,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_acts_is_in_the_table(family: str) -> None:
    names = FAMILIES[family].split()
    assert [name for name in names if name not in ACTS] == []
    for name in names:
        assert read(name).evidence == Evidence(points=frozenset({NOON}))


# Every kind of event of which the platform's own transformation to xAPI keeps a sample; samples of the same name are
# one kind.
SAMPLES_THAT_COUNT = """
    edx.completion.block_completion.changed edx.problem.hint.demandhint_displayed problem_check showanswer
    edx.forum.comment.created edx.forum.comment.deleted edx.forum.comment.edited edx.forum.comment.reported
    edx.forum.comment.unreported edx.forum.response.created edx.forum.response.deleted edx.forum.response.edited
    edx.forum.response.reported edx.forum.response.unreported edx.forum.response.voted edx.forum.thread.created
    edx.forum.thread.deleted edx.forum.thread.edited edx.forum.thread.reported edx.forum.thread.unreported
    edx.forum.thread.viewed edx.forum.thread.voted
    edx.special_exam.practice.attempt.created edx.special_exam.practice.attempt.submitted
    edx.special_exam.proctored.attempt.created edx.special_exam.proctored.attempt.submitted
    edx.special_exam.timed.attempt.created edx.special_exam.timed.attempt.submitted
    edx.ui.lms.link_clicked edx.ui.lms.outline.selected edx.ui.lms.sequence.next_selected
    edx.ui.lms.sequence.previous_selected edx.ui.lms.sequence.tab_selected
    edx.video.closed_captions.hidden edx.video.closed_captions.shown edx.video.position.changed
    load_video play_video pause_video stop_video complete_video seek_video speed_change_video
    show_transcript hide_transcript video_show_cc_menu video_hide_cc_menu
"""
SAMPLES_THAT_DO_NOT = {
    "edx.course.enrollment.activated": Meaning.ELSEWHERE,
    "edx.course.enrollment.deactivated": Meaning.ELSEWHERE,
    "edx.course.enrollment.mode_changed": Meaning.ELSEWHERE,
    "edx.course.grade.now_failed": Meaning.OTHERS,
    "edx.course.grade.now_passed": Meaning.OTHERS,
    "edx.course.grade.passed.first_time": Meaning.OTHERS,
    "edx.grades.course.grade_calculated": Meaning.OTHERS,
    "edx.grades.problem.submitted": Meaning.OTHERS,
    "edx.grades.subsection.grade_calculated": Meaning.OTHERS,
    "edx.problem.completed": Meaning.FOLLOWS,
    "problem_graded": Meaning.FOLLOWS,
}


@pytest.mark.parametrize("name", SAMPLES_THAT_COUNT.split())
def test_a_kind_of_sample_that_counts(name: str) -> None:
    assert name in COUNTED
    assert read(name, {"id": "sheet-bend"}).user_id == 7
    assert read_event(event(name, {"id": "sheet-bend"}, user_id=None)) is None
    assert read_event(event(name, {"id": "sheet-bend"}, user_id="")) is None


@pytest.mark.parametrize("name", SAMPLES_THAT_DO_NOT)
def test_a_kind_of_sample_that_does_not_count(name: str) -> None:
    assert MEANINGS[name] is SAMPLES_THAT_DO_NOT[name]
    assert read_event(event(name, {"user_id": 7})) is None


@pytest.mark.parametrize("meaning", [Meaning.FOLLOWS, Meaning.OTHERS, Meaning.ELSEWHERE])
def test_what_only_looks_like_an_act_stands_in_the_table_and_does_not_count(meaning: Meaning) -> None:
    names = [name for name, found in MEANINGS.items() if found is meaning]
    assert len(names) > 5
    assert [name for name in names if read_event(event(name, {"id": "sheet-bend"})) is not None] == []


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
        "openassessmentblock.staff_assess",
        "openassessmentblock.get_submission_for_staff_grading",
        "edx.special_exam.proctored.attempt.review_received",
        "edx.certificate.evidence_visited",
        "edx.librarycontentblock.content.assigned",
        "edx.team.activity_updated",
        "edx.forum.thread.locked",
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


@pytest.mark.parametrize(
    "path",
    [
        "/xblock/{unit}",
        "/courses/{key}/xblock/{unit}/handler/xmodule_handler/problem_check",
        "/courses/{key}/xblock/{unit}/handler/publish_completion",
        "/courses/{key}/xblock/{unit}/handler/xmodule_handler/goto_position",
        "/courses/{key}/xblock/{unit}/handler/do_attempt",
        "/courses/{key}/jump_to/{unit}",
        "/courses/{key}/jump_to_id/bowline",
        "/courses/{key}/courseware",
        "/courses/{key}/courseware/week1/lesson2/",
        "/courses/{key}/pdfbook/0/",
        "/courses/{key}/pdfbook/0/chapter/1/5",
        "/courses/{key}/book/0/",
    ],
)
@pytest.mark.parametrize("course_id", ["", str(KNOTS)])
def test_a_request_in_a_course_is_an_act_there(path: str, course_id: str) -> None:
    found = read(path.format(key=KNOTS, unit=UNIT), course_id=course_id)
    assert found == Activity(7, KNOTS, Evidence(points=frozenset({NOON})))


@pytest.mark.parametrize(
    "handler",
    [
        "handler/xmodule_handler/problem_get",
        "handler/xmodule_handler/save_user_state",
        "handler/transcript/translation/en",
        "handler/staff_assess",
        "handler/render_staff_area",
        "handler/render_staff_grade_form",
        "handler/render_student_info",
        "handler/cancel_submission",
        "handler_noauth/outcome_service_handler",
        "",
    ],
)
def test_what_a_page_asks_by_itself_or_staff_ask_is_no_evidence(handler: str) -> None:
    assert read_event(event(f"/courses/{KNOTS}/xblock/{UNIT}/{handler}")) is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dashboard",
        "/static/js/handler.js",
        "/api/user/v1/accounts/ada",
        f"/api/courseware/course/{KNOTS}",
        f"/courses/{KNOTS}/courseware-reset",
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
        path = f"/courses/{key}/xblock/some_block/handler/xmodule_handler/problem_check"
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


@pytest.mark.parametrize("path", ["/xblock/i4x://Harbour/Knots/vertical/bowline", "/xblock/i4x:;_;_a;_b;_c;_d"])
def test_an_old_style_unit_says_no_run_so_the_context_has_to(path: str) -> None:
    assert course_of(path, course_id=str(OLD)) == OLD
    assert course_of(path, course_id="") is None


@pytest.mark.parametrize("course_id", [None, "", "nonsense", "course-v1:only+two", "library-v1:Harbour+Ropes"])
def test_without_a_course_run_there_is_no_evidence(course_id: str | None) -> None:
    for _ in range(2):
        # What was parsed once is remembered.
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


UPON = [
    ("edx.completion.block_completion.changed", "user_id"),
    ("edx.certificate.shared", "user_id"),
    ("edx.team.learner_added", "user_id"),
    ("edx.special_exam.timed.attempt.submitted", "attempt_user_id"),
]


@pytest.mark.parametrize("learner", [8, "8"])
@pytest.mark.parametrize(("name", "field"), UPON)
def test_acting_upon_another_learner_is_no_evidence_of_either(name: str, field: str, learner: Any) -> None:
    assert read_event(event(name, {field: learner})) is None


@pytest.mark.parametrize("learner", [7, "7", None, ""])
@pytest.mark.parametrize(("name", "field"), UPON)
def test_acting_upon_oneself_is_evidence(name: str, field: str, learner: Any) -> None:
    assert read(name, {field: learner}).user_id == 7


@pytest.mark.parametrize(
    "where", [{"event_source": "task"}, {"event_source": "studio"}, {"host": "studio.harbour.example"}]
)
@pytest.mark.parametrize("name", ["problem_check", "edx.completion.block_completion.changed", f"/xblock/{UNIT}"])
def test_jobs_and_studio_are_no_evidence(name: str, where: dict[str, str]) -> None:
    assert read_event(event(name)) is not None
    assert read_event(event(name, **where)) is None


@pytest.mark.parametrize("source", ["browser", "server", "mobile", None])
def test_events_of_every_other_source_count(source: str | None) -> None:
    assert read("problem_check", event_source=source).user_id == 7


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


# Of a mobile app


def sent_by_phone(second: float, arrived: float, name: str = "edx.video.played", **data: Any) -> dict[str, Any]:
    """Make an event as it comes from Segment: the device's time and that of its arrival stand in the context."""
    at, received_at = (EPOCH + timedelta(seconds=moment) for moment in (second, arrived))
    data = {"module_id": UNIT.replace("vertical", "video"), "code": "mobile", "current_time": 8.25} | data
    context = {"event_source": "mobile", "session": "", "timestamp": at, "received_at": received_at}
    return event(name, data, at=EPOCH + timedelta(seconds=arrived + 2), **context)


def in_a_log(raw: dict[str, Any]) -> dict[str, Any]:
    """Return an event as it stands in a tracking log, where the device's time is the time."""
    context = {key: value for key, value in raw["context"].items() if key != "timestamp"}
    context["received_at"] = context["received_at"].isoformat()
    return raw | {"timestamp": raw["context"]["timestamp"].isoformat(), "context": context}


def moment_of(raw: dict[str, Any]) -> float:
    found = read_event(raw)
    assert found is not None
    (point,) = found.evidence.video
    return point.at / 10


def test_a_video_is_the_same_one_in_the_app_and_in_a_browser_and_in_the_log_of_either() -> None:
    raw = sent_by_phone(NOON, NOON)
    logged = in_a_log(raw)
    logged["data"] = {"id": "bowline", "code": "mobile", "currentTime": 8.25}
    assert read_event(raw) == read_event(logged)
    unknown = read_event(raw | {"data": {"module_id": "x"}})
    assert unknown is not None
    assert not unknown.evidence.video


@pytest.mark.parametrize("late", [0, 1, 3600, 29 * 86_400, 30 * 86_400])
def test_an_event_of_a_device_counts_when_it_happened_however_late_it_arrives(late: int) -> None:
    raw = sent_by_phone(NOON, NOON + late)
    assert moment_of(raw) == moment_of(in_a_log(raw)) == NOON


@pytest.mark.parametrize("ahead", [1, 299, 300])
def test_a_device_may_be_somewhat_ahead(ahead: int) -> None:
    raw = sent_by_phone(NOON + ahead, NOON)
    assert moment_of(raw) == moment_of(in_a_log(raw)) == NOON + ahead


@pytest.mark.parametrize("off", [301, 86_400, 10 * 365 * 86_400, -30 * 86_400 - 1, -10 * 365 * 86_400])
def test_a_device_that_claims_what_cannot_be_counts_at_its_arrival(off: int) -> None:
    raw = sent_by_phone(NOON + off, NOON)
    assert moment_of(raw) == moment_of(in_a_log(raw)) == NOON


def test_without_the_moment_of_arrival_the_server_s_own_is_meant() -> None:
    raw = sent_by_phone(NOON + 86_400, NOON)
    del raw["context"]["received_at"]
    assert moment_of(raw) == NOON + 2


@pytest.mark.parametrize(
    ("name", "act", "data"),
    [
        ("edx.video.played", VideoAct.PLAY, {}),
        ("edx.video.paused", VideoAct.PAUSE, {}),
        ("edx.video.stopped", VideoAct.STOP, {}),
        ("edx.video.position.changed", VideoAct.SEEK, {"old_time": 38.25, "new_time": 8.25, "seek_type": "skip"}),
        ("edx.video.seeked", VideoAct.SEEK, {"new_time": 8.25}),
        ("edx.bi.video.speed.changed", VideoAct.SPEED, {"old_speed": 1.0, "new_speed": 1.5}),
    ],
)
def test_a_mobile_app_names_what_happens_to_a_video_in_its_own_way(
    name: str, act: VideoAct, data: dict[str, Any]
) -> None:
    found = read_event(sent_by_phone(NOON, NOON + 5, name, **data))
    assert found is not None
    (point,) = found.evidence.video
    assert (point.act, point.position, point.speed) == (act, 82, 150 if act is VideoAct.SPEED else 0)
    assert point.video == video("play_video", {"id": "bowline"}).video


def test_the_course_of_a_mobile_event_may_stand_in_its_data() -> None:
    data = {"course_id": str(KNOTS), "block_id": "bowline"}
    assert course_of("edx.bi.app.course.unit_detail", data=data, course_id=None) == KNOTS
    assert course_of("edx.bi.app.course.unit_detail", data=data, course_id=str(OLD)) == OLD


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
    st.sampled_from([*sorted(VIDEO_ACTS), LEAVING]),
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
