"""Checks what was entered for an item, from whichever door it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from learner_profile_plugin.profile_fields.data import InvalidItemError, PartialDate, Value
from learner_profile_plugin.profile_fields.kind import Kind


def clean_values(kind: Kind, entered: Mapping[str, Any]) -> dict[str, Value]:
    """
    Return the values of an item from what was entered; a field that is left out is empty.

    Raises:
        InvalidItemError: with all that is wrong, by field.
    """
    messages: dict[str, list[str]] = {}
    if entered.keys() - {field.name for field in kind.fields}:
        # Which one is not said: a name that somebody sends can be anything, and of any length.
        names = ", ".join(field.name for field in kind.fields)
        messages[""] = [_("There are fields that are unknown here. The known ones are: %(names)s.") % {"names": names}]
    values: dict[str, Value] = {}
    for field in kind.fields:
        try:
            values[field.name] = field.clean(entered.get(field.name))
        except ValidationError as error:
            messages[field.name] = list(error.messages)
    for name, message in contradictions(kind, values).items():
        messages.setdefault(name, []).append(message)
    if messages:
        raise InvalidItemError(messages)
    return values


def contradictions(kind: Kind, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong between fields that are right by themselves, by field; ``""`` stands for the whole."""
    start, end = values.get("start"), values.get("end")
    found = {}
    if isinstance(start, PartialDate) and isinstance(end, PartialDate) and end.surely_before(start):
        found["end"] = _("The end lies before the start.")
    if kind.says_nothing(values) and len(values) == len(kind.fields):
        found[""] = _("Fill in at least one field.")
    return found
