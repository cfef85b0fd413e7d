"""Portfolios for programs: what a page shows, in JSON, to the same people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from demo.lms import compat as lms
from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import publish
from tests.portfolio.programs import Program, values

pytestmark = pytest.mark.shown

ADDRESS = "portfolios/ada/"
DAY = timedelta(days=1)


@pytest.fixture
def published(learner: User, everything: dict[Section, Item], course: CourseFactory) -> User:
    boats, sails, knots = course("Boats"), course("Sails"), course("Knots")
    for key, percent in ((boats, 0.875), (sails, 0.7), (knots, 0.2)):
        enrolment.enrol(learner, key, at=NOW)
        grades.record(learner, key, percent, at=NOW)
    certificates.issue(learner, boats, at=NOW + DAY)
    start = int(NOW.timestamp())
    evidence = Evidence(points=frozenset({start, start + 600, start + 900, start + 1259}))
    time_on_task.keep([Activity(learner.pk, boats, evidence), Activity(learner.pk, sails, evidence)])
    learner.profile.linkedin_url = "https://www.linkedin.com/in/ada"
    learner.profile.save()
    publish(learner, contact=Audience.SIGNED_IN)
    return learner


def seen(viewer: User | None = None, **query: Any) -> Any:
    answer = Program(viewer).get(ADDRESS, **query)
    assert answer.status == 200, answer
    return answer.body


class TestContent:
    def test_everything_has_its_name_and_its_type(self, published: User) -> None:
        found = seen()
        boats = found["courses"][0]
        assert set(found) == {"person", "learning_time", "courses", "items", "account_links"}
        assert found["person"] == {
            "username": "ada",
            "name": "Ada Lovelace",
            "photo_url": "/static/demo/photos/default.svg",
            "has_photo": False,
            "headline": "Keeps engines thinking",
            "location": "London",
            "pronouns": "she/her",
            "email": "",
        }
        assert found["learning_time"] == {
            "provenance": "recorded",
            "seconds": 1259,
            "text": "20 min",
            "course_count": 2,
            "overlaps": True,
            "rule_version": found["learning_time"]["rule_version"],
        }
        assert isinstance(found["learning_time"]["rule_version"], int)
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
        assert found["account_links"] == [
            {"provenance": "stated", "url": "https://www.linkedin.com/in/ada", "site": "LinkedIn"}
        ]

    @pytest.mark.parametrize("section", material.TYPED)
    def test_an_item_of_every_section_is_told_with_all_of_its_fields(
        self, published: User, everything: dict[Section, Item], section: Section
    ) -> None:
        assert seen(published)["items"][section] == [
            {
                "id": str(everything[section].id),
                "provenance": "stated",
                "is_hidden": False,
                "values": values(section),
                "pictures": [],
            }
        ]

    def test_courses_come_completed_ones_first_and_say_how_far_the_learner_is(self, published: User) -> None:
        courses = seen()["courses"]
        assert [(course["title"], course["standing"]) for course in courses] == [
            ("Boats for everyone", "certified"),
            ("Sails for everyone", "passed"),
            ("Knots for everyone", "in_progress"),
        ]
        assert [course["percent"] for course in courses] == [0.875, 0.7, None]
        assert [course["seconds"] for course in courses] == [1259, 1259, 0]

    def test_a_certificate_that_is_taken_back_is_gone(self, published: User) -> None:
        certificates.invalidate(published.certificates.get(), at=NOW + 2 * DAY)
        boats = next(course for course in seen()["courses"] if course["title"].startswith("Boats"))
        assert (boats["standing"], boats["certificate_url"], boats["at"]) == ("passed", "", "2026-03-04T12:00:00Z")

    def test_an_empty_portfolio_has_the_same_form(self, learner: User) -> None:
        publish(learner)
        found = seen()
        assert found.pop("person")["name"] == "Ada Lovelace"
        assert found == {
            "learning_time": None,
            "courses": [],
            "items": {section.value: [] for section in material.TYPED},
            "account_links": [],
        }

    def test_pictures_come_with_addresses_that_the_viewer_can_open(self, published: User) -> None:
        project = profile_fields.get_profile(published.pk).items[Section.PROJECTS][0]
        Program(published).upload(project, description="A loom")
        (picture,) = seen()["items"]["projects"][0]["pictures"]
        assert (picture["description"], picture["width"], picture["height"]) == ("A loom", 8, 6)
        response: Any = Client().get(picture["url"])
        assert (response.status_code, response.getvalue()[:2]) == (200, b"\xff\xd8")


class TestWhoSees:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_a_section_that_is_not_for_the_viewer_is_empty_for_them(self, published: User, section: Section) -> None:
        profile_fields.set_audiences(published.pk, {section: Audience.ONLY_ME})
        assert seen(published)["items"][section] != []
        if section is Section.HEADER:
            assert Program().get(ADDRESS).status == 404
        else:
            assert seen()["items"][section] == []

    def test_who_sees_the_contact_sees_the_address_and_nobody_else(
        self, published: User, person: PersonFactory
    ) -> None:
        assert seen()["person"]["email"] == ""
        assert seen(person("ben"))["person"]["email"] == "ada@example.org"

    def test_the_time_in_a_course_is_hidden_with_the_learning_time(self, published: User) -> None:
        profile_fields.set_audiences(published.pk, {Section.LEARNING_TIME: Audience.ONLY_ME})
        assert seen()["learning_time"] is None
        assert [course["seconds"] for course in seen()["courses"]] == [None, None, None]

    def test_the_time_is_shown_without_the_courses_it_was_spent_in(self, published: User) -> None:
        profile_fields.set_audiences(published.pk, {Section.COURSES: Audience.ONLY_ME})
        assert seen()["courses"] == []
        assert seen()["learning_time"]["seconds"] == 1259
        assert "Boats" not in str(seen())

    def test_hidden_items_are_for_their_owner(self, published: User, everything: dict[Section, Item]) -> None:
        profile_fields.set_hidden(published.pk, everything[Section.SKILLS].id, is_hidden=True)
        assert seen()["items"]["skills"] == []
        assert [item["is_hidden"] for item in seen(published)["items"]["skills"]] == [True]

    def test_what_is_not_visible_and_what_does_not_exist_get_the_same_answer(
        self, published: User, person: PersonFactory
    ) -> None:
        profile_fields.unpublish(published.pk)
        stranger = Program(person("ben"))
        hidden, missing = stranger.get(ADDRESS), stranger.get("portfolios/nobody/")
        assert hidden.status == 404
        assert hidden == missing
        assert (hidden.code, hidden.body["field_errors"]) == ("not_found", {})
        assert seen(published)["person"]["username"] == "ada"

    @pytest.mark.parametrize("username", ["nobody", "a b", "ada\x00", "\x00", "ä😀", "x" * 1000, "%25", "<script>"])
    def test_nobody_of_that_name(self, published: User, username: str) -> None:
        assert Program().get(f"portfolios/{username}/").status == 404


class TestLookingAsAnAudience:
    def test_the_owner_sees_what_an_audience_sees(self, published: User) -> None:
        assert seen(published, view_as="everyone") == seen()
        assert seen(published, view_as="signed_in")["person"]["email"] == "ada@example.org"

    def test_before_publishing_too(self, published: User) -> None:
        profile_fields.unpublish(published.pk)
        assert Program(published).get(ADDRESS, view_as="everyone").status == 404
        assert seen(published, view_as="everyone", as_published="true")["person"]["name"] == "Ada Lovelace"

    def test_for_others_it_changes_nothing(self, published: User, person: PersonFactory) -> None:
        profile_fields.set_audiences(published.pk, {Section.SKILLS: Audience.ONLY_ME})
        stranger = person("ben")
        assert seen(stranger, view_as="only_me", as_published="true") == seen(stranger)

    @pytest.mark.parametrize(
        ("name", "value"), [("view_as", "x"), ("view_as", "EVERYONE"), ("view_as", "4"), ("as_published", "perhaps")]
    )
    def test_what_cannot_be_understood_is_refused(self, published: User, name: str, value: str) -> None:
        answer = Program(published).get(ADDRESS, **{name: value})
        assert (answer.status, answer.code, list(answer.body["field_errors"])) == (400, "invalid", [name])


class TestSecretLinks:
    @pytest.fixture
    def token(self, published: User) -> str:
        profile_fields.unpublish(published.pk)
        return secret_links.create_link(published.pk, name="Job", sections=["header", "projects"])[1]

    def uses(self, user: User) -> int:
        return secret_links.get_links(user.pk)[0].use_count

    def test_a_link_shows_what_it_names_to_whoever_holds_it(self, token: str, person: PersonFactory) -> None:
        for viewer in (None, person("ben")):
            found = Program(viewer).get(f"shared/{token}/").body
            assert found["person"]["headline"] == "Keeps engines thinking"
            assert [name for name, items in found["items"].items() if items] == ["header", "projects"]
            assert (found["courses"], found["learning_time"], found["account_links"]) == ([], None, [])

    def test_each_visit_counts_but_for_the_owner_s(self, token: str, published: User) -> None:
        Program().get(f"shared/{token}/")
        Program().get(f"shared/{token}/")
        Program(published).get(f"shared/{token}/")
        assert self.uses(published) == 2

    def test_its_pictures_open_with_it_and_not_without(
        self, token: str, published: User, everything: dict[Section, Item]
    ) -> None:
        picture = Program(published).upload(everything[Section.PROJECTS]).body
        (shared,) = Program().get(f"shared/{token}/").body["items"]["projects"][0]["pictures"]
        assert shared["url"] != picture["url"]
        response = Client().get(shared["url"])
        response.close()
        assert (response.status_code, Client().get(picture["url"]).status_code) == (200, 404)

    def test_one_that_leads_nowhere_looks_like_one_that_never_was(self, token: str, published: User) -> None:
        secret_links.revoke_all(published.pk)
        revoked, never = Program().get(f"shared/{token}/"), Program().get(f"shared/{'0' * 32}-{'a' * 43}/")
        assert (revoked.status, revoked) == (404, never)

    def test_its_address_is_passed_on_to_nobody(self, token: str) -> None:
        for path in (f"shared/{token}/", "shared/none/"):
            headers = Program().get(path).headers
            assert headers["Referrer-Policy"] == "no-referrer"
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")


class TestReading:
    @pytest.mark.parametrize("path", [ADDRESS, "shared"])
    def test_no_transaction_is_open_meanwhile(
        self, published: User, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = secret_links.create_link(published.pk, name="Job", sections=["header", "courses"])[1]
        was_open: list[bool] = []
        get_courses = lms.get_courses

        def watched(course_keys: Any) -> Any:
            was_open.append(connection.in_atomic_block)
            return get_courses(course_keys)

        monkeypatch.setattr(lms, "get_courses", watched)
        assert Program().get(f"shared/{token}/" if path == "shared" else path).status == 200
        assert was_open == [False]

    def test_it_takes_no_more_queries_for_more_items(
        self, published: User, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        for number in range(30):
            material.add(published.pk, Section.PUBLICATIONS, title=f"Paper {number}")
        visitor = Program()
        visitor.get(ADDRESS)
        with django_assert_max_num_queries(12):
            visitor.get(ADDRESS)

    def test_answers_are_kept_from_shared_caches_and_search_engines(self, published: User) -> None:
        for path in (ADDRESS, "portfolios/nobody/"):
            headers = Program().get(path).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
