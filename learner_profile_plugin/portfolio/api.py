"""
The door of the portfolio: composes what is shown of a learner. Access is decided by whoever calls,
who names the sections to compose; what is not named is not even read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from learner_profile_plugin import compat
from learner_profile_plugin.access import Section, View
from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.learning_record.data import LearningRecord
from learner_profile_plugin.portfolio.data import CourseItem, LearningTimeBox, Person, Portfolio, Standing
from learner_profile_plugin.profile_fields.data import Item, Profile
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import LearningTime

__all__ = ["compose"]

PHOTO_WIDTH = 120


def compose(account: compat.Account, profile: Profile, view: View, at: datetime) -> Portfolio:
    """
    Return the portfolio of a learner as of ``at``, with what the view opens and nothing else.

    Reads the learning record, the course facts and the learning time where a section asks for them.
    """
    time = time_on_task.get_learning_time(account.user_id) if Section.LEARNING_TIME in view.sections else None
    items = _items(profile, view)
    return Portfolio(
        person=_person(account, items),
        learning_time=_learning_time(time) if time else None,
        courses=_courses(account.user_id, time, at) if Section.COURSES in view.sections else (),
        items=items,
        account_links=_account_links(account, items) if Section.LINKS in view.sections else (),
    )


def _items(profile: Profile, view: View) -> dict[Section, tuple[Item, ...]]:
    """Return what is stated in the sections that are seen; of the hidden items only what the view shows."""
    seen = {
        section: tuple(item for item in items if view.shows_hidden_items or not item.is_hidden)
        for section, items in profile.items.items()
        if section in view.sections
    }
    return {section: items for section, items in seen.items() if items}


def _person(account: compat.Account, items: Mapping[Section, tuple[Item, ...]]) -> Person:
    wide_enough = [width for width in sorted(account.photo_urls) if width >= PHOTO_WIDTH]
    width = wide_enough[0] if wide_enough else max(account.photo_urls, default=0)
    header = items[Section.HEADER][0].values if Section.HEADER in items else {}
    contact = items[Section.CONTACT][0].values if Section.CONTACT in items else {}
    return Person(
        username=account.username,
        name=account.full_name or account.username,
        photo_url=account.photo_urls.get(width, ""),
        has_photo=account.has_photo,
        headline=str(header.get("headline", "")),
        location=str(header.get("location", "")),
        pronouns=str(header.get("pronouns", "")),
        email=account.email if contact.get("show_email") else "",
    )


def _account_links(account: compat.Account, items: Mapping[Section, tuple[Item, ...]]) -> tuple[str, ...]:
    """Return the links that the platform keeps, without those that the profile has too."""
    links = account.social_links
    stated = {_same_address(str(item.values["url"])) for item in items.get(Section.LINKS, ())}
    return tuple(
        address
        for address in (links.linkedin, links.x, links.facebook)
        # What stands in the account was checked by somebody else.
        if address.lower().startswith(("http://", "https://")) and _same_address(address) not in stated
    )


def _same_address(address: str) -> str:
    """Return what is the same for addresses that only look different."""
    return address.lower().partition("://")[2].removeprefix("www.").rstrip("/")


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
