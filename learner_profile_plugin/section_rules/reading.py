"""
Reads rules as operators write them. One reading says both what holds and what is wrong.

What is wrong does not hold, and the rest does. What is there to keep something from others errs to
the narrow side: if it cannot be read, it counts as the narrowest that could have been meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from reprlib import repr as short
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.section_rules.data import MOST_ITEMS, RECORDED, Problem, ProblemKind

AUDIENCES = {audience.name.lower(): audience for audience in Audience}
SECTIONS = {section.value: section for section in Section}


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a configuration comes to: values by section and field of a rule, and what is wrong.

    A field that is not named is left as it was.
    """

    values: Mapping[Section, Mapping[str, Any]]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    """
    What can be written for a section.

    Attributes:
        field: of a rule.
        value_of: returns the value of what is written; raises ``ValueError`` if it is none.
        takes: what can be written, in words.
        narrowest: what counts where it cannot be read; None for what keeps nothing from anybody.
    """

    field: str
    value_of: Callable[[Any], Any]
    takes: Promise
    narrowest: Any = None


def _flag(written: Any) -> bool:
    if not isinstance(written, bool):
        raise ValueError
    return written


def _number(written: Any) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise ValueError
    return written


def _audience(written: Any) -> Audience:
    if not isinstance(written, str) or written not in AUDIENCES:
        raise ValueError
    return AUDIENCES[written]


_FLAG = gettext_lazy("true or false")
_NUMBER = gettext_lazy("a whole number, 1 or more")
_AUDIENCE = gettext_lazy("only_me, course_staff, connected, signed_in or everyone")

KEYS: Mapping[str, _Key] = {
    "enabled": _Key("is_enabled", _flag, _FLAG, narrowest=False),
    "locked": _Key("is_locked", _flag, _FLAG, narrowest=True),
    "required": _Key("is_required", _flag, _FLAG),
    "default_audience": _Key("default_audience", _audience, _AUDIENCE, narrowest=Audience.ONLY_ME),
    "max_items": _Key("max_items", _number, _NUMBER),
}


def read(configuration: Any) -> Reading:
    """Return what a configuration (names of sections to what holds for each) comes to. Takes anything, never raises."""
    if not isinstance(configuration, Mapping):
        return Reading({section: _narrowest(section) for section in Section}, (_no_dictionary("", configuration),))
    values: dict[Section, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for name, entry in configuration.items():
        section = SECTIONS.get(name)
        if section is None:
            text = _("There is no section of this name, and nothing holds of what is said for it.")
            hint = _("The sections are: %(names)s.") % {"names": ", ".join(SECTIONS)}
            problems.append(Problem(ProblemKind.UNKNOWN_SECTION, short(name), "", text, hint))
        else:
            values[section], found = _read_entry(section, entry)
            problems += found
    return Reading(values, tuple(problems))


def _read_entry(section: Section, entry: Any) -> tuple[Mapping[str, Any], list[Problem]]:
    if not isinstance(entry, Mapping):
        return _narrowest(section), [_no_dictionary(section.value, entry)]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, written in entry.items():
        key = KEYS.get(name)
        if key is None:
            problems.append(_unknown_key(section, name))
            continue
        try:
            value = key.value_of(written)
        except ValueError:
            problems.append(_unreadable(section, key, name, written))
            if key.field in _narrowest(section):
                values[key.field] = key.narrowest
            continue
        impossible = _impossible(section, key.field, value)
        if impossible:
            problems.append(impossible)
        else:
            values[key.field] = value
    if values.get("is_required") and (values.get("is_locked") or values.get("is_enabled") is False):
        text = _("The section is required, and nobody can fill it: it is locked or switched off.")
        problems.append(
            Problem(ProblemKind.IN_VAIN, section.value, "is_required", text, _("Do without one of the two."))
        )
    return values, problems


def _narrowest(section: Section) -> dict[str, Any]:
    """Return what counts where nothing can be read."""
    values = {key.field: key.narrowest for key in KEYS.values() if key.narrowest is not None}
    if section is Section.HEADER:
        del values["is_enabled"]
    return values


def _no_dictionary(section: str, written: Any) -> Problem:
    text = _("%(written)s is no dictionary, and counts as switched off, locked and seen by nobody else.")
    hint = _("Write, for example: %(example)s.")
    entry = {"default_audience": "signed_in"}
    example = entry if section else {"contact": entry}
    return Problem(
        ProblemKind.NO_DICTIONARY, section, "", text % {"written": short(written)}, hint % {"example": repr(example)}
    )


def _unknown_key(section: Section, name: Any) -> Problem:
    text = _("%(name)s is nothing that can be said for a section, and does not hold.") % {"name": short(name)}
    hint = _("What can be said is: %(names)s.") % {"names": ", ".join(KEYS)}
    return Problem(ProblemKind.UNKNOWN_KEY, section.value, "", text, hint)


def _unreadable(section: Section, key: _Key, name: str, written: Any) -> Problem:
    text = _("%(name)s cannot be %(written)s.") % {"name": name, "written": short(written)}
    hint = _("It takes %(values)s.") % {"values": key.takes}
    return Problem(ProblemKind.UNREADABLE, section.value, key.field, text, hint)


def _impossible(section: Section, field: str, value: Any) -> Problem | None:
    if section is Section.HEADER and field == "is_enabled" and not value:
        text = _("The head of the page cannot be switched off.")
        hint = _("Set its default_audience to only_me, and lock it, to keep whole portfolios to their learners.")
    elif section in RECORDED and field == "max_items":
        text = _("What the section shows is recorded, and has no items to limit.")
        hint = _("Leave it out.")
    elif section in RECORDED and field == "is_required" and value:
        text = _("What the section shows is recorded: nobody can be asked to fill it.")
        hint = _("Leave it out.")
    elif field == "max_items" and value > MOST_ITEMS[section]:
        text = _("There cannot be as many as %(number)d items in this section.") % {"number": value}
        hint = _("The most that it takes is %(most)d.") % {"most": MOST_ITEMS[section]}
    else:
        return None
    return Problem(ProblemKind.IMPOSSIBLE, section.value, field, text, hint)
