"""
Who may see what. Pure rules: no database, no request, no LMS.

Everything that shows a learner's data asks here (page, API and whatever else comes), and the doors
gather the facts. An audience names the widest circle that may see a section; a viewer's standing
is the narrowest circle they belong to. Circles are nested, so one comparison decides.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class Audience(enum.IntEnum):
    """The five circles, from narrow to wide. Site administrators count as ``ONLY_ME``."""

    ONLY_ME = 0
    COURSE_STAFF = 1
    CONNECTED = 2
    SIGNED_IN = 3
    EVERYONE = 4


class Section(enum.StrEnum):
    """The boxes of a portfolio. ``HEADER`` (photo, name, headline) bounds the page as a whole."""

    HEADER = "header"
    LEARNING_TIME = "learning_time"
    COURSES = "courses"
    ABOUT = "about"
    WORK_EXPERIENCE = "work_experience"
    LINKS = "links"


DEFAULT_AUDIENCE = Audience.EVERYONE
"""A section's audience where the learner chose none. Nothing is shown before they publish."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What the rules need to know of the learner whose portfolio it is."""

    is_closed: bool
    is_minor: bool
    is_published: bool
    audiences: Mapping[Section, Audience]


def widest_audience(owner: Owner) -> Audience:
    """
    Return the circle beyond which nothing of this learner is shown, whatever they chose.

    A closed account and an unpublished profile stay with the learner; a minor (or somebody whose
    age the platform requires and does not know) goes no further than their course staff.
    """
    if owner.is_closed or not owner.is_published:
        return Audience.ONLY_ME
    if owner.is_minor:
        return Audience.COURSE_STAFF
    return Audience.EVERYONE


def effective_audience(owner: Owner, section: Section) -> Audience:
    """Return who sees the section: the learner's choice, within the page's and the widest audience."""
    return min(
        owner.audiences.get(section, DEFAULT_AUDIENCE),
        owner.audiences.get(Section.HEADER, DEFAULT_AUDIENCE),
        widest_audience(owner),
    )


def visible_sections(owner: Owner, standing: Audience) -> frozenset[Section]:
    """Return the sections that a viewer of this standing sees; none means: there is no page."""
    return frozenset(section for section in Section if effective_audience(owner, section) >= standing)


def standing_of(
    *,
    is_owner: bool,
    is_site_admin: bool,
    teaches_owner: Callable[[], bool],
    shares_course: Callable[[], bool],
) -> Audience:
    """
    Return the narrowest circle that a signed-in viewer belongs to; a visitor's is ``EVERYONE``.

    The last two facts may cost queries, so they are asked for only when they decide.
    """
    if is_owner or is_site_admin:
        return Audience.ONLY_ME
    if teaches_owner():
        return Audience.COURSE_STAFF
    if shares_course():
        return Audience.CONNECTED
    return Audience.SIGNED_IN
