"""What is suggested."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a name is the name of."""

    SKILL = "skill"
    ROLE = "role"
    SCHOOL = "school"
    LANGUAGE = "language"
