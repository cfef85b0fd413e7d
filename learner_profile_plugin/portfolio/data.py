"""What a portfolio shows, as plain values: the one description that page and API are made from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields.data import Item


class Source(enum.StrEnum):
    """Who says so: the learner, or the platform with evidence behind it."""

    STATED = "stated"
    RECORDED = "recorded"


class Standing(enum.StrEnum):
    """How far a learner is in a course, by the strongest thing that the platform recorded."""

    CERTIFIED = "certified"
    PASSED = "passed"
    IN_PROGRESS = "in_progress"


@dataclass(frozen=True, slots=True)
class Person:
    """
    Who the portfolio is of.

    Attributes:
        photo_url: ``""`` where the platform has none.
        has_photo: false where it leads to the platform's stand-in picture.
        headline, location, pronouns: stated by the learner; ``""`` where not.
        email: that of the account, where the learner puts it on the page; ``""`` where not.
    """

    username: str
    name: str
    photo_url: str
    has_photo: bool
    headline: str = ""
    location: str = ""
    pronouns: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class CourseItem:
    """
    A course in the portfolio, with the evidence behind it.

    Attributes:
        title: the course's key where the platform no longer knows the course.
        at: when the certificate was issued or the course first passed; None where not known.
        percent: the grade as a fraction from 0 to 1; None if none was recorded.
        seconds: learning time in this course; None where that section is not visible.
    """

    course_key: str
    title: str
    organisation: str
    url: str
    image_url: str
    standing: Standing
    at: datetime | None
    percent: float | None
    letter: str
    certificate_url: str
    seconds: int | None

    @property
    def is_completed(self) -> bool:
        """Whether the course counts as completed: certified or passed."""
        return self.standing is not Standing.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class LearningTimeBox:
    """The measured time over all courses, in seconds, and the version of the rule behind it."""

    seconds: int
    course_count: int
    overlaps: bool
    rule_version: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """
    What one viewer sees of one learner. A section that is empty, or not theirs to see, is empty here.

    Attributes:
        items: what the learner states, by section.
        account_links: addresses that the learner keeps in their account on the platform.
    """

    person: Person
    learning_time: LearningTimeBox | None = None
    courses: tuple[CourseItem, ...] = ()
    items: Mapping[Section, tuple[Item, ...]] = field(default_factory=dict)
    account_links: tuple[str, ...] = ()

    @property
    def states_something(self) -> bool:
        """Whether anything in it is stated by the learner."""
        return bool(any(self.items.values()) or self.account_links)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show but who it is."""
        return not (self.learning_time or self.courses or self.states_something)
