"""The door that explains a figure of learning time to its learner: the sessions behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio.doorway import learner_of, own_page
from learner_profile_plugin.portfolio.visits import NotVisibleError, get_learner
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Kind, LearningSession, LearningTime

SHOWN = 50
MAX_MOMENT = 2**40

KIND_LABELS = {
    Kind.BEATS: _("page in view"),
    Kind.VIDEO: _("video played"),
    Kind.ACTS: _("things done"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    A figure and what it consists of.

    Attributes:
        course_key: the course run that it is of; None for all.
        seconds: the figure.
        sessions: a part of the sessions that add up to it, the newest first.
        before: where to go on; None if nothing is left.
        titles: of the course runs, as far as the platform knows them.
    """

    time: LearningTime
    course_key: CourseKey | None
    seconds: int
    sessions: list[LearningSession]
    before: int | None
    titles: dict[CourseKey, str]


def explain(user_id: int, *, course: str = "", before: str = "") -> Explanation:
    """
    Return a learner's learning time, in one course run or in all, with the sessions behind it.

    Raises:
        Http404: if there is no time in such a course, or ``before`` is no moment.
    """
    if before and not (before.isascii() and before.isdecimal() and int(before[:15]) <= MAX_MOMENT):
        raise Http404
    time = time_on_task.get_learning_time(user_id)
    course_key = _course_of(time, course) if course else None
    seconds = time.by_course[course_key] if course_key else time.seconds
    found = time_on_task.get_sessions(user_id, course_key, before=int(before) if before else None, limit=SHOWN + 1)
    sessions = found[:SHOWN]
    courses = compat.get_courses(time.by_course)
    return Explanation(
        time=time,
        course_key=course_key,
        seconds=seconds,
        sessions=sessions,
        before=sessions[-1].start if len(found) > SHOWN else None,
        titles={key: courses[key].title if key in courses else str(key) for key in time.by_course},
    )


# Reading learning time may unite evidence with its days; that must not hold a transaction open.
@transaction.non_atomic_requests
@own_page
@require_safe
def show_learning_time(request: HttpRequest) -> HttpResponse:
    """Show the learner what their learning time consists of, over all courses or in one (``course``)."""
    user_id = learner_of(request).pk
    try:
        learner = get_learner(user_id)
    except NotVisibleError:
        raise Http404 from None
    if Section.LEARNING_TIME not in learner.sections():
        raise Http404
    found = explain(user_id, course=request.GET.get("course", ""), before=request.GET.get("before", ""))
    context = {
        "site": compat.get_site(),
        "owner_username": request.user.get_username(),
        "explanation": found,
        "course_title": found.titles[found.course_key] if found.course_key else "",
        "courses": sorted(
            ((key, found.titles[key], seconds) for key, seconds in found.time.by_course.items() if seconds),
            key=lambda course: -course[2],
        ),
        "overlaps": sum(found.time.by_course.values()) > found.time.seconds,
        "sessions": [_line(session, found) for session in found.sessions],
        "is_all": found.before is None and not request.GET.get("before"),
    }
    return render(request, "learner_profile/learning_time.html", context)


def _course_of(time: LearningTime, text: str) -> CourseKey:
    try:
        course_key = CourseKey.from_string(text)
    except InvalidKeyError:
        raise Http404 from None
    if course_key not in time.by_course:
        raise Http404
    return course_key


def _line(session: LearningSession, found: Explanation) -> dict[str, Any]:
    return {
        "start": datetime.fromtimestamp(session.start, UTC),
        "end": datetime.fromtimestamp(session.end, UTC),
        "seconds": session.seconds,
        "courses": [found.titles.get(key, str(key)) for key in session.by_course],
        "kinds": [KIND_LABELS[kind] for kind in Kind if kind in session.kinds],
    }
