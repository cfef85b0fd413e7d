"""What a learner states about themself, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from learner_profile_plugin.access import Audience, Section


class StaleProfileError(Exception):
    """The profile was changed since the caller read it; nothing was saved."""


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """
    A date known to the year, the month or the day: 0 where not known.

    Partial dates compare as their known parts do, so ``2020`` comes before ``2020-03``.
    """

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
            if self.day:
                text += f"-{self.day:02}"
        return text

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """
        Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

        Raises:
            ValueError: if it is none of these, or no such day exists.
        """
        written = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
        if written is None:
            raise ValueError(f"not a date: {text!r}")
        year, month, day = written.groups()
        # A month or day of "00" is no date; date() says so.
        date(int(year), int(month or 1), int(day or 1))
        return cls(int(year), int(month or 0), int(day or 0))

    def surely_before(self, other: PartialDate) -> bool:
        """Return whether it lies before another date, whatever their unknown parts are."""
        for mine, theirs in ((self.year, other.year), (self.month, other.month), (self.day, other.day)):
            if not mine or not theirs:
                return False
            if mine != theirs:
                return mine < theirs
        return False

    def first_day(self) -> date:
        """Return the earliest day that it can mean."""
        return date(self.year, self.month or 1, self.day or 1)


@dataclass(frozen=True, slots=True)
class WorkExperience:
    """A position held. No ``end`` means: until now."""

    title: str
    employer: str
    start: PartialDate
    end: PartialDate | None = None
    location: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address on the web (http or https), and what to call it."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    All that a learner states.

    Attributes:
        about: text in Markdown.
        audiences: who may see a section, where the learner chose.
        published_at: when the learner made the portfolio visible to others; None if they did not.
        version: grows with every change; 0 if nothing was ever saved.
    """

    headline: str = ""
    about: str = ""
    work_experience: tuple[WorkExperience, ...] = ()
    links: tuple[Link, ...] = ()
    audiences: Mapping[Section, Audience] = field(default_factory=dict)
    published_at: datetime | None = None
    version: int = 0
