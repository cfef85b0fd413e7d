"""What an item of a section is, and what can be told of its values from that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields.data import PartialDate, Value
from learner_profile_plugin.profile_fields.field_types import Date, FieldType


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    What an item of a section is.

    Attributes:
        noun: what to call one, as in "Remove this position".
        add: what the button says that adds one.
        why: why it is worth filling in, for the guide.
        title: the field that names an item.
        is_single: the section has one item at most.
        ends_now: where the start is known and the end is left open, it lasts until now.
        has_pictures: an item may have pictures.
    """

    section: Section
    noun: Any
    add: Any
    fields: tuple[FieldType[Any], ...]
    title: str
    why: Any = ""
    is_single: bool = False
    ends_now: bool = False
    has_pictures: bool = False

    def load(self, stored: Mapping[str, Any]) -> dict[str, Value]:
        """Return the values of all fields from what is stored."""
        return {field.name: field.load(stored.get(field.name)) for field in self.fields}

    def dump(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Return what is stored of values."""
        return {field.name: field.dump(values[field.name]) for field in self.fields}

    def has_dates(self) -> bool:
        """Return whether items can be put in order by date."""
        return any(isinstance(field, Date) for field in self.fields) and not self.is_single

    def says_nothing(self, values: Mapping[str, Value]) -> bool:
        """Return whether every field is empty."""
        return all(values.get(field.name, field.empty) == field.empty for field in self.fields)

    def date_key(self, values: Mapping[str, Value]) -> tuple[PartialDate, PartialDate]:
        """Return what items are put in order by: the newest have the greatest, before them those that still last."""
        start, end = (
            date if isinstance(date, PartialDate) else PartialDate(0) for date in map(values.get, ("start", "end"))
        )
        if not self.ends_now:
            return start, end
        return PartialDate(9999) if start.year and not end.year else end, start
