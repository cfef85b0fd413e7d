"""The page, through its address."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, CourseFactory, PersonFactory

PROFILE = Profile(
    headline="Keeps engines thinking",
    about="I like **engines**.",
    work_experience=(WorkExperience("Analyst", "Babbage & Co", PartialDate(2019, 3), None, "London"),),
    links=(Link("https://example.org/ada", "My notes"),),
)


@pytest.fixture
def published(learner: User, course: CourseFactory) -> User:
    key = course()
    enrolment.enrol(learner, key, at=NOW)
    grades.record(learner, key, 0.87, at=NOW)
    certificates.issue(learner, key, at=NOW)
    start = int(NOW.timestamp())
    points = frozenset({start, start + 600, start + 1259})
    time_on_task.keep([Activity(learner.pk, key, Evidence(points=points))])
    profile_fields.save_profile(learner.pk, PROFILE)
    profile_fields.publish(learner.pk)
    return learner


def page(viewer: User | None, username: str = "ada") -> str:
    client = Client()
    if viewer:
        client.force_login(viewer)
    response = client.get(f"/u/{username}")
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def test_a_visitor_sees_claims_and_evidence_told_apart(published: User) -> None:
    html = page(None)
    for text in (
        "Ada Lovelace",
        "Keeps engines thinking",
        "<strong>engines</strong>",
        "Babbage &amp; Co",
        "March 2019",
        "present",
        "Boats for everyone",
        "Certificate issued March 4, 2026",
        "Grade 87%",
        "20 min of learning",
        "Stated by Ada Lovelace",
        "Recorded by Harbour Academy",
        'href="https://example.org/ada"',
    ):
        assert text in html
    assert "Edit profile" not in html


def test_nobody_but_the_owner_sees_an_unpublished_portfolio(published: User, person: PersonFactory) -> None:
    profile_fields.unpublish(published.pk)
    assert page(None) == "404"
    assert page(person("ben")) == "404"
    assert "Only you can see this page." in page(published)


def test_a_section_is_shown_to_its_audience_only(published: User, person: PersonFactory) -> None:
    profile = profile_fields.get_profile(published.pk)
    audiences = {Section.WORK_EXPERIENCE: Audience.SIGNED_IN, Section.LEARNING_TIME: Audience.ONLY_ME}
    profile_fields.save_profile(published.pk, dataclasses.replace(profile, audiences=audiences))
    signed_out, signed_in = page(None), page(person("ben"))
    assert "Babbage" not in signed_out
    assert "Babbage" in signed_in
    assert "20 min" not in signed_out + signed_in
    assert "20 min" in page(published)


def test_a_learner_with_nothing_shows_who_it_is_and_is_invited(learner: User) -> None:
    assert "Your portfolio starts here" in page(learner)
    profile_fields.publish(learner.pk)
    html = page(None)
    assert "Ada Lovelace" in html
    assert "lp-box" not in html
    assert "Your portfolio starts here" not in html


def test_a_certificate_that_is_revoked_disappears(published: User) -> None:
    certificate = published.certificates.get()
    certificates.invalidate(certificate, at=NOW + timedelta(days=1))
    html = page(None)
    assert "Certificate issued" not in html
    assert "Passed March 4, 2026" in html


def test_a_person_of_unknown_age_is_not_seen_by_the_web(person: PersonFactory) -> None:
    young = person("kim", year_of_birth=None)
    profile_fields.publish(young.pk)
    assert page(None, "kim") == "404"
    assert page(person("ben"), "kim") == "404"
    assert "It stays with the staff of your courses" in page(young, "kim")


def test_the_page_is_kept_from_search_engines_and_shared_caches(published: User) -> None:
    response = Client().get("/u/ada")
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
