"""What is entered into each field of each kind, and how a visitor finds it on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override
from playwright.sync_api import Locator

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.profile_fields.data import PartialDate
from learner_profile_plugin.profile_fields.field_types import Address, Choice, Choices, Date, FieldType, Flag
from learner_profile_plugin.profile_fields.kinds import KINDS

# As the API has them: codes of choices, dates as text.
SAMPLES: Mapping[Section, Mapping[str, Any]] = {
    Section.HEADER: {
        "headline": "Builder of quiet machines",
        "location": "Porto, Portugal",
        "pronouns": "they/them",
    },
    Section.CONTACT: {"show_email": True},
    Section.WORK_PREFERENCES: {
        "roles": ["Toolmaker", "Instrument maker"],
        "about_role": "A workshop with windows.",
        "places": ["Porto", "Vigo"],
        "arrangements": ["on_site", "hybrid"],
        "employment": ["part_time", "freelance"],
        "start": "2031-04-05",
        "relocation": "maybe",
        "authorisation": "Citizen of the EU",
        "openness": "actively",
    },
    Section.ABOUT: {"text": "I listen to **machines** first."},
    Section.SKILLS: {"name": "Turning on the lathe", "level": "expert"},
    Section.WORK_EXPERIENCE: {
        "title": "Fine mechanic",
        "employer": "Clockwork Cooperative",
        "employment": "full_time",
        "location": "Braga",
        "arrangement": "on_site",
        "start": "2019-03",
        "end": "2022-08-31",
        "description": "Repaired *tower clocks*.",
        "url": "https://clockwork.example.org/",
    },
    Section.PROJECTS: {
        "title": "A clock for the harbour",
        "role": "Designer of the movement",
        "start": "2020",
        "end": "2021-02",
        "url": "https://harbour-clock.example.org/plans",
        "description": "It strikes at high tide.",
        "skills": ["Gear cutting", "Patience"],
    },
    Section.EDUCATION: {
        "school": "School of Fine Mechanics",
        "degree": "Journeyman's certificate",
        "field_of_study": "Clockmaking",
        "grade": "With distinction",
        "start": "2014-09",
        "end": "2017-07",
        "activities": "Rowing club",
        "description": "Three winters of filing.",
    },
    Section.CERTIFICATIONS: {
        "name": "Welding licence B",
        "issuer": "Guild of Welders",
        "start": "2021-05-06",
        "end": "2031-05",
        "credential_id": "WELD-77",
        "url": "https://guild.example.org/WELD-77",
    },
    Section.OTHER_COURSES: {
        "name": "Reading old drawings",
        "provider": "Summer Academy of Crafts",
        "number": "CRAFT-9",
        "start": "2018-07",
        "url": "https://crafts.example.org/drawings",
        "description": "Mostly staircases.",
    },
    Section.VOLUNTEERING: {
        "role": "Repair cafe host",
        "organisation": "Second Life Society",
        "cause": "Less waste",
        "start": "2016",
        "end": "2018-12",
        "description": "Toasters, mainly.",
    },
    Section.PUBLICATIONS: {
        "title": "On the silence of gears",
        "publisher": "Journal of Small Wheels",
        "authors": ["G. Number", "A. Helper"],
        "start": "2022-11-12",
        "url": "https://wheels.example.org/silence",
        "description": "With forty figures.",
    },
    Section.HONOURS: {
        "title": "Golden Screwdriver",
        "issuer": "City of Porto",
        "start": "2023-01",
        "description": "For the harbour clock.",
    },
    Section.MEMBERSHIPS: {
        "organisation": "Friends of the Tower Clock",
        "role": "Treasurer",
        "start": "2015",
        "end": "2020-06",
        "description": "Dues and oil.",
    },
    Section.LANGUAGES: {"name": "Galician", "proficiency": "full_professional"},
    Section.LINKS: {"url": "https://guest.example.org/photos", "label": "Photographs of clocks"},
    Section.RESUME: {"url": "https://guest.example.org/resume.pdf"},
}
# A second item, to be put in order with the first.
SECOND: Mapping[Section, Mapping[str, Any]] = {
    section: {
        field.name: "2009"
        if isinstance(field, Date)
        else "https://second.example.org/"
        if isinstance(field, Address)
        # What is typed here reads nowhere like the first.
        else "Zither"
        for field in kind.fields
        if field.is_required
    }
    for section, kind in KINDS.items()
    if not kind.is_single
}


def finds(box: Locator, field: FieldType[Any], value: Any, language: str) -> list[Locator]:
    """Return where a visitor finds a value in the box of its section."""
    if isinstance(field, Address):
        return [box.locator(f'a[href="{value}"]')]
    return [box.get_by_text(text).first for text in _texts(field, value, language)]


def _texts(field: FieldType[Any], value: Any, language: str) -> list[str]:
    with override(language or "en"):
        if isinstance(field, Date):
            return [wording.partial_date(PartialDate.parse(value))]
        if isinstance(field, Choice | Choices):
            return [str(field.choices[code]) for code in ([value] if isinstance(value, str) else value)]
    if isinstance(field, Flag):
        return ["@example.org"]
    # Markdown is gone from what is read.
    return [text.replace("*", "") for text in ([value] if isinstance(value, str) else value)]
