"""A tracking log as an LMS writes it: any number of lines, the same each time."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

COURSES, UNITS = 20, 60
BEGIN = datetime(2026, 1, 5, 6, tzinfo=UTC)
SITE = "https://lms.harbour.example"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
LINES_A_DAY = 500_000

Told = tuple[str, Any]
"""Name and data of an event."""


def write_log(path: Path, lines: int, learners: int, day: int = 0) -> None:
    """Write a log of people numbered from 1, in the order of time, from the morning of some day on."""
    with path.open("w", encoding="utf-8") as log:
        for line in sample(lines, learners, day):
            log.write(json.dumps(line) + "\n")


def sample(lines: int, learners: int, day: int = 0) -> Iterator[dict[str, Any]]:
    """Give the events of a log, in the form in which they are logged."""
    chance = random.Random(4 + day)  # noqa: S311 - no secret
    kinds, weights = zip(*KINDS, strict=True)
    for number, (source, tell) in enumerate(chance.choices(kinds, weights, k=lines)):
        learner, unit = chance.randrange(learners), chance.randrange(UNITS)
        course = f"Harbour+Knots{(learner * 7 + chance.randrange(3)) % COURSES}+2026"
        where = Where(course, unit, chance)
        name, data = tell(where)
        at = BEGIN + timedelta(days=day + number / LINES_A_DAY, microseconds=chance.randrange(10**6))
        yield line(source, name, data, where, at=at, learner=learner)


class Where:
    """The unit of a course in which something happens."""

    def __init__(self, course: str, unit: int, chance: random.Random) -> None:
        self.course, self.chance = f"course-v1:{course}", chance
        self._blocks, self._unit = f"block-v1:{course}", unit * 7919 + 11

    def block(self, kind: str) -> str:
        """Return the key of a block of the unit."""
        return f"{self._blocks}+type@{kind}+block@{self._unit:032x}"

    @property
    def video(self) -> dict[str, Any]:
        """What each event of the video says."""
        return {"id": f"{self._unit:032x}", "code": "b7xgknqkQk8", "duration": 613.4}

    def second(self) -> float:
        """Return some place in the video."""
        return round(self.chance.random() * 613, 3)


def line(source: str, name: str, data: Any, where: Where, *, at: datetime, learner: int) -> dict[str, Any]:
    """Return an event as it is logged."""
    unit_page = f"{SITE}/xblock/{where.block('vertical')}?show_title=0&recheck_access=1&view=student_view"
    browser, job = source == "browser", source == "job"
    # A page of a unit tells its course only to who reads its address.
    knows_course = job or name.startswith("/courses/") or not (browser or name.startswith("/"))
    context: dict[str, Any] = {
        "course_id": where.course if knows_course else "",
        "org_id": "Harbour" if knows_course else "",
        "enterprise_uuid": "",
    }
    if not job:
        context = {"user_id": learner + 1, "path": "/event" if browser else name[:80], **context}
    return {
        "name": name,
        "context": context,
        "username": "" if job else f"learner{learner:05}",
        "session": "" if job else f"{learner * 1000 + at.hour:032x}",
        "ip": "192.0.2.7",
        "agent": "" if job else AGENT,
        "host": "lms.harbour.example",
        "referer": "" if job else unit_page,
        "accept_language": "en-US,en;q=0.9",
        "event": json.dumps(data) if browser and isinstance(data, dict) else data,
        "time": at.isoformat(),
        "event_type": OLD_NAMES.get(name, name),
        "event_source": "browser" if browser else "server",
        "page": unit_page if browser else None,
    }


OLD_NAMES = {"edx.ui.lms.sequence.next_selected": "seq_next"}
GET = '{"GET": {}, "POST": {}}'


def _request(where: Where) -> Told:
    course = where.course
    pages = (f"/api/courseware/course/{course}", f"/api/course_home/progress/{course}", "/api/mobile/v1/my_user_info")
    return where.chance.choice((*pages, "/dashboard", "/csrf/api/v1/token", f"/courses/{course}/progress")), GET


def _handler(name: str) -> Callable[[Where], Told]:
    return lambda where: (
        f"/courses/{where.course}/xblock/{where.block('problem')}/handler/xmodule_handler/{name}",
        '{"GET": {}, "POST": {"saved_video_position": ["00:02:33"]}}',
    )


def _video(name: str, *places: str) -> Callable[[Where], Told]:
    return lambda where: (name, where.video | {place: where.second() for place in places})


def _simply(name: str, data: Any = None) -> Callable[[Where], Told]:
    return lambda where: (name, data if data is not None else {"id": where.block("sequential"), "current_tab": 2})


def _answer(where: Where) -> Told:
    answers = {"a_2_1": {"question": "Which knot holds?", "answer": "Bowline", "response_type": "choiceresponse"}}
    state = {"seed": 1, "student_answers": {}, "correct_map": {}, "done": None}
    data = {"state": state, "problem_id": where.block("problem"), "answers": {"a_2_1": "choice_1"}, "grade": 1}
    return "problem_check", data | {"max_grade": 1, "success": "correct", "attempts": 1, "submission": answers}


def _of_block(name: str, kind: str) -> Callable[[Where], Told]:
    return lambda where: (name, {"course_id": where.course, "block_id": where.block(kind), "completion": 1.0})


KINDS: list[tuple[tuple[str, Callable[[Where], Told]], float]] = [
    (("server", _request), 38),
    (("server", _handler("save_user_state")), 8),
    (("server", _handler("problem_check")), 4),
    (("server", lambda where: (f"/xblock/{where.block('vertical')}", GET)), 6),
    (("browser", _simply("page_close", {})), 7),
    (("browser", _simply("edx.ui.lms.sequence.next_selected")), 4),
    (("browser", _simply("edx.ui.lms.link_clicked")), 2),
    (("browser", _video("load_video")), 2),
    (("browser", _video("play_video", "currentTime")), 4),
    (("browser", _video("pause_video", "currentTime")), 4),
    (("browser", _video("seek_video", "old_time", "new_time")), 2),
    (("browser", _video("stop_video", "currentTime")), 1),
    (("browser", _simply("problem_check", "input_a_2_1=choice_1")), 2.5),
    (("server", _answer), 2.5),
    (("server", _of_block("edx.grades.problem.submitted", "problem")), 2.5),
    (("server", _of_block("edx.completion.block_completion.changed", "html")), 3),
    (("server", _simply("edx.forum.thread.viewed", {"title": "First post", "user_forums_roles": ["Student"]})), 1.5),
    (("job", _of_block("edx.grades.subsection.grade_calculated", "sequential")), 5.5),
    (("server", _simply("edx.course.enrollment.activated", {"mode": "honor"})), 0.5),
]
"""What happens in an LMS, of which source and how often: more than half of it is no activity of learners."""
