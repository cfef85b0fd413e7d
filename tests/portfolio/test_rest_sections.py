"""The learner's own profile by the API: all of it, and who sees its sections in which order."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from demo.lms.models import UserProfile
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.portfolio.doorway import TYPED
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import publish
from tests.portfolio.programs import Program, values


@pytest.fixture
def program(learner: User) -> Program:
    return Program(learner)


def section_in(profile: dict[str, Any], section: Section) -> dict[str, Any]:
    (found,) = [each for each in profile["sections"] if each["section"] == section]
    return dict(found)


def ids(program: Program, section: Section) -> list[str]:
    return [item["id"] for item in program.get(f"sections/{section}/items/").body]


class TestProfile:
    def test_it_holds_everything_that_is_stated(
        self, program: Program, learner: User, everything: dict[Section, Item]
    ) -> None:
        profile_fields.set_hidden(learner.pk, everything[Section.SKILLS].id, is_hidden=True)
        answer = program.get("profile/")
        assert answer.status == 200
        assert [section["section"] for section in answer.body["sections"]] == [section.value for section in Section]
        for section, item in everything.items():
            (found,) = section_in(answer.body, section)["items"]
            assert (found["id"], found["values"]) == (str(item.id), values(section))
            assert found["is_hidden"] is (section is Section.SKILLS)

    def test_it_says_how_it_stands(self, program: Program, learner: User, everything: dict[Section, Item]) -> None:
        before = program.get("profile/")
        publish(learner, skills=Audience.CONNECTED)
        after = program.get("profile/")
        assert (before.body["is_published"], before.body["published_at"]) == (False, None)
        assert (after.body["is_published"], after.body["published_at"][:2]) == (True, "20")
        assert after.body["username"] == "ada"
        assert "Learners who share a course with you also see Skills" in after.body["privacy_summary"].replace(
            "learners", "Learners"
        )
        assert before.tag == f'"{before.body["version"]}"'
        assert after.tag == f'"{after.body["version"]}"' != before.tag

    def test_it_tells_the_rules_that_hold(self, program: Program, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {
            "projects": {"locked": True, "default_audience": "course_staff"},
            "skills": {"required": True, "max_items": 7},
            "resume": {"enabled": False},
        }
        found = program.get("profile/").body
        projects, skills = section_in(found, Section.PROJECTS), section_in(found, Section.SKILLS)
        assert (projects["is_locked"], projects["audience"], projects["is_required"]) == (True, "course_staff", False)
        assert (skills["is_locked"], skills["is_required"], skills["max_items"]) == (False, True, 7)
        assert "resume" not in [section["section"] for section in found["sections"]]

    def test_it_tells_whom_minors_are_shown_to(self, program: Program, learner: User) -> None:
        UserProfile.objects.filter(user=learner).update(year_of_birth=None)
        publish(learner)
        skills = section_in(program.get("profile/").body, Section.SKILLS)
        assert (skills["audience"], skills["effective_audience"]) == ("everyone", "course_staff")

    def test_it_tells_what_is_worth_adding(self, program: Program, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"required": True}}
        steps = program.get("profile/").body["next_steps"]
        assert [(step["section"], step["is_required"]) for step in steps] == [
            ("skills", True),
            ("header", False),
            (None, False),
        ]
        assert all(step["add"] and step["why"] for step in steps)

    def test_it_is_everybody_s_own(self, everything: dict[Section, Item], person: PersonFactory) -> None:
        found = Program(person("ben", is_superuser=True)).get("profile/").body
        assert found["username"] == "ben"
        assert not any(section["items"] for section in found["sections"])


class TestDeletingAll:
    @pytest.mark.parametrize(("tag", "status"), [(None, 428), ('"999"', 412)])
    def test_who_does_not_know_what_goes_deletes_nothing(
        self, program: Program, learner: User, everything: dict[Section, Item], tag: str | None, status: int
    ) -> None:
        assert program.delete("profile/", tag).status == status
        assert len(profile_fields.get_profile(learner.pk).items) == len(everything)

    def test_items_pictures_links_and_what_was_typed_go(
        self, program: Program, learner: User, everything: dict[Section, Item]
    ) -> None:
        picture = program.upload(everything[Section.PROJECTS]).body["id"]
        secret_links.create_link(learner.pk, name="Job", sections=["header", "skills"])
        publish(learner)
        session = program.client.session
        session[TYPED] = {"user_id": learner.pk}
        session.save()
        answer = program.delete("profile/", program.get("profile/").tag)
        assert (answer.status, answer.body) == (204, None)
        assert profile_fields.get_profile(learner.pk).version == 0
        assert (secret_links.get_links(learner.pk), profile_fields.get_consents(learner.pk)) == ([], [])
        assert program.get(f"pictures/{picture}/").status == 404
        assert TYPED not in program.client.session
        assert program.get("profile/").tag == '"0"'


class TestSection:
    @pytest.mark.parametrize("section", Section)
    def test_it_is_the_same_as_in_the_profile(
        self, program: Program, everything: dict[Section, Item], section: Section
    ) -> None:
        profile, answer = program.get("profile/"), program.get(f"sections/{section}/")
        assert (answer.body, answer.tag) == (section_in(profile.body, section), profile.tag)
        is_recorded = section in {Section.COURSES, Section.LEARNING_TIME}
        assert answer.body["provenance"] == ("recorded" if is_recorded else "stated")
        assert (answer.body["order"] is None) is is_recorded

    @pytest.mark.parametrize("section", ["nothing", "HEADER", "\x00"])
    def test_others_there_are_not(self, program: Program, section: str) -> None:
        assert program.get(f"sections/{section}/").status == 404
        assert program.patch(f"sections/{section}/", {}).status == 404

    def test_one_that_is_off_is_not_there(self, program: Program, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"projects": {"enabled": False}}
        assert program.get("sections/projects/").status == 404
        assert program.patch("sections/projects/", {"audience": "only_me"}).status == 404


class TestAudience:
    @pytest.mark.parametrize("audience", Audience)
    @pytest.mark.parametrize("section", [Section.SKILLS, Section.COURSES, Section.LEARNING_TIME, Section.HEADER])
    def test_it_is_changed(self, program: Program, learner: User, section: Section, audience: Audience) -> None:
        answer = program.patch(f"sections/{section}/", {"audience": audience.name.lower()})
        assert (answer.status, answer.body["audience"]) == (200, audience.name.lower())
        assert profile_fields.get_profile(learner.pk).audiences == {section: audience}

    def test_there_are_five(self, program: Program, learner: User) -> None:
        wrong: list[Any] = ["EVERYONE", "", "all", 4, None, [], {}, True]
        for audience in wrong:
            answer = program.patch("sections/skills/", {"audience": audience})
            assert (answer.status, list(answer.body["field_errors"])) == (400, ["audience"]), audience
        assert profile_fields.get_profile(learner.pk).audiences == {}

    def test_a_lock_keeps_it(self, program: Program, learner: User, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"locked": True}}
        answer = program.patch("sections/skills/", {"audience": "only_me"})
        assert (answer.status, answer.code) == (403, "locked")
        assert profile_fields.get_profile(learner.pk).audiences == {}

    def test_who_says_which_version_they_have_seen_is_held_to_it(self, program: Program, learner: User) -> None:
        first = program.get("sections/skills/")
        assert program.patch("sections/skills/", {"audience": "connected"}, first.tag).status == 200
        answer = program.patch("sections/skills/", {"audience": "only_me"}, first.tag)
        assert (answer.status, answer.code) == (412, "stale")
        assert profile_fields.get_profile(learner.pk).audiences == {Section.SKILLS: Audience.CONNECTED}


class TestOrder:
    @pytest.fixture
    def three(self, learner: User) -> list[str]:
        years = {"One": "2001", "Two": "2002", "Three": "2003"}
        added = [
            material.add(learner.pk, Section.HONOURS, title=title, start_year=year) for title, year in years.items()
        ]
        return [str(item.id) for item in added]

    def test_dates_make_it_until_the_learner_does(self, program: Program, three: list[str]) -> None:
        before = program.get("sections/honours/").body
        assert (before["order"], ids(program, Section.HONOURS)) == ("by_date", three[::-1])
        wanted = [three[1], three[0], three[2]]
        after = program.patch("sections/honours/", {"order": wanted}).body
        assert (after["order"], ids(program, Section.HONOURS)) == (wanted, wanted)
        again = program.patch("sections/honours/", {"order": "by_date"}).body
        assert (again["order"], ids(program, Section.HONOURS)) == ("by_date", three[::-1])

    def test_who_names_a_few_puts_them_first(self, program: Program, three: list[str]) -> None:
        assert program.patch("sections/honours/", {"order": [three[0]]}).body["order"] == [three[0], three[2], three[1]]

    def test_it_comes_with_the_audience_or_neither(self, program: Program, three: list[str], learner: User) -> None:
        both = {"audience": "only_me", "order": three}
        assert program.patch("sections/honours/", both | {"order": [str(uuid4())]}).status == 400
        assert profile_fields.get_profile(learner.pk).audiences == {}
        found = program.patch("sections/honours/", both).body
        assert (found["audience"], found["order"]) == ("only_me", three)

    def test_what_is_no_order_is_refused(self, program: Program, three: list[str]) -> None:
        wrong: list[Any] = ["by_hand", "", None, 3, True, {}, [3], [None], ["x"], [[]], ["\x00"]]
        for order in wrong:
            answer = program.patch("sections/honours/", {"order": order})
            assert (answer.status, list(answer.body["field_errors"])) == (400, ["order"]), order
        assert ids(program, Section.HONOURS) == three[::-1]

    @pytest.mark.parametrize("section", [Section.SKILLS, Section.ABOUT, Section.COURSES])
    def test_where_there_are_no_dates_they_make_none(self, program: Program, section: Section) -> None:
        assert program.patch(f"sections/{section}/", {"order": "by_date"}).status == 400

    def test_items_of_others_have_no_place(self, program: Program, three: list[str], person: PersonFactory) -> None:
        foreign = material.add(person("ben").pk, Section.HONOURS)
        assert program.patch("sections/honours/", {"order": [str(foreign.id), *three]}).status == 400

    def test_what_is_unknown_is_refused(self, program: Program, three: list[str]) -> None:
        assert program.patch("sections/honours/", {"audience": "only_me", "max_items": 3}).status == 400
