"""
Who may see what, and who may change it. Pure rules: no database, no request, no LMS.

Everything that shows a learner's data asks here (page, API and whatever else comes), and the doors
gather the facts. An audience names the widest circle that may see a section; a viewer's standing
is the narrowest circle they belong to. Circles are nested, so one comparison decides. Whoever
holds a secret link belongs to no circle: they see what the link names.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


class Audience(enum.IntEnum):
    """The five circles, from narrow to wide. Site administrators count as ``ONLY_ME``."""

    ONLY_ME = 0
    COURSE_STAFF = 1
    CONNECTED = 2
    SIGNED_IN = 3
    EVERYONE = 4


class Section(enum.StrEnum):
    """The boxes of a portfolio, from the top. ``HEADER`` (photo, name, headline) bounds the page as a whole."""

    HEADER = "header"
    CONTACT = "contact"
    WORK_PREFERENCES = "work_preferences"
    ABOUT = "about"
    LEARNING_TIME = "learning_time"
    COURSES = "courses"
    SKILLS = "skills"
    WORK_EXPERIENCE = "work_experience"
    PROJECTS = "projects"
    EDUCATION = "education"
    CERTIFICATIONS = "certifications"
    OTHER_COURSES = "other_courses"
    VOLUNTEERING = "volunteering"
    PUBLICATIONS = "publications"
    HONOURS = "honours"
    MEMBERSHIPS = "memberships"
    LANGUAGES = "languages"
    LINKS = "links"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class SectionRule:
    """
    What the operator laid down for one section.

    Attributes:
        is_enabled: switched off, nobody sees it, the owner neither.
        is_locked: the learner can change neither what it says nor who sees it.
        default_audience: holds where the learner chose none.
        max_items: how many items it may have.
        is_required: it has to be filled before the portfolio can be published.
    """

    is_enabled: bool = True
    is_locked: bool = False
    default_audience: Audience = Audience.EVERYONE
    max_items: int = 50
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """
    What the rules need to know of the learner whose portfolio it is; a section without a rule is off.

    Attributes:
        is_minor: or of an age that the platform requires and does not know.
        published_as_minor: was one when they agreed to be shown. A birthday is no word of theirs.
    """

    is_closed: bool
    is_minor: bool
    is_published: bool
    audiences: Mapping[Section, Audience]
    rules: Mapping[Section, SectionRule]
    published_as_minor: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """
    Who looks.

    Attributes:
        standing: the narrowest circle that they belong to.
        link: the sections that the secret link names through which they came; None if through none.
            A link that is expired or revoked is nobody's way in, and never gets here.
    """

    standing: Audience
    link: Collection[Section] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one viewer sees: the sections, and in them the hidden items too or not. No sections: no page."""

    sections: frozenset[Section] = field(default=frozenset())
    shows_hidden_items: bool = False


def widest_audience(owner: Owner) -> Audience:
    """
    Return the circle beyond which nothing of this learner is shown, whatever they chose.

    A closed account and an unpublished profile stay with the learner; a minor, or somebody who was
    one when they published, goes no further than their course staff.
    """
    if owner.is_closed or not owner.is_published:
        return Audience.ONLY_ME
    if owner.is_minor or owner.published_as_minor:
        return Audience.COURSE_STAFF
    return Audience.EVERYONE


def chosen_audience(owner: Owner, section: Section) -> Audience:
    """
    Return the section's own audience: the learner's choice, or the operator's default.

    In a locked section the operator's default holds, except for what the learner keeps from it:
    a lock never shows more than the learner once said.
    """
    rule = owner.rules[section]
    choice = owner.audiences.get(section, rule.default_audience)
    return min(choice, rule.default_audience) if rule.is_locked else choice


def effective_audience(owner: Owner, section: Section) -> Audience:
    """Return who sees the section: its own audience, within the page's and the widest. The section must be on."""
    page = chosen_audience(owner, Section.HEADER)
    return min(chosen_audience(owner, section), page, widest_audience(owner))


def view(owner: Owner, viewer: Viewer) -> View:
    """Return what the viewer sees of the owner's portfolio. Hidden items are for ``ONLY_ME`` alone."""
    enabled = [section for section in Section if section in owner.rules and owner.rules[section].is_enabled]
    if viewer.link is not None:
        return View(_linked_sections(owner, viewer.link, enabled))
    if Section.HEADER not in enabled:
        return View()
    sections = frozenset(section for section in enabled if effective_audience(owner, section) >= viewer.standing)
    return View(sections, shows_hidden_items=viewer.standing is Audience.ONLY_ME)


def may_link(owner: Owner) -> bool:
    """Return whether secret links of this learner lead anywhere: whoever holds one may be anybody."""
    return not owner.is_closed and not owner.is_minor


def may_edit(owner: Owner, section: Section) -> bool:
    """Return whether the learner can change what the section says and who sees it."""
    rule = owner.rules.get(section)
    return rule is not None and rule.is_enabled and not rule.is_locked and not owner.is_closed


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


def _linked_sections(owner: Owner, named: Collection[Section], enabled: Collection[Section]) -> frozenset[Section]:
    """Return what a secret link shows: what it names, and the header, published or not; no more than locks allow."""
    if not may_link(owner) or Section.HEADER not in enabled:
        return frozenset()
    wanted = {Section.HEADER, *named}
    shown = frozenset(section for section in enabled if section in wanted and _is_open(owner, section))
    return shown if Section.HEADER in shown else frozenset()


def _is_open(owner: Owner, section: Section) -> bool:
    """Return whether no lock keeps the section from everyone."""
    return not owner.rules[section].is_locked or chosen_audience(owner, section) is Audience.EVERYONE
