"""The world of the matrix: the owner, and everybody who may come to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache

from demo.lms.actions import enrolment, roles
from demo.lms.models import UserProfile
from tests.access_matrix.world import OWNER, World, study
from tests.conftest import NOW, CourseFactory, PersonFactory


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def surroundings(settings: Any, tmp_path: Path) -> None:
    """Keep pictures out of the checkout, and what earlier tests left in the cache out of this one."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@dataclass(frozen=True)
class Life:
    """What somebody has to do with course runs: what they take, what they left, what they have a role in."""

    takes: str = ""
    left: str = ""
    teaches: str = ""
    role: str = "staff"
    rights: Mapping[str, bool] = field(default_factory=dict)


# The owner takes Boats and left Knots; the others are named after what that makes of them.
LIVES = {
    "stranger": Life(takes="Sails"),
    "learner of a course that the owner left": Life(takes="Knots"),
    "former classmate": Life(left="Boats"),
    "staff of another course": Life(teaches="Sails"),
    "classmate": Life(takes="Boats"),
    "classmate who teaches another course": Life(takes="Boats", teaches="Sails", role="instructor"),
    "staff of the course": Life(teaches="Boats"),
    "instructor of the course": Life(teaches="Boats", role="instructor"),
    "staff of a course that was left": Life(teaches="Knots"),
    "staff and classmate": Life(takes="Boats", teaches="Boats"),
    "global staff": Life(rights={"is_staff": True}),
    "superuser": Life(rights={"is_superuser": True}),
}


@pytest.fixture
def world(clock: time_machine.Traveller, person: PersonFactory, course: CourseFactory) -> World:
    """Make the owner, and the others as they come to look: most tests need a few of them only."""
    owner = person(OWNER, name="Ada Lovelace")
    UserProfile.objects.filter(user=owner).update(linkedin_url="https://www.linkedin.com/in/trace-of-the-account")
    runs = {name: course(name) for name in ("Boats", "Sails", "Knots")}
    study(owner, runs["Boats"])
    enrolment.enrol(owner, runs["Knots"], at=NOW)
    enrolment.unenrol(owner, runs["Knots"], at=NOW)

    def come(viewer: str) -> User | None:
        if viewer in {"visitor", "owner"}:
            return owner if viewer == "owner" else None
        life = LIVES[viewer]
        user = person(f"user{list(LIVES).index(viewer)}", name="Somebody Else", **life.rights)
        for name in filter(None, (life.takes, life.left)):
            enrolment.enrol(user, runs[name], at=NOW)
        if life.left:
            enrolment.unenrol(user, runs[life.left], at=NOW)
        if life.teaches:
            roles.grant(user, runs[life.teaches], life.role, at=NOW)
        return user

    return World(owner, come, course=runs["Boats"])
