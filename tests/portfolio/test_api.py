"""The REST door: the content of the page, in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

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

ADDRESS = "/api/learner_profile/v1/portfolios/ada/"
PROFILE = Profile(
    headline="Keeps engines thinking",
    about="I like **engines**.",
    work_experience=(
        WorkExperience("Analyst", "Babbage & Co", PartialDate(2019, 3), None, "London", "Made\nthings."),
        WorkExperience("Tutor", "Home", PartialDate(2015), PartialDate(2018, 12)),
    ),
    links=(Link("https://example.org/ada", "My notes"), Link("https://code.example.org")),
)
DAY = timedelta(days=1)


@pytest.fixture
def published(learner: User, course: CourseFactory) -> User:
    boats, sails, knots = course("Boats"), course("Sails"), course("Knots")
    for key, percent in ((boats, 0.875), (sails, 0.7), (knots, 0.2)):
        enrolment.enrol(learner, key, at=NOW)
        grades.record(learner, key, percent, at=NOW)
    certificates.issue(learner, boats, at=NOW + DAY)
    start = int(NOW.timestamp())
    evidence = Evidence(points=frozenset({start, start + 600, start + 1259}))
    time_on_task.keep([Activity(learner.pk, boats, evidence), Activity(learner.pk, sails, evidence)])
    profile_fields.save_profile(learner.pk, PROFILE)
    profile_fields.publish(learner.pk)
    return learner


def get(viewer: User | None = None, address: str = ADDRESS) -> Any:
    client = Client()
    if viewer:
        client.force_login(viewer)
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_everything_has_its_name_and_its_type(published: User) -> None:
    boats = get()["courses"][0]
    assert get() == {
        "person": {
            "username": "ada",
            "name": "Ada Lovelace",
            "photo_url": get()["person"]["photo_url"],
            "has_photo": False,
            "headline": "Keeps engines thinking",
        },
        "learning_time": {
            "provenance": "recorded",
            "seconds": 1259,
            "text": "20 min",
            "course_count": 2,
            "overlaps": True,
            "rule_version": get()["learning_time"]["rule_version"],
        },
        "courses": get()["courses"],
        "about": "I like **engines**.",
        "work_experience": [
            {
                "provenance": "stated",
                "title": "Analyst",
                "employer": "Babbage & Co",
                "location": "London",
                "start": "2019-03",
                "end": None,
                "description": "Made\nthings.",
            },
            {
                "provenance": "stated",
                "title": "Tutor",
                "employer": "Home",
                "location": "",
                "start": "2015",
                "end": "2018-12",
                "description": "",
            },
        ],
        "links": [
            {"provenance": "stated", "url": "https://example.org/ada", "label": "My notes"},
            {"provenance": "stated", "url": "https://code.example.org", "label": ""},
        ],
    }
    assert boats == {
        "provenance": "recorded",
        "course_key": "course-v1:Harbour+Boats+2026",
        "title": "Boats for everyone",
        "organisation": "Harbour",
        "url": "/courses/course-v1:Harbour+Boats+2026/about",
        "image_url": "/courses/course-v1:Harbour+Boats+2026/image.svg",
        "standing": "certified",
        "at": "2026-03-05T12:00:00Z",
        "percent": 0.875,
        "letter": "Pass",
        "certificate_url": boats["certificate_url"],
        "seconds": 1259,
    }
    assert boats["certificate_url"].startswith("/certificates/")
    assert datetime.fromisoformat(boats["at"]) == NOW + DAY
    assert isinstance(get()["learning_time"]["rule_version"], int)
    assert get()["person"]["photo_url"].endswith(".svg")


def test_courses_come_completed_ones_first_and_say_how_far_the_learner_is(published: User) -> None:
    courses = get()["courses"]
    assert [(course["title"], course["standing"]) for course in courses] == [
        ("Boats for everyone", "certified"),
        ("Sails for everyone", "passed"),
        ("Knots for everyone", "in_progress"),
    ]
    assert [course["percent"] for course in courses] == [0.875, 0.7, None]
    assert [course["seconds"] for course in courses] == [1259, 1259, 0]


def test_an_empty_portfolio_has_the_same_form(learner: User) -> None:
    profile_fields.publish(learner.pk)
    found = get()
    assert found.pop("person")["name"] == "Ada Lovelace"
    assert found == {"learning_time": None, "courses": [], "about": "", "work_experience": [], "links": []}


class PageText(HTMLParser):
    """The text of a page without its head, and the addresses that it leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.addresses: set[str] = set()
        self.feed(html.partition("<main")[2])

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses |= {unescape(value) for name, value in attrs if name in {"href", "src"} and value}


@pytest.mark.parametrize("section", [section for section in Section if section is not Section.HEADER])
@pytest.mark.parametrize("viewer", ["visitor", "owner"])
def test_the_page_shows_what_the_api_says(published: User, section: Section, viewer: str) -> None:
    _hide(published, section)
    user = published if viewer == "owner" else None
    client = Client()
    if user:
        client.force_login(user)
    page = PageText(client.get("/u/ada").content.decode())
    found = get(user)
    stated = [text for item in found["work_experience"] for text in (item["title"], item["employer"])]
    recorded = [course["title"] for course in found["courses"]]
    times = [found["learning_time"]["text"]] if found["learning_time"] else []
    for text in (found["person"]["name"], found["person"]["headline"], *stated, *recorded, *times):
        assert text in page.text
    links = {link["url"] for link in found["links"]}
    pages = {course["url"] for course in found["courses"]}
    certificates_of_courses = {course["certificate_url"] for course in found["courses"]} - {""}
    assert links | pages | certificates_of_courses <= page.addresses
    hidden = {
        Section.LEARNING_TIME: "20 min",
        Section.COURSES: "for everyone",
        Section.ABOUT: "engines.",
        Section.WORK_EXPERIENCE: "Babbage",
        Section.LINKS: "My notes",
    }
    for other, text in hidden.items():
        is_seen = viewer == "owner" or other is not section
        assert (text in page.text) is is_seen
        assert (text in json.dumps(found).replace("**", "")) is is_seen


def test_the_time_in_a_course_is_hidden_with_the_learning_time(published: User) -> None:
    _hide(published, Section.LEARNING_TIME)
    assert get()["learning_time"] is None
    assert [course["seconds"] for course in get()["courses"]] == [None, None, None]


def test_the_time_is_shown_without_the_courses_it_was_spent_in(published: User) -> None:
    _hide(published, Section.COURSES)
    assert get()["courses"] == []
    assert get()["learning_time"]["seconds"] == 1259
    assert "Boats" not in json.dumps(get())


def test_a_certificate_that_is_taken_back_is_gone(published: User) -> None:
    certificates.invalidate(published.certificates.get(), at=NOW + 2 * DAY)
    boats = next(course for course in get()["courses"] if course["title"].startswith("Boats"))
    assert (boats["standing"], boats["certificate_url"], boats["at"]) == ("passed", "", "2026-03-04T12:00:00Z")


def test_what_is_not_visible_and_what_does_not_exist_get_the_same_answer(
    published: User, person: PersonFactory
) -> None:
    profile_fields.unpublish(published.pk)
    client = Client()
    client.force_login(person("ben"))
    hidden, missing = client.get(ADDRESS), client.get(ADDRESS.replace("ada", "nobody"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content
    assert json.loads(hidden.content)
    assert get(published)["person"]["username"] == "ada"


def test_an_answer_is_kept_from_shared_caches_and_search_engines(published: User) -> None:
    response = Client().get(ADDRESS)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", ""])
def test_the_answer_is_json_whatever_a_browser_would_rather_have(published: User, accept: str) -> None:
    response = Client().get(ADDRESS, headers={"accept": accept})
    assert response.status_code in {200, 406}
    assert response["Content-Type"] == "application/json"


def _hide(owner: User, section: Section) -> None:
    profile = profile_fields.get_profile(owner.pk)
    profile_fields.save_profile(owner.pk, replace(profile, audiences={section: Audience.ONLY_ME}))
