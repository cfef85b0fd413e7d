"""The plugin's own rules for sections, the limits that no operator goes beyond, and what can be wrong with a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from learner_profile_plugin.access import Audience, Section, SectionRule

RECORDED = frozenset({Section.LEARNING_TIME, Section.COURSES})
"""Sections that fill by themselves: they have no items, and nobody can be asked to fill them."""

MOST_ITEMS: Mapping[Section, int] = {
    **dict.fromkeys(Section, 50),
    **dict.fromkeys(RECORDED, 0),
    **dict.fromkeys((Section.HEADER, Section.CONTACT, Section.WORK_PREFERENCES, Section.ABOUT, Section.RESUME), 1),
    Section.SKILLS: 100,
    Section.LANGUAGES: 30,
    Section.LINKS: 20,
}
"""How many items a section has at most, whatever an operator says: they can ask for fewer, never for more."""

BUILT_IN: Mapping[Section, SectionRule] = {
    section: SectionRule(
        default_audience=Audience.SIGNED_IN if section is Section.CONTACT else Audience.EVERYONE,
        max_items=MOST_ITEMS[section],
    )
    for section in Section
}


class ProblemKind(StrEnum):
    """
    What can be wrong.

    Attributes:
        NO_DICTIONARY: the configuration, or the entry of a section, cannot be read at all.
        UNREADABLE: a value is of the wrong type, or none of those that there are.
        IMPOSSIBLE: a value can be read, and cannot hold for this section.
        IN_VAIN: a section is required that nobody can fill.
    """

    NO_DICTIONARY = "no_dictionary"
    UNKNOWN_SECTION = "unknown_section"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    IN_VAIN = "in_vain"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something in a configuration that does not hold as it is written.

    Attributes:
        section: as it is written; ``""`` for the configuration as a whole.
        field: the field of a rule that is concerned; ``""`` for the whole entry.
        text: what is wrong.
        hint: what to write instead.
    """

    kind: ProblemKind
    section: str
    field: str
    text: str
    hint: str

    def __str__(self) -> str:
        """Say where, what and what to do."""
        where = f"{self.section}: " if self.section else ""
        return f"{where}{self.text} {self.hint}"
