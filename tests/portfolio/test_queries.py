"""A page takes a fixed number of queries, however much a learner has to show and whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import cycle, islice
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import CourseKey
from PIL import Image

from demo.lms.actions import enrolment, roles
from demo.lms.models import Course
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.learning_record.data import CertificateDetails, CertificateFact, EnrolmentFact, GradeFact
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn

MOST = 12
ITEMS, RECORDS, PICTURES = 100, 200, 12
# What the host reads by itself of somebody who is signed in, each on its own.
OF_HOST = ("django_session", "auth_user", "demo_lms_userprofile")
PEOPLE = ("stranger", "classmate", "staff", "superuser")
SEVERAL = [section for section, kind in profile_fields.KINDS.items() if not kind.is_single]
VIEWERS = ["visitor", *PEOPLE, "owner", "owner viewing as", "link", "program"]


def key_of(number: int) -> CourseKey:
    return CourseKey.from_string(f"course-v1:Harbour+Boats{number}+2026")


def fill_record(user: User, number: int, after: int = 0) -> None:
    """Record courses, with certificates in most, and learning time in each: united with its days, but for the last."""
    for at in range(after, number):
        key = key_of(at)
        Course.objects.create(id=key, display_name=f"Boats {at}", display_org="Harbour")
        frame: dict[str, Any] = {"user_id": user.pk, "course_key": key, "as_of": NOW}
        details = CertificateDetails(url="", issued_at=NOW, is_shown=True, shown_from=None)
        learning_record.record(EnrolmentFact(**frame, mode="honor", is_active=True, created_at=NOW))
        if at % 4:
            learning_record.record(GradeFact(**frame, percent=0.9, letter="A", passed_at=NOW))
            fact = CertificateFact(
                **frame, status="downloadable", mode="honor", name="Ada", grade="0.9", details=details
            )
            learning_record.record(fact)
        if at == number - 1:
            while time_on_task.compact(user.pk):
                pass
        start = int(NOW.timestamp()) + 3600 * at
        time_on_task.keep([Activity(user.pk, key, Evidence(points=frozenset({start, start + 60})))])


def fill_profile(user: User, items: int, pictures: int, *, singles: bool = True) -> None:
    for section in material.TYPED:
        if singles and section not in SEVERAL:
            material.add(user.pk, section)
    for number, section in enumerate(islice(cycle(s for s in SEVERAL if s is not Section.LINKS), items)):
        title = profile_fields.KINDS[section].title
        item = material.add(user.pk, section, **{title: f"Number {number}"}, is_hidden=number % 10 == 0)
        if section is Section.PROJECTS and pictures > 0:
            pictures -= 2
            for _ in range(2):
                profile_fields.add_picture(user.pk, item.id, BytesIO(PNG), description="A loom")


def _png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 3)).save(file, "PNG")
    return file.getvalue()


PNG = _png()


Look = Callable[[str], tuple[int, int]]


@pytest.fixture
def look(learner: User, person: PersonFactory, sign_in: SignIn) -> Look:
    """Return how many queries a visit takes: ours, and those of the host for whoever is signed in."""
    key = CourseKey.from_string("course-v1:Harbour+Ropes+2026")
    Course.objects.create(id=key, display_name="Ropes for everyone", display_org="Harbour")
    people = {name: person(name, is_superuser=name == "superuser") for name in PEOPLE}
    for user in (learner, people["classmate"]):
        enrolment.enrol(user, key, at=NOW)
    roles.grant(people["staff"], key)
    people |= dict.fromkeys(("owner", "owner viewing as"), learner)
    profile_fields.publish(learner.pk, text="", audiences={})
    _link, token = secret_links.create_link(learner.pk, name="Lighthouse", sections=set(Section))
    addresses = {
        "link": f"/learner-profile/shared/{token}/",
        "owner viewing as": "/u/ada?view_as=connected",
        "program": "/api/learner_profile/v1/portfolios/ada/",
    }

    def looked(viewer: str) -> tuple[int, int]:
        client = sign_in(people[viewer]) if viewer in people else Client()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(addresses.get(viewer, "/u/ada"))
        assert answer.status_code == 200
        statements = [query["sql"] for query in captured]
        hosts = [sql for sql in statements if any(sql.count(quoted(name)) and " JOIN " not in sql for name in OF_HOST)]
        hosts = [sql for sql in hosts if quoted("auth_user") not in sql or viewer in people]
        return len(statements) - len(hosts), len(hosts)

    return looked


def quoted(table: str) -> str:
    return f" FROM {connection.ops.quote_name(table)}"


MIXED = {
    Section.SKILLS: Audience.COURSE_STAFF,
    Section.LANGUAGES: Audience.CONNECTED,
    Section.HONOURS: Audience.SIGNED_IN,
    Section.ABOUT: Audience.ONLY_ME,
}


@pytest.mark.parametrize("audiences", [{}, MIXED], ids=["all for everyone", "each for others"])
def test_no_visit_takes_more_than_twelve_queries_whatever_there_is(
    learner: User, look: Look, audiences: dict[Section, Audience]
) -> None:
    profile_fields.set_audiences(learner.pk, audiences)
    fill_profile(learner, 20, 2)
    fill_record(learner, 2)
    for viewer in VIEWERS:
        look(viewer)
    small = {viewer: look(viewer) for viewer in VIEWERS}

    fill_profile(learner, ITEMS, PICTURES, singles=False)
    fill_record(learner, RECORDS, after=2)
    large = {viewer: look(viewer) for viewer in VIEWERS}
    assert large == small
    assert {viewer: ours for viewer, (ours, _hosts) in large.items() if ours > MOST} == {}
    # Session, user, and the name in the head of its pages.
    assert {hosts for _ours, hosts in large.values()} == {0, 3}
