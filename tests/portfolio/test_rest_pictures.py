"""Pictures of items by the API."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from PIL import Image

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import publish
from tests.portfolio.programs import API, MERGE_PATCH, Program, png, token_of


@pytest.fixture
def program(learner: User) -> Program:
    return Program(learner)


@pytest.fixture
def project(learner: User) -> Item:
    return material.add(learner.pk, Section.PROJECTS)


def content_of(program: Program, picture_id: str, **headers: str) -> tuple[int, str, bytes]:
    response: Any = program.client.get(f"{API}pictures/{picture_id}/", headers=headers or None)
    body = response.getvalue() if response.streaming else response.content
    response.close()
    return response.status_code, response["Content-Type"], body


def pictures(program: Program, item: Item) -> Any:
    return program.get(f"items/{item.id}/").body["pictures"]


class TestAdding:
    def test_it_is_kept_and_described(self, program: Program, project: Item) -> None:
        answer = program.upload(project, png((30, 20)), description="  A  loom ")
        picture = answer.body
        assert answer.status == 201
        assert picture == {
            "id": picture["id"],
            "url": f"http://testserver/learner-profile/pictures/{picture['id']}/",
            "description": "A loom",
            "width": 30,
            "height": 20,
        }
        assert answer.headers["Location"] == f"http://testserver/api/learner_profile/v1/pictures/{picture['id']}/"
        assert pictures(program, project) == [picture]

    def test_the_item_is_another_version_then(self, program: Program, project: Item) -> None:
        tag = program.get(f"items/{project.id}/").tag
        picture = program.upload(project).body["id"]
        assert program.patch(f"items/{project.id}/", {"is_hidden": True}, tag).status == 412
        tag = program.get(f"items/{project.id}/").tag
        program.patch(f"pictures/{picture}/", {"description": "x"})
        assert program.delete(f"items/{project.id}/", tag).status == 412

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg></svg>", png()[:40]])
    def test_what_is_no_picture_is_refused(self, program: Program, project: Item, content: bytes) -> None:
        answer = program.upload(project, content)
        assert (answer.status, list(answer.body["field_errors"])) == (400, ["picture"])
        assert pictures(program, project) == []

    @pytest.mark.parametrize("description", ["x" * 201, "a\x00b"])
    def test_a_description_that_cannot_be_kept_is_refused(
        self, program: Program, project: Item, description: str
    ) -> None:
        answer = program.upload(project, description=description)
        assert (answer.status, list(answer.body["field_errors"])) == (400, ["description"])
        assert pictures(program, project) == []

    def test_there_is_room_for_six(self, program: Program, project: Item) -> None:
        for _ in range(6):
            assert program.upload(project).status == 201
        answer = program.upload(project)
        assert (answer.status, answer.body["field_errors"]) == (400, {"picture": ["There is room for 6 pictures."]})

    def test_items_of_other_sections_have_none(self, program: Program, learner: User) -> None:
        assert program.upload(material.add(learner.pk, Section.SKILLS)).status == 404

    def test_without_a_picture_nothing_is_added(self, program: Program, project: Item) -> None:
        address = f"{API}items/{project.id}/pictures/"
        for data in ({}, {"picture": "text"}, {"description": "x"}):
            response = program.client.post(address, data)
            assert (response.status_code, list(response.json()["field_errors"])) == (400, ["picture"])
        assert program.post(f"items/{project.id}/pictures/", {}).status == 415

    def test_more_than_any_picture_is_not_even_read(self, program: Program, project: Item) -> None:
        answer = program.upload(project, b"x" * 9_000_001)
        assert (answer.status, answer.code) == (413, "too_large")

    @pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b"\xff" * 100])
    def test_a_broken_form_is_refused(self, program: Program, project: Item, body: bytes) -> None:
        answer = program.send(
            "post", f"items/{project.id}/pictures/", body, content_type="multipart/form-data; boundary=x"
        )
        assert answer.status == 400

    def test_a_form_with_fields_without_end_is_refused(self, program: Program, project: Item) -> None:
        response = program.client.post(f"{API}items/{project.id}/pictures/", {f"f{n}": "" for n in range(2000)})
        assert (response.status_code, response.json()["code"]) == (400, "parse_error")


class TestReading:
    def test_who_may_see_the_item_gets_the_file(
        self, program: Program, learner: User, project: Item, person: PersonFactory
    ) -> None:
        picture = program.upload(project).body["id"]
        publish(learner, projects=Audience.SIGNED_IN)
        for viewer in (program, Program(person("ben"))):
            status, content_type, body = content_of(viewer, picture)
            assert (status, content_type) == (200, "image/jpeg")
            assert Image.open(BytesIO(body)).size == (8, 6)
        assert content_of(Program(), picture)[:2] == (404, "application/json")
        assert content_of(Program(), picture) == content_of(Program(), str(uuid4()))

    @pytest.mark.parametrize("accept", ["image/*", "image/jpeg", "*/*", "text/html", "application/json"])
    def test_a_picture_is_one_whatever_is_asked_for(self, program: Program, project: Item, accept: str) -> None:
        picture = program.upload(project).body["id"]
        assert content_of(program, picture, accept=accept)[:2] == (200, "image/jpeg")

    def test_a_program_with_a_token_gets_it_too(self, program: Program, learner: User, project: Item) -> None:
        picture = program.upload(project).body["id"]
        status, *_ = content_of(Program(), picture, authorization=f"JWT {token_of(learner)}")
        assert status == 200
        assert content_of(Program(), picture)[0] == 404


class TestChanging:
    def test_it_is_described_anew(self, program: Program, project: Item) -> None:
        picture = program.upload(project, description="A loom").body
        answer = program.patch(f"pictures/{picture['id']}/", {"description": ""})
        assert (answer.status, answer.body) == (200, picture | {"description": ""})
        assert pictures(program, project) == [answer.body]

    @pytest.mark.parametrize(
        "data", [{}, {"description": None}, {"description": []}, {"width": 3}, {"description": "x" * 201}]
    )
    def test_what_is_no_description_is_refused(self, program: Program, project: Item, data: dict[str, Any]) -> None:
        picture = program.upload(project, description="A loom").body
        assert program.patch(f"pictures/{picture['id']}/", data).status == 400
        assert pictures(program, project) == [picture]

    def test_it_is_removed(self, program: Program, project: Item) -> None:
        picture = program.upload(project).body["id"]
        answer = program.delete(f"pictures/{picture}/")
        assert (answer.status, answer.body) == (204, None)
        assert pictures(program, project) == []
        assert program.delete(f"pictures/{picture}/").status == 404

    def test_others_change_none_not_even_what_they_see(
        self, program: Program, learner: User, project: Item, person: PersonFactory
    ) -> None:
        picture = program.upload(project, description="A loom").body
        publish(learner)
        for other, status in ((Program(person("root", is_superuser=True)), 404), (Program(), 401)):
            assert other.patch(f"pictures/{picture['id']}/", {"description": "x"}).status == status
            assert other.delete(f"pictures/{picture['id']}/").status == status
        assert pictures(program, project) == [picture]

    @pytest.mark.parametrize(("rule", "status"), [({"locked": True}, 403), ({"enabled": False}, 404)])
    def test_not_where_the_site_manages_the_section(
        self, program: Program, project: Item, settings: LazySettings, rule: dict[str, bool], status: int
    ) -> None:
        picture = program.upload(project).body["id"]
        settings.LEARNER_PROFILE_SECTIONS = {"projects": rule}
        assert program.patch(f"pictures/{picture}/", {"description": "x"}).status == status
        assert program.delete(f"pictures/{picture}/").status == status
        assert profile_fields.get_picture_file(picture) is not None

    def test_a_merge_patch_is_asked_for(self, program: Program, project: Item) -> None:
        address = f"pictures/{program.upload(project).body['id']}/"
        for content_type, status in (("application/json", 415), (MERGE_PATCH, 200)):
            assert program.send("patch", address, {"description": "x"}, content_type=content_type).status == status
