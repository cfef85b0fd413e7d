"""An item of every kind: what somebody types, and what the page then says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item

TYPED: dict[Section, dict[str, Any]] = {
    Section.HEADER: {"headline": "Keeps engines thinking", "location": "London", "pronouns": "she/her"},
    Section.CONTACT: {"show_email": "on"},
    Section.WORK_PREFERENCES: {
        "roles": "Analyst\r\nBridge builder",
        "about_role": "Something with *numbers*",
        "places": "London\r\nTurin",
        "arrangements": ["hybrid", "remote"],
        "employment": ["contract"],
        "start_month": "9",
        "start_year": "2030",
        "relocation": "maybe",
        "authorisation": "UK citizen",
        "openness": "actively",
    },
    Section.ABOUT: {"text": "I like **engines**.\r\n\r\nAnd notes."},
    Section.SKILLS: {"name": "Analysis", "level": "expert"},
    Section.WORK_EXPERIENCE: {
        "title": "Chief analyst",
        "employer": "Babbage & Co",
        "employment": "part_time",
        "location": "Marylebone",
        "arrangement": "hybrid",
        "start_month": "3",
        "start_year": "2019",
        "end_day": "5",
        "end_month": "4",
        "end_year": "2021",
        "description": "Wrote _notes_.",
        "url": "babbage.example/engine",
    },
    Section.PROJECTS: {
        "title": "Note G",
        "role": "Author",
        "start_year": "2020",
        "url": "https://github.com/ada/note-g",
        "description": "Numbers of *Bernoulli*.",
        "skills": "Algebra\r\nPatience",
    },
    Section.EDUCATION: {
        "school": "Lessons of Mrs Somerville",
        "degree": "None needed",
        "field_of_study": "Mathematics",
        "grade": "1.0",
        "start_year": "2010",
        "end_month": "6",
        "end_year": "2014",
        "activities": "Chess and flying",
        "description": "By *letter*.",
    },
    Section.CERTIFICATIONS: {
        "name": "Steam license",
        "issuer": "Royal Society",
        "start_month": "5",
        "start_year": "2018",
        "end_year": "2031",
        "credential_id": "RS-1815",
        "url": "https://society.example/1815",
    },
    Section.OTHER_COURSES: {
        "name": "Weaving by card",
        "provider": "Jacquard school",
        "number": "JAC 101",
        "start_year": "2016",
        "url": "https://jacquard.example",
        "description": "Looms and *cards*.",
    },
    Section.VOLUNTEERING: {
        "role": "Reader",
        "organisation": "Marine library",
        "cause": "Literacy",
        "start_year": "2015",
        "description": "To *sailors*.",
    },
    Section.PUBLICATIONS: {
        "title": "Sketch of the engine",
        "publisher": "Scientific memoirs",
        "authors": "L. F. Menabrea\r\nA. A. L.",
        "start_month": "9",
        "start_year": "2017",
        "url": "https://memoirs.example/sketch",
        "description": "With *notes*.",
    },
    Section.HONOURS: {
        "title": "Medal of numbers",
        "issuer": "Town of Turin",
        "start_year": "2021",
        "description": "For *Note G*.",
    },
    Section.MEMBERSHIPS: {
        "organisation": "Analytical society",
        "role": "Secretary",
        "start_year": "2012",
        "end_year": "2013",
        "description": "Kept the *minutes*.",
    },
    Section.LANGUAGES: {"name": "French", "proficiency": "full_professional"},
    Section.LINKS: {"url": "https://orcid.org/0000-0001", "label": "My papers"},
    Section.RESUME: {"url": "https://files.example/ada.pdf"},
}

SHOWN: Mapping[Section, tuple[str, ...]] = {
    Section.HEADER: ("Keeps engines thinking", "London", "(she/her)"),
    Section.CONTACT: ("ada@example.org",),
    Section.WORK_PREFERENCES: (
        "Analyst and Bridge builder",
        "Something with *numbers*",
        "London and Turin",
        "Hybrid and Remote",
        "Contract",
        "September 2030",
        "May move for the right role",
        "UK citizen",
        "Actively looking for work",
    ),
    Section.ABOUT: ("I like engines.", "And notes."),
    Section.SKILLS: ("Analysis", "Expert"),
    Section.WORK_EXPERIENCE: (
        "Chief analyst",
        "Babbage & Co",
        "Part-time",
        "Marylebone",
        "Hybrid",
        "March 2019 \N{EN DASH} April 5, 2021",
        "Wrote notes.",
        "babbage.example/engine",
    ),
    Section.PROJECTS: (
        "Note G",
        "Author",
        "2020 \N{EN DASH} present",
        "On GitHub",
        "Numbers of Bernoulli.",
        "Algebra",
        "Patience",
    ),
    Section.EDUCATION: (
        "Lessons of Mrs Somerville",
        "None needed",
        "Mathematics",
        "Grade1.0",
        "2010 \N{EN DASH} June 2014",
        "Activities and societiesChess and flying",
        "By letter.",
    ),
    Section.CERTIFICATIONS: (
        "Steam license",
        "Royal Society",
        "Issued May 2018 · Expires 2031",
        "Credential numberRS-1815",
        "society.example/1815",
    ),
    Section.OTHER_COURSES: ("Weaving by card", "Jacquard school", "JAC 101", "2016", "jacquard.example", "and cards."),
    Section.VOLUNTEERING: ("Reader", "Marine library", "Literacy", "2015 \N{EN DASH} present", "To sailors."),
    Section.PUBLICATIONS: (
        "Sketch of the engine",
        "Scientific memoirs",
        "L. F. Menabrea and A. A. L.",
        "September 2017",
        "memoirs.example/sketch",
        "With notes.",
    ),
    Section.HONOURS: ("Medal of numbers", "Town of Turin", "2021", "For Note G."),
    Section.MEMBERSHIPS: (
        "Analytical society",
        "Secretary",
        "2012 \N{EN DASH} 2013",
        "Kept the minutes.",
    ),
    Section.LANGUAGES: ("French", "Full professional proficiency"),
    Section.LINKS: ("My papers", "ORCID"),
    Section.RESUME: ("Open the resume", "files.example/ada.pdf"),
}
"""Texts of the box, as one who reads the page has them; all of what was typed is among them."""


def typed(section: Section, **changes: Any) -> dict[str, Any]:
    """Return what is typed into the form of a section, by the names of its boxes."""
    return {f"f-{name}": value for name, value in (TYPED[section] | changes).items()}


def add(user_id: int, section: Section, *, is_hidden: bool = False, **changes: Any) -> Item:
    """Add the item of the table to a section, by the door that page and API share."""
    values = TYPED[section] | changes
    entered = {field.name: _entered(values, field) for field in profile_fields.KINDS[section].fields}
    return profile_fields.add_item(user_id, section, entered, is_hidden=is_hidden)


def _entered(values: Mapping[str, Any], field: Any) -> Any:
    """Return what a program sends where somebody types the same."""
    value = values.get(field.name)
    if isinstance(field.empty, bool):
        return bool(value)
    if isinstance(field.empty, tuple):
        return value.split("\r\n") if isinstance(value, str) else value
    if field.empty is None:
        parts = [values.get(f"{field.name}_{part}", "") for part in ("year", "month", "day")]
        return "-".join(f"{part:0>2}" for part in parts if part) or None
    return value
