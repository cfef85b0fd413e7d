"""Publishing and secret links by the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from demo.lms.models import UserProfile
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from tests.conftest import NOW, PersonFactory
from tests.portfolio import material
from tests.portfolio.programs import Answer, Program

LINK = {"name": "Lighthouse", "sections": ["skills"], "expires_at": None}


@pytest.fixture
def program(learner: User) -> Program:
    return Program(learner)


def make_minor(learner: User) -> None:
    UserProfile.objects.filter(user=learner).update(year_of_birth=NOW.year - 9)


def agree(program: Program) -> Answer:
    return program.put("publication/", {"text": program.get("publication/").body["text"]})


class TestPublication:
    def test_it_tells_what_publishing_would_show_to_whom(self, program: Program, learner: User) -> None:
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.CONNECTED})
        found = program.get("publication/").body
        assert (found["is_published"], found["published_at"], found["may_publish"]) == (False, None, True)
        assert found["audiences"]["skills"] == "connected"
        assert set(found["audiences"]) == {section.value for section in Section}
        assert (found["missing_sections"], found["consents"]) == ([], [])
        assert "Skills" in found["text"]

    def test_who_agrees_to_what_was_shown_is_published(self, program: Program, clock: time_machine.Traveller) -> None:
        text = program.get("publication/").body["text"]
        answer = program.put("publication/", {"text": text})
        assert answer.status == 200
        assert (answer.body["is_published"], answer.body["published_at"]) == (True, "2026-03-04T12:00:00Z")
        assert answer.body["may_publish"] is False
        assert answer.body["consents"] == [{"given_at": "2026-03-04T12:00:00Z", "withdrawn_at": None, "text": text}]
        assert Program().get("portfolios/ada/").status == 200

    @pytest.mark.parametrize("text", ["I agree", "", " ", None, 3, "x" * 10_001])
    def test_who_agrees_to_anything_else_is_not(self, program: Program, text: Any) -> None:
        assert program.put("publication/", {"text": text}).status in {400, 409}
        assert Program().get("portfolios/ada/").status == 404

    def test_what_would_be_shown_must_not_have_changed(self, program: Program, learner: User) -> None:
        text = program.get("publication/").body["text"]
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.ONLY_ME})
        answer = program.put("publication/", {"text": text})
        assert (answer.status, answer.code) == (409, "text_changed")
        assert agree(program).status == 200

    def test_what_the_site_requires_comes_first(self, program: Program, settings: LazySettings, learner: User) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"required": True}, "about": {"required": True}}
        assert program.get("publication/").body["missing_sections"] == ["about", "skills"]
        answer = agree(program)
        assert (answer.status, answer.code) == (409, "sections_missing")
        assert answer.body["message"] == "Fill these in first: About, Skills."
        for section in (Section.SKILLS, Section.ABOUT):
            material.add(learner.pk, section)
        assert agree(program).status == 200

    def test_a_minor_is_asked_again_when_they_are_none(
        self, program: Program, learner: User, clock: time_machine.Traveller
    ) -> None:
        make_minor(learner)
        first = agree(program).body
        assert set(first["audiences"].values()) == {"course_staff"}
        UserProfile.objects.filter(user=learner).update(year_of_birth=1990)
        clock.shift(timedelta(hours=1))
        assert program.get("publication/").body["may_publish"] is True
        assert Program().get("portfolios/ada/").status == 404
        assert [consent["withdrawn_at"] for consent in agree(program).body["consents"]] == [
            None,
            "2026-03-04T13:00:00Z",
        ]
        assert Program().get("portfolios/ada/").status == 200

    def test_it_is_taken_back(self, program: Program) -> None:
        agree(program)
        for _ in range(2):
            answer = program.delete("publication/")
            assert (answer.status, answer.body) == (204, None)
        assert Program().get("portfolios/ada/").status == 404
        found = program.get("publication/").body
        assert found["is_published"] is False
        assert len(found["consents"]) == 1
        assert found["consents"][0]["withdrawn_at"] is not None


class TestMakingLinks:
    def test_its_address_is_told_once(self, program: Program, clock: time_machine.Traveller) -> None:
        answer = program.post("links/", LINK | {"expires_at": "2026-04-04T12:00:00+02:00"})
        made = dict(answer.body)
        token, address = made.pop("token"), made.pop("address")
        assert answer.status == 201
        assert made == {
            "id": made["id"],
            "name": "Lighthouse",
            "sections": ["header", "skills"],
            "created_at": "2026-03-04T12:00:00Z",
            "expires_at": "2026-04-04T10:00:00Z",
            "revoked_at": None,
            "last_used_at": None,
            "use_count": 0,
            "state": "live",
        }
        assert answer.headers["Location"] == f"http://testserver/api/learner_profile/v1/links/{made['id']}/"
        assert address == f"http://testserver/learner-profile/shared/{token}/"
        assert Client().get(address).status_code == 200
        assert program.get("links/").body == [made | {"use_count": 1, "last_used_at": "2026-03-04T12:00:00Z"}]
        assert token not in str(program.get(f"links/{made['id']}/"))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"name": "\u200b"}, "name"),
            ({"name": "a\x00"}, "name"),
            ({"name": None}, "name"),
            ({"sections": []}, "sections"),
            ({"sections": ["header"]}, "sections"),
            ({"sections": ["nothing"]}, "sections"),
            ({"sections": "skills"}, "sections"),
            ({"sections": [["skills"]]}, "sections"),
            ({"sections": ["skills"] * 20}, "sections"),
            ({"expires_at": "2026-03-04T11:59:59Z"}, "expires_at"),
            ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
            ({"expires_at": "soon"}, "expires_at"),
            ({"expires_at": 7}, "expires_at"),
        ],
    )
    def test_a_mistake_is_told_at_its_field(
        self, program: Program, clock: time_machine.Traveller, changes: dict[str, Any], field: str
    ) -> None:
        answer = program.post("links/", LINK | changes)
        assert (answer.status, answer.code, list(answer.body["field_errors"])) == (400, "invalid", [field])
        assert program.get("links/").body == []

    @pytest.mark.parametrize("missing", LINK)
    def test_nothing_is_taken_for_granted(self, program: Program, missing: str) -> None:
        data = {name: value for name, value in LINK.items() if name != missing}
        answer = program.post("links/", data)
        assert (answer.status, list(answer.body["field_errors"])) == (400, [missing])

    def test_it_shows_no_section_that_is_off_or_locked_to_fewer(self, program: Program, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {
            "skills": {"locked": True, "default_audience": "only_me"},
            "about": {"enabled": False},
        }
        for section in ("skills", "about"):
            answer = program.post("links/", LINK | {"sections": [section]})
            assert (answer.status, list(answer.body["field_errors"])) == (400, ["sections"])

    def test_minors_have_none(self, program: Program, learner: User) -> None:
        link, _token = secret_links.create_link(learner.pk, name="Old", sections=["header", "skills"])
        make_minor(learner)
        for answer in (program.post("links/", LINK), program.patch(f"links/{link.id}/", {"name": "New"})):
            assert (answer.status, answer.code) == (403, "no_links")
        assert [link["name"] for link in program.get("links/").body] == ["Old"]

    def test_there_is_room_for_so_many(self, program: Program) -> None:
        for _ in range(20):
            assert program.post("links/", LINK).status == 201
        answer = program.post("links/", LINK)
        assert (answer.status, answer.code) == (400, "invalid")
        assert answer.body["message"] == "There is room for 20 links that work: revoke one first."


class TestChangingLinks:
    @pytest.fixture
    def link(self, program: Program) -> dict[str, Any]:
        found = program.post("links/", LINK | {"expires_at": "2999-01-01T00:00:00.123456Z"}).body
        return {name: value for name, value in found.items() if name not in {"token", "address"}}

    @pytest.mark.parametrize(
        ("patch", "changed"),
        [
            ({}, {}),
            ({"name": "Harbour"}, {"name": "Harbour"}),
            ({"sections": ["about", "skills"]}, {"sections": ["header", "about", "skills"]}),
            ({"expires_at": None}, {"expires_at": None}),
            ({"expires_at": "2998-01-01T00:00:00Z"}, {"expires_at": "2998-01-01T00:00:00Z"}),
        ],
    )
    def test_what_is_named_changes_and_the_rest_stays(
        self, program: Program, link: dict[str, Any], patch: dict[str, Any], changed: dict[str, Any]
    ) -> None:
        answer = program.patch(f"links/{link['id']}/", patch)
        assert (answer.status, answer.body) == (200, link | changed)
        assert program.get(f"links/{link['id']}/").body == link | changed

    @pytest.mark.parametrize("patch", [{"name": None}, {"sections": None}, {"state": "live"}, {"use_count": 0}])
    def test_what_may_not_be_is_refused(self, program: Program, link: dict[str, Any], patch: dict[str, Any]) -> None:
        assert program.patch(f"links/{link['id']}/", patch).status == 400
        assert program.get(f"links/{link['id']}/").body == link

    def test_an_expired_one_can_be_renamed_and_made_to_work_again(
        self, program: Program, clock: time_machine.Traveller
    ) -> None:
        made = program.post("links/", LINK | {"expires_at": "2026-03-05T12:00:00Z"}).body
        clock.shift(timedelta(days=2))
        renamed = program.patch(f"links/{made['id']}/", {"name": "Harbour"}).body
        assert (renamed["name"], renamed["state"], Client().get(made["address"]).status_code) == (
            "Harbour",
            "expired",
            404,
        )
        assert program.patch(f"links/{made['id']}/", {"expires_at": None}).body["state"] == "live"
        assert Client().get(made["address"]).status_code == 200

    def test_a_section_that_was_locked_since_does_not_stand_in_the_way(
        self, program: Program, link: dict[str, Any], settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"enabled": False}}
        assert program.patch(f"links/{link['id']}/", {"name": "Harbour"}).status == 200

    def test_it_is_revoked_for_good(self, program: Program) -> None:
        made = program.post("links/", LINK).body
        for _ in range(2):
            answer = program.post(f"links/{made['id']}/revoke/")
            assert (answer.status, answer.body["state"]) == (200, "revoked")
        assert Client().get(made["address"]).status_code == 404
        assert program.patch(f"links/{made['id']}/", {"name": "Harbour"}).body["state"] == "revoked"

    def test_it_is_removed(self, program: Program, link: dict[str, Any]) -> None:
        answer = program.delete(f"links/{link['id']}/")
        assert (answer.status, answer.body, program.get("links/").body) == (204, None, [])
        assert program.get(f"links/{link['id']}/").status == 404

    def test_links_of_others_are_as_if_they_were_none(
        self, program: Program, link: dict[str, Any], person: PersonFactory
    ) -> None:
        other = Program(person("root", is_superuser=True))
        for link_id in (link["id"], uuid4()):
            address = f"links/{link_id}/"
            answers = [
                other.get(address),
                other.patch(address, {"name": "Mine"}),
                other.delete(address),
                other.post(f"{address}revoke/"),
            ]
            assert [answer.status for answer in answers] == [404] * 4
        assert program.get("links/").body == [link]
