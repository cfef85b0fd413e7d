"""
What counts as activity: one table of the names of tracking events, and one of requests.

A name that stands nowhere here does not count. Names that do not count stand here where somebody
might think that they do; the table says why.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping

from learner_profile_plugin.time_on_task.data import VideoAct


class Meaning(enum.Enum):
    """What an event means, other than one of a video player."""

    ACT = "The learner did something in the course."
    FOLLOWS = "A page or the server sends it by itself; what it follows from is an event of its own."
    OTHERS = "Staff, a job or another learner did something, to the learner or to the course."
    ELSEWHERE = "The learner did something, but not learning: enrolled, paid, changed a setting."


_MEANINGS: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.ACT: (
        # Finding one's way through a course.
        "edx.ui.lms.sequence.next_selected",
        "edx.ui.lms.sequence.previous_selected",
        "edx.ui.lms.sequence.tab_selected",
        "seq_goto",
        "seq_next",
        "seq_prev",
        "edx.ui.lms.outline.selected",
        "edx.ui.lms.jump_nav.selected",
        "edx.ui.lms.link_clicked",
        "edx.course.home.resume_course.clicked",
        "edx.course.tool.accessed",
        # Bookmarks, notes and search.
        "edx.bookmark.accessed",
        "edx.bookmark.added",
        "edx.bookmark.listed",
        "edx.bookmark.removed",
        "edx.course.student_notes.added",
        "edx.course.student_notes.deleted",
        "edx.course.student_notes.edited",
        "edx.course.student_notes.notes_page_viewed",
        "edx.course.student_notes.searched",
        "edx.course.student_notes.used_unit_link",
        "edx.course.student_notes.viewed",
        "edx.course.search.initiated",
        "edx.course.search.result_selected",
        # Working on problems.
        "problem_check",
        "problem_check_fail",
        "problem_save",
        "problem_reset",
        "problem_show",
        "save_problem_success",
        "save_problem_fail",
        "reset_problem",
        "reset_problem_fail",
        "showanswer",
        "edx.problem.hint.demandhint_displayed",
        "edx.drag_and_drop_v2.loaded",
        "edx.drag_and_drop_v2.item.picked_up",
        "edx.drag_and_drop_v2.item.dropped",
        "edx.drag_and_drop_v2.feedback.opened",
        "edx.drag_and_drop_v2.feedback.closed",
        "edx.completion.block_completion.changed",
        "edx.done.toggled",
        # Polls, surveys and tools of others (LTI).
        "xblock.poll.submitted",
        "xblock.poll.view_results",
        "xblock.survey.submitted",
        "xblock.survey.view_results",
        "xblock.launch_request",
        "edx.lti.xblock.launch_request",
        # Open response assessment: one's own work, and what one says of that of peers.
        "openassessmentblock.create_submission",
        "openassessmentblock.save_submission",
        "openassessmentblock.get_peer_submission",
        "openassessmentblock.peer_assess",
        "openassessmentblock.self_assess",
        "openassessmentblock.submit_feedback_on_assessments",
        "openassessment.student_training_assess_example",
        "openassessment.upload_file",
        "openassessment.upload_file_error",
        # Around a video, apart from playing it.
        "load_video",
        "edx.video.loaded",
        "show_transcript",
        "edx.video.transcript.shown",
        "hide_transcript",
        "edx.video.transcript.hidden",
        "edx.video.closed_captions.shown",
        "edx.video.closed_captions.hidden",
        "video_show_cc_menu",
        "edx.video.language_menu.shown",
        "video_hide_cc_menu",
        "edx.video.language_menu.hidden",
        *(
            f"edx.video.bumper.{deed}"
            for deed in ("loaded", "played", "stopped", "skipped", "dismissed", "transcript.shown", "transcript.hidden")
        ),
        "edx.video.bumper.transcript.menu.shown",
        "edx.video.bumper.transcript.menu.hidden",
        # Reading textbooks.
        "book",
        "textbook.pdf.thumbnails.toggled",
        "textbook.pdf.thumbnail.navigated",
        "textbook.pdf.outline.toggled",
        "textbook.pdf.chapter.navigated",
        "textbook.pdf.page.navigated",
        "textbook.pdf.page.scrolled",
        "textbook.pdf.zoom.buttons.changed",
        "textbook.pdf.zoom.menu.changed",
        "textbook.pdf.display.scaled",
        "textbook.pdf.search.executed",
        "textbook.pdf.search.navigatednext",
        "textbook.pdf.search.highlight.toggled",
        "textbook.pdf.searchcasesensitivity.toggled",
        # Discussing and working in teams.
        *(
            f"edx.forum.{thing}.{deed}"
            for thing in ("thread", "response", "comment")
            for deed in ("created", "edited", "deleted", "viewed", "voted", "reported", "unreported")
        ),
        "edx.forum.searched",
        "edx.team.created",
        "edx.team.learner_added",
        "edx.team.learner_removed",
        "edx.team.page_viewed",
        "edx.team.searched",
        # Taking exams.
        *(
            f"edx.special_exam.{kind}.attempt.{deed}"
            for kind in ("timed", "practice", "proctored")
            for deed in (
                "created",
                "started",
                "ready_to_start",
                "ready_to_submit",
                "submitted",
                "declined",
                "download_software_clicked",
            )
        ),
        # What one does with one's own certificate of the course.
        "edx.certificate.shared",
        "edx.bi.app.certificate.shared",
        "edx.bi.app.course.view_certificate.clicked",
        # In mobile apps.
        "edx.bi.app.navigation.component.viewed",
        "edx.bi.app.navigation.open-in-browser",
        "edx.bi.app.course.resume.tapped",
        "edx.bi.app.course.resume_course.clicked",
        "edx.bi.app.course.subsection.view_on_web.tapped",
        "edx.bi.app.course.unit_detail",
        "edx.bi.app.course.announcements",
        "edx.bi.app.course.handouts",
        *(
            f"edx.bi.app.course.{tab}_tab"
            for tab in ("home", "video", "discussion", "dates", "handouts", "progress", "offline", "content")
        ),
        *(
            f"edx.bi.app.course.{place}.clicked"
            for place in (
                "assignment_tab.assignment",
                "content.assignment",
                "content.section",
                "content.video",
                "home.assignment",
                "home.grades.view_progress",
                "home.section_subsection",
                "home.video",
            )
        ),
        "edx.bi.app.videos.loaded",
        "edx.bi.video.transcript.language.selected",
        "edx.bi.video.screen.fullscreen.toggled",
    ),
    Meaning.FOLLOWS: (
        "edx.problem.completed",
        "edx.problem.hint.feedback_displayed",
        "problem_graded",
        "edx.librarycontentblock.content.assigned",
        "edx.librarycontentblock.content.removed",
        "xblock.split_test.child_render",
        "xmodule.partitions.assigned_user_to_partition",
        "edx.googlecomponent.calendar.displayed",
        "edx.googlecomponent.document.displayed",
        "edx.special_exam.proctored.option-presented",
        "edx.team.activity_updated",
        "edx.team.changed",
        "edx.bi.video.downloaded",
        "edx.bi.app.connection.cell",
        "edx.bi.app.connection.speed",
        "edx.bi.app.notification.course.update.received",
        "edx.bi.app.navigation.component.open_in_browser_banner.displayed",
    ),
    Meaning.OTHERS: (
        *(f"edx.grades.problem.{deed}" for deed in ("submitted", "rescored", "score_overridden", "state_deleted")),
        "edx.grades.subsection.grade_calculated",
        "edx.grades.course.grade_calculated",
        "edx.course.grade.now_passed",
        "edx.course.grade.now_failed",
        "edx.course.grade.passed.first_time",
        "problem_rescore",
        "problem_rescore_fail",
        "openassessmentblock.staff_assess",
        "openassessmentblock.get_submission_for_staff_grading",
        "edx.certificate.created",
        "edx.certificate.revoked",
        "edx.certificate.evidence_visited",
        "edx.certificate.generation.enabled",
        "edx.certificate.generation.disabled",
        *(f"edx.cohort.{deed}" for deed in ("created", "user_added", "user_removed")),
        *(f"edx.cohort.{deed}" for deed in ("creation_requested", "user_add_requested")),
        *(f"edx.forum.thread.{deed}" for deed in ("locked", "unlocked")),
        *(f"edx.forum.response.{deed}" for deed in ("mark", "unmark")),
        "edx.team.deleted",
        *(
            f"edx.special_exam.{kind}.attempt.{deed}"
            for kind in ("timed", "practice", "proctored")
            for deed in ("deleted", "error", "rejected", "review_received", "verified")
        ),
        "edx.instructor.report.requested",
        "edx.instructor.report.downloaded",
    ),
    Meaning.ELSEWHERE: (
        *(f"edx.course.enrollment.{deed}" for deed in ("activated", "deactivated", "mode_changed", "upgrade.clicked")),
        "edx.user.settings.changed",
        "edx.user.settings.viewed",
        "edx.bi.app.course.enroll.clicked",
        "edx.bi.app.course.enroll.success",
        "edx.bi.app.navigation.screen",
        "edx.bi.video.download.requested",
        "edx.bi.video.subsection.bulkdownload.requested",
    ),
}

_PLAYER: Mapping[VideoAct, tuple[str, ...]] = {
    VideoAct.PLAY: ("play_video", "edx.video.played", "edx.bi.app.videos.played"),
    VideoAct.PAUSE: ("pause_video", "edx.video.paused", "edx.bi.app.videos.paused"),
    VideoAct.SEEK: (
        "seek_video",
        "edx.video.position.changed",
        "edx.video.seeked",
        "edx.bi.app.videos.position.changed",
    ),
    VideoAct.STOP: (
        "stop_video",
        "edx.video.stopped",
        "complete_video",
        "edx.video.completed",
        "edx.bi.app.videos.completed",
    ),
    VideoAct.SPEED: (
        "speed_change_video",
        "edx.video.speed.changed",
        "edx.bi.video.speed.changed",
        "edx.bi.app.videos.speed.changed",
    ),
    # Leaving is no act: it only ends what was being played.
    VideoAct.PAGE_CLOSE: ("page_close",),
}

MEANINGS: Mapping[str, Meaning | VideoAct] = {
    name: meaning for table in (_MEANINGS, _PLAYER) for meaning, names in table.items() for name in names
}
"""What each event means, by its name."""

COUNTED: Mapping[str, Meaning | VideoAct] = {
    name: meaning for name, meaning in MEANINGS.items() if meaning is Meaning.ACT or isinstance(meaning, VideoAct)
}
"""Those of the table that are evidence."""

NO_LEARNER = frozenset({"task", "studio"})
"""Sources of events (``event_source``) behind which there is no learner."""

# The LMS tells of every request by an event named by its path. These paths are a learner's own: the page of a unit,
# where a course is entered, its textbooks, and what a block sends back.
REQUEST = re.compile(
    r"/xblock/(?:(?:ccx-)?block-v1:[^/]+/?|i4x:.+)"
    r"|/courses/(?:[^/:]+:[^/]+|[^/]+/[^/]+/[^/]+)/(?:"
    r"(?:courseware|jump_to|jump_to_id|book|pdfbook|htmlbook)(?:/.*)?"
    r"|xblock/[^/]+/handler/(?P<handler>.+))"
)

HANDLERS_THAT_FOLLOW = frozenset({"problem_get", "save_user_state", "transcript"})
"""What pages ask of their blocks by themselves, some of it again and again."""
HANDLERS_OF_STAFF = re.compile(r"(render_)?staff_|render_student_info|cancel_submission|schedule_training|reschedule_")
"""What staff ask of a block, to work on what learners handed in."""


def is_request_of_learner(path: str) -> bool:
    """Return whether a request is something that a learner did in a course."""
    if not path.startswith(("/xblock/", "/courses/")):
        return False
    found = REQUEST.fullmatch(path)
    if found is None:
        return False
    parts = (found["handler"] or "").split("/")
    return not any(part in HANDLERS_THAT_FOLLOW or HANDLERS_OF_STAFF.match(part) for part in parts)
