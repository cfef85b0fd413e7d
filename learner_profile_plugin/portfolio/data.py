"""What a portfolio shows, as plain values: the one description that page and API are made from."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from learner_profile_plugin.profile_fields.data import Link, WorkExperience


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
    """

    username: str
    name: str
    photo_url: str
    has_photo: bool
    headline: str


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
        about: Markdown.
    """

    person: Person
    learning_time: LearningTimeBox | None = None
    courses: tuple[CourseItem, ...] = ()
    about: str = ""
    work_experience: tuple[WorkExperience, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show but who it is."""
        boxes = (self.person.headline, self.learning_time, self.courses, self.about, self.work_experience, self.links)
        return not any(boxes)
