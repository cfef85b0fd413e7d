"""What a learner states about themself, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from learner_profile_plugin.access import Audience, Section


class StaleItemError(Exception):
    """It was changed since the caller read it; nothing was saved."""


class NoSuchItemError(Exception):
    """The learner has no such item, or no such picture."""


class InvalidItemError(Exception):
    """
    What was entered cannot be kept; nothing was saved.

    Attributes:
        messages: what is wrong, by field; under ``""`` what is wrong with the whole.
    """

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        """Take the messages, in the reader's language."""
        super().__init__(messages)
        self.messages = {name: list(texts) for name, texts in messages.items()}


class NotPublishableError(Exception):
    """Sections that the operator requires are empty; ``sections`` names them."""

    def __init__(self, sections: Sequence[Section]) -> None:
        """Take the sections that have to be filled first."""
        super().__init__(sections)
        self.sections = tuple(sections)


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


Value = str | bool | PartialDate | tuple[str, ...] | None
"""What a field of an item holds: text, a code, a yes or no, a date (None: left open), or several texts or codes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture of an item.

    Attributes:
        description: what can be seen on it, for those who cannot see it.
        width, height: in pixels.
    """

    id: UUID
    description: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureFile:
    """
    A picture with what decides who may see it.

    Attributes:
        user_id: whose it is.
        is_hidden: its item is hidden.
        file_name: in the storage.
    """

    user_id: int
    section: Section
    is_hidden: bool
    file_name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """
    An entry in a section.

    Attributes:
        values: what its fields hold, by name; every field of its section is there.
        is_hidden: the learner keeps it to themself.
        version: grows with every change.
    """

    id: UUID
    section: Section
    values: Mapping[str, Value]
    is_hidden: bool = False
    version: int = 1
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """
    All that a learner states.

    Attributes:
        items: by section, in the order in which they are shown; sections without items are left out.
        by_hand: the sections whose order the learner made; others go by date where they have dates.
        audiences: who may see a section, where the learner chose.
        published_at: when the learner made the portfolio visible to others; None if they did not.
        published_as_minor: they agreed to the narrow circle that minors have, and to no wider one.
        version: grows with every change; 0 if nothing was ever saved.
    """

    items: Mapping[Section, tuple[Item, ...]] = field(default_factory=dict)
    by_hand: frozenset[Section] = frozenset()
    audiences: Mapping[Section, Audience] = field(default_factory=dict)
    published_at: datetime | None = None
    published_as_minor: bool = False
    version: int = 0

    def single(self, section: Section) -> Item | None:
        """Return the one item of a section that has no more than one; None if it is empty."""
        return next(iter(self.items.get(section, ())), None)


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What was typed into a form and is not saved yet.

    Attributes:
        form: names the form: an item's id, or the section that one would be added to.
        typed: the form's boxes as they were, by name; a list for each, as browsers send them.
    """

    form: str
    typed: Mapping[str, list[str]]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """The learner's word that their portfolio be shown, as they read it; until when, if they took it back."""

    given_at: datetime
    withdrawn_at: datetime | None
    text: str
