"""
Who may see what: every combination of facts, against the rules in other words.

The rules are told here by naming people. A person is one of five: the learner ("self", and with
them whoever administers the site), "staff" of one of their courses, a "classmate", somebody else
who is signed in ("stranger"), and a "passer-by" on the web.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

import pytest

from learner_profile_plugin.access import (
    DEFAULT_AUDIENCE,
    Audience,
    Owner,
    Section,
    effective_audience,
    standing_of,
    visible_sections,
    widest_audience,
)

STANDINGS = {
    "self": Audience.ONLY_ME,
    "staff": Audience.COURSE_STAFF,
    "classmate": Audience.CONNECTED,
    "stranger": Audience.SIGNED_IN,
    "passer-by": Audience.EVERYONE,
}
INVITED = {
    Audience.ONLY_ME: {"self"},
    Audience.COURSE_STAFF: {"self", "staff"},
    Audience.CONNECTED: {"self", "staff", "classmate"},
    Audience.SIGNED_IN: {"self", "staff", "classmate", "stranger"},
    Audience.EVERYONE: {"self", "staff", "classmate", "stranger", "passer-by"},
    None: {"self", "staff", "classmate", "stranger", "passer-by"},
}
CHOICES = [*Audience, None]
BOOLEANS = [False, True]


def may_see(owner: Owner, person: str, section: Section) -> bool:
    """Tell the rules: oneself sees all; others only what is out, not too far for a child, and meant for them."""
    if person == "self":
        return True
    if owner.is_closed:
        return False
    if not owner.is_published:
        return False
    if owner.is_minor and person != "staff":
        return False
    is_invited_to_page = person in INVITED[owner.audiences.get(Section.HEADER)]
    return is_invited_to_page and person in INVITED[owner.audiences.get(section)]


def owner_with(
    section: Section,
    choice: Audience | None,
    page: Audience | None,
    *,
    is_closed: bool = False,
    is_minor: bool = False,
    is_published: bool = True,
) -> Owner:
    chosen = {Section.HEADER: page, section: choice}
    if section is Section.HEADER:
        chosen = {Section.HEADER: page}
    audiences = {of: audience for of, audience in chosen.items() if audience is not None}
    return Owner(is_closed=is_closed, is_minor=is_minor, is_published=is_published, audiences=audiences)


COMBINATIONS = [
    (owner_with(section, choice, page, is_closed=closed, is_minor=minor, is_published=published), section)
    for section, choice, page, closed, minor, published in product(
        Section, CHOICES, CHOICES, BOOLEANS, BOOLEANS, BOOLEANS
    )
]


@pytest.mark.parametrize("person", STANDINGS)
def test_every_combination_is_decided_as_the_rules_say(person: str) -> None:
    wrong = [
        (owner, section)
        for owner, section in COMBINATIONS
        if (section in visible_sections(owner, STANDINGS[person])) != may_see(owner, person, section)
    ]
    assert len(COMBINATIONS) == 6 * 6 * 6 * 8
    assert wrong == []


def test_the_choice_for_one_section_leaves_the_others_alone() -> None:
    for choice, standing in product(Audience, Audience):
        seen = visible_sections(owner_with(Section.ABOUT, choice, None), standing)
        assert seen - {Section.ABOUT} == frozenset(Section) - {Section.ABOUT}


def test_the_effective_audience_is_the_widest_circle_that_sees_the_section() -> None:
    for owner, section in COMBINATIONS:
        seeing = [standing for person, standing in STANDINGS.items() if may_see(owner, person, section)]
        assert effective_audience(owner, section) is max(seeing)
        assert isinstance(effective_audience(owner, section), Audience)


def test_a_narrower_standing_sees_at_least_what_a_wider_one_sees() -> None:
    for owner, _ in COMBINATIONS:
        seen = [visible_sections(owner, standing) for standing in sorted(Audience)]
        assert all(wider <= narrower for narrower, wider in pairwise(seen))


def test_a_wider_choice_is_never_seen_by_fewer() -> None:
    for section, page, standing in product(Section, Audience, Audience):
        seen = [section in visible_sections(owner_with(section, choice, page), standing) for choice in sorted(Audience)]
        assert seen == sorted(seen)


def test_who_does_not_see_the_header_sees_nothing() -> None:
    for owner, _ in COMBINATIONS:
        for standing in Audience:
            seen = visible_sections(owner, standing)
            assert not seen or Section.HEADER in seen


@pytest.mark.parametrize(
    ("closed", "minor", "published", "widest"),
    [
        (False, False, True, Audience.EVERYONE),
        (False, True, True, Audience.COURSE_STAFF),
        (False, False, False, Audience.ONLY_ME),
        (False, True, False, Audience.ONLY_ME),
        (True, False, True, Audience.ONLY_ME),
        (True, True, True, Audience.ONLY_ME),
        (True, False, False, Audience.ONLY_ME),
        (True, True, False, Audience.ONLY_ME),
    ],
)
def test_nothing_goes_beyond_what_the_account_allows(
    closed: bool, minor: bool, published: bool, widest: Audience
) -> None:
    assert widest_audience(Owner(closed, minor, published, {})) is widest


def test_a_section_without_a_choice_is_for_everyone_once_published() -> None:
    assert DEFAULT_AUDIENCE is Audience.EVERYONE
    assert visible_sections(Owner(False, False, True, {}), Audience.EVERYONE) == frozenset(Section)


def test_numbers_and_names_that_are_stored_do_not_change() -> None:
    assert {audience.name: audience.value for audience in Audience} == {
        "ONLY_ME": 0,
        "COURSE_STAFF": 1,
        "CONNECTED": 2,
        "SIGNED_IN": 3,
        "EVERYONE": 4,
    }
    assert {section.name: section.value for section in Section} == {
        "HEADER": "header",
        "LEARNING_TIME": "learning_time",
        "COURSES": "courses",
        "ABOUT": "about",
        "WORK_EXPERIENCE": "work_experience",
        "LINKS": "links",
    }


def answering(name: str, value: bool, asked: list[str]) -> Callable[[], bool]:
    """Return what answers a question, and notes that it was asked."""

    def answer() -> bool:
        asked.append(name)
        return value

    return answer


def test_standing_is_the_narrowest_circle_and_costly_facts_are_asked_for_only_when_they_decide() -> None:
    for is_owner, is_admin, teaches, shares in product(BOOLEANS, repeat=4):
        asked: list[str] = []
        standing = standing_of(
            is_owner=is_owner,
            is_site_admin=is_admin,
            teaches_owner=answering("teaches", teaches, asked),
            shares_course=answering("shares", shares, asked),
        )
        if is_owner or is_admin:
            expected, needed = Audience.ONLY_ME, []
        elif teaches:
            expected, needed = Audience.COURSE_STAFF, ["teaches"]
        else:
            expected, needed = (Audience.CONNECTED if shares else Audience.SIGNED_IN), ["teaches", "shares"]
        assert (standing, asked) == (expected, needed)
