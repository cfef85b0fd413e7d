"""
The recorded past, moment by moment: what a learner does in a session, as tracking events and as actions.

Everything follows from a random generator that is seeded with the learner's and the course's names, so that the same
history comes out of every seeding.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from demo.lms.models import Unit
from demo.lms.tracking.contexts import course_context

HOST = "harbour-academy.example"
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605",
    "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537",
)

Event = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """Something for the actions to carry out: a unit done, or an answer given."""

    at: datetime
    unit: Unit
    answer: str = ""


@dataclass
class Session:
    """One sitting of a learner in a course, and the events that it leaves in the tracking log."""

    user: User
    course_key: CourseKey
    clock: datetime
    rng: random.Random
    done: set[int]
    wants_right: Callable[[Unit], bool]
    events: list[Event] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sit down at one of the learner's devices."""
        self.agent = self.rng.choice(AGENTS)
        self.session_id = f"{self.rng.getrandbits(128):032x}"
        self.ip = f"203.0.113.{self.rng.randrange(1, 255)}"
        self.page = ""

    def visit(self, units: list[Unit]) -> None:
        """Work through some units, one after the other, and leave."""
        self.server(f"/courses/{self.course_key}/course/", "{}", course=True)
        for place, unit in enumerate(units):
            if place:
                self.wait(2, 9)
                self.browser("edx.ui.lms.sequence.next_selected", self._step(place, len(units)))
            self._open(unit)
            {
                Unit.Kind.HTML.value: self._read,
                Unit.Kind.VIDEO.value: self._watch,
                Unit.Kind.PROBLEM.value: self._solve,
            }[unit.kind](unit)
        self.wait(1, 20)
        # The platform's script names no course when a page is left.
        self.browser("page_close", "", course=False)

    def wait(self, shortest: float, longest: float) -> None:
        """Let time pass."""
        self.clock += timedelta(seconds=round(self.rng.uniform(shortest, longest), 3))

    def server(self, name: str, data: Any, *, course: bool = False, **context: Any) -> None:
        """Log what the server emits; requests say ``event_source``, other code often does not."""
        self._log(name, data, course_context(self.course_key if course else None) | context)

    def browser(self, name: str, data: Any, *, course: bool = True) -> None:
        """Log what a script in the browser reported."""
        extra = {"event_source": "browser", "page": self.page}
        self._log(name, data, course_context(self.course_key if course else None) | extra)

    def _log(self, name: str, data: Any, context: dict[str, Any]) -> None:
        self.events.append(
            {
                "name": name,
                "timestamp": self.clock.isoformat(),
                "data": data,
                "context": {
                    "session": self.session_id,
                    "user_id": self.user.pk,
                    "username": self.user.username,
                    "ip": self.ip,
                    "host": HOST,
                    "agent": self.agent,
                    "path": name if name.startswith("/") else "/event",
                    "referer": "",
                    "accept_language": "en",
                    "client_id": None,
                    **context,
                },
            }
        )

    def _step(self, place: int, count: int) -> dict[str, Any]:
        sequence = self.course_key.make_usage_key("sequential", "main")
        return {"current_tab": place, "id": str(sequence), "tab_count": count, "widget_placement": "top"}

    def _open(self, unit: Unit) -> None:
        self.wait(1, 3)
        path = f"/xblock/{unit.usage_key}"
        self.page = f"https://{HOST}{path}"
        self.server(path, json.dumps({"GET": {"show_title": ["0"]}, "POST": {}}), event_source="server", page=None)

    def _finish(self, unit: Unit, answer: str = "") -> None:
        if answer or unit.position not in self.done:
            self.deeds.append(Deed(self.clock, unit, answer))
        self.done.add(unit.position)
        data = {
            "user_id": self.user.pk,
            "course_id": str(self.course_key),
            "block_id": str(unit.block_key),
            "block_type": unit.kind,
            "completion": 1.0,
        }
        self.server("edx.completion.block_completion.changed", data, course=True)

    def _read(self, unit: Unit) -> None:
        self.wait(60, 420)
        self._finish(unit)
        self.wait(20, 500)

    def _watch(self, unit: Unit) -> None:
        self.wait(1, 4)
        self._video("load_video", unit)
        position = 0.0
        while position < unit.duration:
            self.wait(2, 70 if position else 8)
            self._video("play_video", unit, currentTime=round(position, 3))
            stretch = min(self.rng.uniform(50, 260), unit.duration - position)
            self.clock += timedelta(seconds=stretch)
            position += stretch
            if unit.duration - position < 1:
                break
            self._video("pause_video", unit, currentTime=round(position, 3))
            if self.rng.random() < 1 / 4:
                back = max(position - self.rng.uniform(10, 40), 0)
                self.wait(1, 4)
                self._video(
                    "seek_video", unit, old_time=round(position, 3), new_time=round(back, 3), type="onSlideSeek"
                )
                position = back
        self._video("stop_video", unit, currentTime=unit.duration)
        self._finish(unit)
        self.wait(5, 60)

    def _video(self, name: str, unit: Unit, **data: Any) -> None:
        self.browser(name, {"id": unit.usage_key.block_id, "code": "html5", "duration": unit.duration} | data)

    def _solve(self, unit: Unit) -> None:
        self.wait(40, 240)
        right = unit.content["answer"]
        wrong = [choice["name"] for choice in unit.content["choices"] if choice["name"] != right]
        succeeds = self.wants_right(unit)
        knows = unit.position in self.done or self.rng.random() < 2 / 3
        answers = [right] if succeeds and knows else [self.rng.choice(wrong)]
        if succeeds and answers != [right]:
            answers.append(right)
        for attempt, answer in enumerate(answers, start=1):
            self._answer(unit, answer, attempt)
            self.wait(20, 150)

    def _answer(self, unit: Unit, answer: str, attempt: int) -> None:
        is_right = answer == unit.content["answer"]
        answer_id = f"{unit.usage_key.block_id}_2_1"
        self.browser("problem_check", f"input_{answer_id}={answer}")
        self.clock += timedelta(milliseconds=self.rng.randrange(150, 900))
        check = {
            "problem_id": str(unit.block_key),
            "answers": {answer_id: answer},
            "grade": int(is_right),
            "max_grade": 1,
            "success": "correct" if is_right else "incorrect",
            "attempts": attempt,
        }
        self.server("problem_check", check, course=True, event_source="server", page="x_module")
        submitted = {
            "user_id": str(self.user.pk),
            "course_id": str(self.course_key),
            "problem_id": str(unit.block_key),
            "weighted_earned": int(is_right),
            "weighted_possible": 1,
        }
        self.server("edx.grades.problem.submitted", submitted, course=True)
        self._finish(unit, answer)
