"""
The door of the portfolio: composes what is shown of a learner. Access is decided by whoever calls,
who names the sections to compose; what is not named is not even read.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from learner_profile_plugin import compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.learning_record.data import LearningRecord
from learner_profile_plugin.portfolio.data import CourseItem, LearningTimeBox, Person, Portfolio, Standing
from learner_profile_plugin.profile_fields.data import Profile
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import LearningTime

__all__ = ["compose"]

PHOTO_WIDTH = 120


def compose(account: compat.Account, profile: Profile, sections: Collection[Section], at: datetime) -> Portfolio:
    """
    Return the portfolio of a learner as of ``at``, with the given sections and no others.

    Reads the learning record, the course facts and the learning time where a section asks for them.
    """
    time = time_on_task.get_learning_time(account.user_id) if Section.LEARNING_TIME in sections else None
    return Portfolio(
        person=_person(account, profile),
        learning_time=_learning_time(time) if time else None,
        courses=_courses(account.user_id, time, at) if Section.COURSES in sections else (),
        about=profile.about if Section.ABOUT in sections else "",
        work_experience=profile.work_experience if Section.WORK_EXPERIENCE in sections else (),
        links=profile.links if Section.LINKS in sections else (),
    )


def _person(account: compat.Account, profile: Profile) -> Person:
    wide_enough = [width for width in sorted(account.photo_urls) if width >= PHOTO_WIDTH]
    width = wide_enough[0] if wide_enough else max(account.photo_urls, default=0)
    return Person(
        username=account.username,
        name=account.full_name or account.username,
        photo_url=account.photo_urls.get(width, ""),
        has_photo=account.has_photo,
        headline=profile.headline,
    )


def _learning_time(time: LearningTime) -> LearningTimeBox | None:
    if not time.seconds:
        return None
    parts = [seconds for seconds in time.by_course.values() if seconds]
    return LearningTimeBox(
        seconds=time.seconds,
        course_count=len(parts),
        overlaps=sum(parts) > time.seconds,
        rule_version=time.rule_version,
    )


def _courses(user_id: int, time: LearningTime | None, at: datetime) -> tuple[CourseItem, ...]:
    """Return the courses that count: completed ones, newest first, then those under way by title."""
    records = [(record, _standing(record, at)) for record in learning_record.get_learning_records(user_id)]
    facts = compat.get_courses(record.course_key for record, standing in records if standing)
    items = [
        _course_item(record, standing, facts.get(record.course_key), time, at)
        for record, standing in records
        if standing
    ]
    completed = sorted((i for i in items if i.is_completed), key=lambda i: i.title.casefold())
    completed.sort(key=lambda i: i.at.timestamp() if i.at else 0.0, reverse=True)
    return (*completed, *sorted((i for i in items if not i.is_completed), key=lambda i: i.title.casefold()))


def _standing(record: LearningRecord, at: datetime) -> Standing | None:
    if record.certificate_at(at):
        return Standing.CERTIFIED
    if record.has_passed:
        return Standing.PASSED
    return Standing.IN_PROGRESS if record.is_enrolled else None


def _course_item(
    record: LearningRecord, standing: Standing, course: compat.Course | None, time: LearningTime | None, at: datetime
) -> CourseItem:
    certificate = record.certificate_at(at)
    return CourseItem(
        course_key=str(record.course_key),
        title=course.title if course else str(record.course_key),
        organisation=course.organisation if course else record.course_key.org or "",
        url=(course.about_url or course.home_url) if course else "",
        image_url=course.image_url if course else "",
        standing=standing,
        at=certificate.issued_at if certificate else record.passed_at,
        percent=record.percent if standing is not Standing.IN_PROGRESS else None,
        letter=record.letter if standing is not Standing.IN_PROGRESS else "",
        certificate_url=certificate.url if certificate else "",
        seconds=time.by_course.get(record.course_key, 0) if time else None,
    )
