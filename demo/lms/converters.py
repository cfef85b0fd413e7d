"""Course and usage keys in addresses: what does not parse is not found."""

from __future__ import annotations

from django.urls import register_converter
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey


class CourseKeyConverter:
    """Reads ``course-v1:Org+Course+Run``."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> CourseKey:
        """Parse the key; a ValueError makes Django look on, and end in a 404."""
        try:
            return CourseKey.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: CourseKey | str) -> str:
        """Write the key as it is."""
        return str(value)


class UsageKeyConverter:
    """Reads ``block-v1:Org+Course+Run+type@vertical+block@name``."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> UsageKey:
        """Parse the key; a ValueError makes Django look on, and end in a 404."""
        try:
            return UsageKey.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: UsageKey | str) -> str:
        """Write the key as it is."""
        return str(value)


def register() -> None:
    """Make ``<course:...>`` and ``<usage:...>`` known to the address patterns."""
    register_converter(CourseKeyConverter, "course")
    register_converter(UsageKeyConverter, "usage")
