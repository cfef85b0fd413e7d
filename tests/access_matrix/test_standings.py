"""
Who is connected with a learner, and who is staff of their course: every pair of enrolments and every role.

Two learners are connected while both take the same run. Staff of a run stay staff of whoever ever took it.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import enrolment, roles
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.access_matrix.states import WIDTHS
from tests.access_matrix.world import World
from tests.conftest import NOW, CourseFactory, PersonFactory

ENROLMENTS = ("never", "ended", "taken up again", "active")
ACTIVE = {"taken up again", "active"}
ROLES = {
    None: False,
    "staff": True,
    "instructor": True,
    "beta_testers": False,
    "data_researcher": False,
    "finance_admin": False,
}
# Of the portfolio of these tests: which section goes how far, and the field by which it is recognised.
SECTIONS = {
    Audience.ONLY_ME: (Section.RESUME, "url"),
    Audience.COURSE_STAFF: (Section.LINKS, "url"),
    Audience.CONNECTED: (Section.ABOUT, "text"),
    Audience.SIGNED_IN: (Section.SKILLS, "name"),
    Audience.EVERYONE: (Section.HONOURS, "title"),
}


@pytest.fixture
def published(person: PersonFactory, settings: Any) -> User:
    """Make somebody who shows each circle another section; whoever sees it belongs to the circle."""
    owner = person("ada", name="Ada Lovelace")
    settings.LEARNER_PROFILE_SECTIONS = {"learning_time": {"enabled": False}, "courses": {"enabled": False}}
    for audience, (section, field) in SECTIONS.items():
        profile_fields.add_item(owner.pk, section, {field: f"https://example.org/trace-{section}"})
        profile_fields.set_audiences(owner.pk, {section: audience})
    profile_fields.publish(owner.pk, text="Show it.", audiences={}, at=NOW)
    return owner


def circle_of(world: World, viewer: str) -> str:
    """Return the circle that somebody belongs to, from what the page shows them."""
    _status, body = world.page(viewer)
    seen = [audience for audience, (section, _field) in SECTIONS.items() if f"trace-{section}" in body]
    return WIDTHS[min(seen)]


def bring_into(user: User, key: CourseKey, which: str) -> None:
    if which != "never":
        enrolment.enrol(user, key, at=NOW)
    if which in {"ended", "taken up again"}:
        enrolment.unenrol(user, key, at=NOW)
    if which == "taken up again":
        enrolment.enrol(user, key, at=NOW)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_pair_of_enrolments_beside_every_role(
    published: User, person: PersonFactory, course: CourseFactory, role: str | None
) -> None:
    wrong = []
    with time_machine.travel(NOW):
        for number, (owners, viewers) in enumerate(product(ENROLMENTS, ENROLMENTS)):
            key, viewer = course(f"Run{number}"), person(f"viewer{number}")
            bring_into(published, key, owners)
            bring_into(viewer, key, viewers)
            if role is not None:
                roles.grant(viewer, key, role, at=NOW)
            expected = "signed in"
            if owners in ACTIVE and viewers in ACTIVE:
                expected = "connected"
            if ROLES[role] and owners != "never":
                expected = "staff"
            found = circle_of(World(published, {"viewer": viewer}.get, course=key), "viewer")
            if found != expected:
                wrong.append((owners, viewers, found, expected))
    assert wrong == []


def test_a_role_that_was_taken_back_and_a_run_that_is_another_s_make_no_staff(
    published: User, person: PersonFactory, course: CourseFactory
) -> None:
    boats, sails = course("Boats"), course("Sails")
    enrolment.enrol(published, boats, at=NOW)
    former, elsewhere = person("former"), person("elsewhere")
    roles.grant(former, boats, at=NOW)
    roles.grant(elsewhere, sails, at=NOW)
    world = World(published, {"former": former, "elsewhere": elsewhere}.get, course=boats)
    assert circle_of(world, "former") == "staff"
    roles.revoke(former, boats, at=NOW)
    assert circle_of(world, "former") == circle_of(world, "elsewhere") == "signed in"


@pytest.mark.parametrize(
    ("fields", "is_enrolled", "circle"),
    [
        ({"is_staff": True}, True, "staff"),
        ({"is_staff": True}, False, "signed in"),
        ({"is_superuser": True}, False, "self"),
        ({}, True, "signed in"),
    ],
)
def test_staff_of_the_site_is_staff_of_every_course_but_needs_a_course_of_the_learner(
    published: User,
    person: PersonFactory,
    course: CourseFactory,
    fields: dict[str, bool],
    is_enrolled: bool,
    circle: str,
) -> None:
    key = course()
    if is_enrolled:
        enrolment.enrol(published, key, at=NOW)
    assert circle_of(World(published, {"viewer": person("viewer", **fields)}.get, course=key), "viewer") == circle


def test_an_enrolment_that_ends_ends_the_connection_and_not_the_staff(
    published: User, person: PersonFactory, course: CourseFactory
) -> None:
    key = course()
    classmate, teacher = person("classmate"), person("teacher")
    world = World(published, {"classmate": classmate, "teacher": teacher}.get, course=key)
    enrolment.enrol(published, key, at=NOW)
    enrolment.enrol(classmate, key, at=NOW)
    roles.grant(teacher, key, at=NOW)
    assert (circle_of(world, "classmate"), circle_of(world, "teacher")) == ("connected", "staff")
    enrolment.unenrol(published, key, at=NOW)
    assert (circle_of(world, "classmate"), circle_of(world, "teacher")) == ("signed in", "staff")
